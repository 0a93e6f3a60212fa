"""The visitor book by the public pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exhibitions import services
from exhibitions.enums import NoteState
from exhibitions.models import VisitorNote
from tests import factories as make
from tests.exhibitions.visitors import fill
from tests.forms import typed
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def write(client, exhibition, **fields):
    return fill(client, f"/sergiler/{exhibition.slug}/defter/yaz/", **fields)


def test_a_line_shows_once_the_curator_has_read_it(client, patient):
    exhibition = make.exhibition()
    answer = write(client, exhibition, text="Ellerinize <b>sağlık</b>", name="Emine")
    assert answer["Location"] == f"/sergiler/{exhibition.slug}/defter/tesekkurler/"
    assert client.get(answer["Location"]).status_code == 200
    book = f"/sergiler/{exhibition.slug}/defter/"
    assert "Emine" not in client.get(book).content.decode()
    services.show_note(note=VisitorNote.objects.get(), by=None)
    page = client.get(book)
    assert "Ellerinize &lt;b&gt;sağlık&lt;/b&gt;" in page.content.decode()
    assert "Emine" in page.content.decode()
    assert not page.cookies
    assert "<form" not in page.content.decode().partition("<main")[2]
    services.refuse_note(note=VisitorNote.objects.get(), by=None)
    assert "Emine" not in client.get(book).content.decode()


def test_a_line_sent_twice_is_one(client, patient):
    exhibition = make.exhibition()
    address = f"/sergiler/{exhibition.slug}/defter/yaz/"
    data = typed(client.get(address), text="Güzel")
    assert client.post(address, data)["Location"] == client.post(address, data)["Location"]
    assert VisitorNote.objects.count() == 1


def test_the_book_opens_with_the_exhibition(client):
    soon = timezone.localdate() + timedelta(days=3)
    exhibition = make.exhibition(begin=soon, end=soon)
    assert client.get(f"/sergiler/{exhibition.slug}/defter/yaz/").status_code == 404
    assert "/yaz/" not in client.get(f"/sergiler/{exhibition.slug}/defter/").content.decode()
    refused("early", services.write_note, exhibition=exhibition, text="Güzel")
    draft = make.exhibition(state="draft")
    assert client.get(f"/sergiler/{draft.slug}/defter/").status_code == 404


def test_the_book_has_pages_and_asks_the_same_for_each(client):
    exhibition = make.exhibition()
    address = f"/sergiler/{exhibition.slug}/defter/"

    def shown(count):
        for number in range(count):
            VisitorNote.objects.create(
                exhibition=exhibition, text=f"Satır {number}", state=NoteState.SHOWN
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    client.get(address)
    assert shown(1) == shown(2)
    shown(20)
    assert "Satır" in client.get(f"{address}?sayfa=2").content.decode()
