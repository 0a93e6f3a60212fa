"""What the tests of the teacher pages share."""

import re

from django.urls import reverse

NUMBERS = ["10000000146", "17291716060", "12345678950"]


SCRIPT = {"headers": {"accept": "application/json"}}


def at(name, *rows):
    return reverse(f"teacher-{name}", args=[getattr(row, "pk", row) for row in rows])


def text(answer):
    body = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def told(answer):
    """What the errors of a form say."""
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", answer.content.decode())


def card(client, course, number=NUMBERS[0], **more):
    """The first page: the number on the identity card."""
    return client.post(at("enrol", course), {"number": number}, **more)


def person(**fields):
    return {
        "first_name": "Sevgi",
        "last_name": "Aksoy",
        "birth_date": "05.06.1985",
        "phone": "0532 123 45 67",
        "email": "",
        "neighbourhood": "",
        "education": "3",
        "gender": "",
    } | fields


def enrol(client, course, number=NUMBERS[0], **fields):
    return client.post(card(client, course, number)["Location"], person(**fields))
