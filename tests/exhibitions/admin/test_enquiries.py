"""Enquiries in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exhibitions.enums import EnquiryState
from exhibitions.models import Enquiry
from izmek.models import Letter
from tests import factories as make
from tests.exhibitions.admin.desk import ask, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_an_officer_answers_from_the_admin(client):
    here = make.centre()
    client.force_login(make.user("merkez-sorumlusu", centres=[here]))
    enquiry = ask(make.work(centre=here))
    address = page("enquiry_act", enquiry.pk, "answer")
    assert "Satılık mı?" in client.get(address).content.decode()
    assert client.post(address, {"answer": "Evet."}).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answer) == (EnquiryState.ANSWERED, "Evet.")
    again = client.post(address, {"answer": "Hayır."})
    assert again.context["errors"]
    assert Letter.objects.filter(kind="enquiry_answer").count() == 1


def test_an_enquiry_goes_to_another_centre(client):
    here, there = make.centre(), make.centre()
    client.force_login(make.user("merkez-sorumlusu", centres=[here]))
    make.user("merkez-sorumlusu", centres=[there], email="oteki@example.org")
    enquiry = ask(make.work(centre=here))
    answer = client.post(page("enquiry_act", enquiry.pk, "route"), {"centre": there.pk})
    assert answer["Location"] == page("enquiry_changelist")
    assert Letter.objects.filter(to="oteki@example.org", kind="enquiry_new").exists()
    assert client.get(page("enquiry_change", enquiry.pk)).status_code == 404


def test_who_only_looks_does_not_see_how_to_reach_her(client):
    client.force_login(make.user("denetci"))
    enquiry = ask(make.work())
    assert "a@example.org" not in client.get(page("enquiry_change", enquiry.pk)).content.decode()


def test_a_late_request_stands_out_in_the_list_and_on_the_first_page(curator):
    late = ask(make.work(), kind="privacy")
    Enquiry.objects.filter(pk=late.pk).update(answer_by=timezone.localdate() - timedelta(days=2))
    ask(make.work())
    make.exhibition().notes.create(text="Güzel")
    told = curator.get(page("enquiry_changelist")).content.decode()
    assert told.count('class="overdue"') == 1
    answer = curator.get(page("enquiry_changelist"), {"deadline": "over"})
    assert [row.pk for row in answer.context["cl"].result_list] == [late.pk]
    lines = curator.get(reverse("admin:index")).context["attention"]
    counts = {line["url"].split("?")[0]: line["count"] for line in lines[1:]}
    assert (lines[0]["urgent"], lines[0]["count"]) == (True, "1")
    assert counts[page("enquiry_changelist")] == "2"
    assert counts[page("visitornote_changelist")] == "1"
