"""What the tests of what visitors write share."""

from exhibitions import services
from tests.forms import typed

AYSE = {"name": "Ayşe Işık", "email": "ayse@example.org", "message": "Bu oya satılık mı?"}


def fill(client, address, **fields):
    """Open the form, fill it in and send it; the answer."""
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, typed(page, **fields))


def enquiry(work, **fields):
    return services.ask(**({"kind": "question", "work": work} | AYSE | fields))
