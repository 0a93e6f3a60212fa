"""What every teacher page does alike."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.forms import shown
from tests.trainees.teacher_pages import at
from trainees.models import (
    Absence,
)

pytestmark = pytest.mark.django_db


def test_a_form_sent_by_somebody_signed_out_is_said_to_be_lost(client, room):
    address = at("roll", room.session)
    data = shown(client.get(address)) | {f"k{room.seats[0].pk}-absent": "on"}
    client.logout()
    sign_in = client.post(address, data)
    assert sign_in.status_code == 302
    client.force_login(room.user)
    back = parse_qs(urlsplit(sign_in["Location"]).query)["next"][0]
    answer = client.get(back, follow=True)
    assert answer.redirect_chain[-1][0] == address
    assert "hiçbir şey kaydedilmedi" in answer.content.decode()
    assert not Absence.objects.exists() and not hasattr(room.session, "roll_call")
    assert "hiçbir şey kaydedilmedi" not in client.get(address).content.decode()


def test_the_way_back_leads_to_the_page_of_the_form_and_to_no_other_site(client, room):
    form = at("marks", room.course) + "?modul=1"
    for referer, page in (
        (f"http://testserver{form}", f"{form}&unsaved=1"),
        ("https://example.com/", at("mark", room.course) + "?unsaved=1"),
    ):
        client.logout()
        answer = client.post(at("mark", room.course), {}, headers={"referer": referer})
        assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [page]
