"""Works are approved one at a time (exhibitions/admin/approval.py)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exhibitions import services
from exhibitions.models import Work
from izmek.accounts.roles import Role
from tests import factories as make
from tests.exhibitions.admin.desk import page
from trainees.enums import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def fair():
    return make.exhibition("Bahar Sergisi", state="draft")


def waiting(title, *at, **fields):
    """A submitted work with a described photo that waits for the exhibitions."""
    fields.setdefault("makers", ["Akmeşe grubu"])
    work = make.work(title, state="submitted", submitted_at=timezone.now(), **fields)
    make.photo(work=work)
    for exhibition in at:
        make.show(work, exhibition, approved_at=None)
    return work


def press(curator, answer, button="approve", **typed):
    """Press a button of the page as it was shown, and follow to the next page."""
    form = answer.context["form"]
    data = {"shown": answer.context["shown"], "exhibitions": form.initial["exhibitions"]}
    return curator.post(
        answer.wsgi_request.get_full_path(), data | {button: ""} | typed, follow=True
    )


def take_back(curator, answer):
    """Press the button in the message; its form stands on the page."""
    code = re.search(r'form="take-back" name="take_back" value="([^"]+)"', answer.content.decode())
    return curator.post(answer.context["take_back"], {"take_back": code[1]}, follow=True)


def title(answer):
    return answer.context["work"] and answer.context["work"].title


def test_three_works_are_approved_with_four_clicks(curator, fair):
    works = [waiting(name, fair) for name in ("Lale", "Sümbül", "Nergis")]
    first_page = curator.get(reverse("admin:index")).content.decode()
    assert f'href="{page("work_approvals")}"' in first_page
    shown = curator.get(page("work_approvals"), follow=True)
    for work in works:
        assert title(shown) == work.title
        shown = press(curator, shown)
        assert "onaylandı" in shown.content.decode()
    assert title(shown) is None
    assert fair.showings.approved().count() == 3


def test_a_work_is_returned_with_a_note_and_the_next_one_is_shown(curator, fair):
    first, second = waiting("Lale", fair), waiting("Sümbül", fair)
    shown = curator.get(page("work_approvals"), follow=True)
    bare = press(curator, shown, "return", note=" ")
    assert "Nelerin düzeltilmesi gerektiğini yazın" in bare.content.decode()
    assert title(bare) == "Lale"
    after = press(curator, shown, "return", note="Ölçü eksik")
    assert title(after) == second.title
    first.refresh_from_db()
    assert (first.state, first.state_note) == ("returned", "Ölçü eksik")


def test_what_was_decided_is_taken_back(curator, fair):
    work, other = waiting("Lale", fair), waiting("Sümbül", fair)
    for button in ("approve", "return"):
        shown = curator.get(page("work_approval", work.pk))
        undone = take_back(curator, press(curator, shown, button, note="Ölçü eksik"))
        assert title(undone) == "Lale"
        assert "Geri alındı" in undone.content.decode()
        work.refresh_from_db()
        assert (work.state, work.state_note) == ("submitted", "")
        assert not fair.showings.approved()
    assert [row.pk for row in Work.objects.waiting_for_approval()] == [work.pk, other.pk]


def test_a_return_that_is_taken_back_gives_back_the_approvals_that_it_ended(curator, fair):
    work, later = waiting("Lale", fair), make.exhibition("Güz Sergisi", state="draft")
    shown = curator.get(page("work_approval", work.pk))
    press(curator, shown)
    make.show(work, later, approved_at=None)
    shown = curator.get(page("work_approval", work.pk))
    returned = press(curator, shown, "return", note="Ölçü eksik")
    assert not work.showings.approved()
    take_back(curator, returned)
    assert [row.exhibition for row in work.showings.approved()] == [fair]


def test_what_somebody_else_did_since_is_not_taken_back(curator, fair):
    work = waiting("Lale", fair)
    returned = press(curator, curator.get(page("work_approval", work.pk)), "return", note="Ölçü?")
    services.submit_work(work=work, by=make.user(Role.CURATOR))
    late = take_back(curator, returned)
    assert "geri alınamaz" in late.content.decode()
    work.refresh_from_db()
    assert work.state == "submitted"


@pytest.mark.parametrize("button", ["approve", "return"])
def test_of_two_curators_the_second_is_told_and_goes_on(curator, fair, button):
    work, other = waiting("Lale", fair), waiting("Sümbül", fair)
    shown = curator.get(page("work_approval", work.pk))
    second = make.user(Role.CURATOR, first_name="Aylin", last_name="Su")
    if button == "approve":
        services.return_work(work=work, note="Ölçü eksik", by=second)
    else:
        services.approve_work(work=work, exhibition=fair, by=second)
    late = press(curator, shown, button, note="Bulanık")
    assert title(late) == other.title
    assert "artık beklemiyor" in late.content.decode()
    assert "Aylin Su" in late.content.decode()
    assert Work.objects.get(pk=work.pk).state == ("returned" if button == "approve" else "approved")
    again = curator.get(page("work_approval", work.pk), follow=True)
    assert title(again) == other.title


def test_the_queue_of_an_exhibition_holds_its_works_alone(curator, fair):
    elsewhere = make.exhibition("Güz Sergisi", state="draft")
    mine, other = waiting("Lale", fair), waiting("Sümbül", elsewhere)
    both = waiting("Nergis", fair, elsewhere)
    shown = curator.get(page("work_approvals"), {"exhibition": fair.pk}, follow=True)
    assert (title(shown), shown.context["count"]) == (mine.title, 2)
    shown = press(curator, shown)
    assert title(shown) == both.title
    done = press(curator, shown)
    assert title(done) is None
    assert "Bahar Sergisi" in done.content.decode()
    left = Work.objects.waiting_for_approval()
    assert [row.title for row in left] == [other.title, both.title]
    assert curator.get(page("work_approvals"), {"exhibition": "99999"}).status_code == 404
    assert curator.get(page("work_approvals"), {"exhibition": "x"}).status_code == 404


def test_a_work_without_an_exhibition_is_approved_for_one_that_is_chosen(curator, fair):
    make.exhibition("Geçen Sergi", begin=fair.begin - timedelta(99), end=fair.begin - timedelta(90))
    later = make.exhibition("Güz Sergisi", state="draft")
    work = waiting("Lale")
    shown = curator.get(page("work_approval", work.pk))
    assert {pk for pk, _label in shown.context["form"].fields["exhibitions"].choices} == {
        fair.pk,
        later.pk,
    }
    none = press(curator, shown)
    assert "Sergiyi seçin" in none.content.decode()
    press(curator, shown, exhibitions=[later.pk])
    assert [row.work for row in later.showings.approved()] == [work]


def test_the_page_warns_of_what_visitors_would_miss_or_must_not_read(curator, fair):
    maker = make.trainee("Nermin", "Akıncı")
    make.consent(maker, Purpose.NAME_LABEL)
    bare = make.work("Lale", state="submitted", text="Nermin Akıncı ördü.", makers=[maker])
    make.show(bare, fair, approved_at=None)
    shown = curator.get(page("work_approval", bare.pk))
    told = " ".join(sentence for sentence, _address in shown.context["warnings"])
    assert "Fotoğrafı yok" in told
    assert "Nermin Akıncı" in told
    [row] = shown.context["makers"]
    assert [(agrees, name) for _label, agrees, name in row.surfaces] == [
        (True, "Nermin Akıncı"),
        (False, "İZMEK kursiyeri"),
    ]
    refused = press(curator, shown)
    assert title(refused) == "Lale"
    assert "Nermin Akıncı" in " ".join(refused.context["refused"])
    make.photo(work=bare, alt="")
    told = curator.get(page("work_approval", bare.pk)).context["warnings"]
    assert any("betimlemesi yok" in sentence for sentence, _address in told)


def test_the_page_asks_the_same_for_one_work_and_for_sixty(curator, fair):
    def asked(count):
        for number in range(count):
            maker = make.trainee(last_name=f"S{number}")
            last = waiting(f"Oya {number}", fair, course=course, makers=[maker])
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(page("work_approval", last.pk)).status_code == 200
        return len(queries)

    course = make.course()
    asked(1)
    assert asked(1) == asked(59) <= 12


def test_only_who_approves_comes_in(fair):
    work = waiting("Lale", fair)
    officer = Client()
    officer.force_login(make.user(Role.OFFICER, centres=[work.centre]))
    assert officer.get(page("work_approvals")).status_code == 403
    assert officer.post(page("work_approval", work.pk), {"approve": ""}).status_code == 403
    assert page("work_approvals") not in officer.get(reverse("admin:index")).content.decode()
