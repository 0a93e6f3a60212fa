"""Certificates as they lie in the database once they are issued."""

import secrets

from izmek.text.codes import new_code
from trainees.certificate_text import CODE_LENGTH, signed
from trainees.models import Certificate

CONTENT = {
    "number": "2023-0142",
    "code": "CDFG-HKLM-NPRT-3479",
    "name": "Şükriye İğneci",
    "programme": "İğne Oyası",
    "field": "El Sanatları Teknolojisi",
    "hours": 400,
    "begin": "2022-10-03",
    "end": "2023-05-31",
    "centre": "Akmeşe Kurs Merkezi",
    "year": "2022-2023",
    "issued": "2023-06-05",
}


def make_certificate(enrolment, *, content=CONTENT, **fields):
    """A certificate of that seat with a number and a code of its own."""
    number, code = f"2023-9{secrets.randbelow(10**6):06}", new_code(CODE_LENGTH)
    content = {**content, "number": number, "code": code}
    facts = {"number": number, "code": code, "content": content, "signed": signed(content)}
    return Certificate.objects.create(enrolment=enrolment, **facts, **fields)
