"""Certificates in the admin: issued on the desk of a course, printed, handed over, revoked."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from izmek.accounts.roles import Role
from izmek.acts.enums import Access
from izmek.models import AccessLog, Job
from tests import factories as make
from tests.forms import shown
from trainees import services
from trainees.enums import CertificateState
from trainees.models import Certificate, PrintOffset, Signatory
from trainees.papers import certificates as papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    ended = timezone.localdate() - timedelta(days=10)
    return make.course("finished", begin=ended - timedelta(days=120), end=ended)


@pytest.fixture
def officer(client, course):
    user = make.user(Role.OFFICER, centres=[course.centre])
    client.force_login(user)
    return user


def seat(course, name="Zeynep", state="completed", **fields):
    return make.enrolment(make.trainee(name, "Ak", **fields), course, state=state)


def issue(*seats):
    course = seats[0].course
    return services.issue_certificates(course=course, enrolments=seats, by=None)


def page(name, *args):
    return reverse(f"admin:trainees_certificate_{name}", args=args)


def tab(course, slug="certificates"):
    return reverse(f"admin:courses_course_{slug}", args=[course.pk])


def messages_of(answer):
    return " ".join(str(one) for one in answer.context["messages"])


# --- On the desk of a course ------------------------------------------------------------------


def test_the_desk_proposes_to_issue_shows_everybody_and_issues_what_is_ticked(
    client, officer, course
):
    first, second, failed = (
        seat(course, "Ayşe"),
        seat(course, "Bahar"),
        seat(course, "Canan", "failed"),
    )
    desk = client.get(tab(course, "papers")).content.decode()
    assert tab(course) in desk
    html = client.get(tab(course)).content.decode()
    boxes = re.findall(r'name="seat" value="(\d+)"[^>]*checked', html)
    assert boxes == [str(first.pk), str(second.pk)]
    assert "Canan" in html and "Hiçbir modülü" in html
    answer = client.post(tab(course), {"seat": [failed.pk]})  # an older page
    assert answer.status_code == 400 and "Canan" in answer.content.decode()
    answer = client.post(tab(course), {"seat": boxes}, follow=True)
    assert answer.redirect_chain[-1][0] == tab(course, "papers")
    numbers = [*Certificate.objects.order_by("number").values_list("number", flat=True)]
    assert len(numbers) == 2 and all(number in messages_of(answer) for number in numbers)
    assert {*Certificate.objects.values_list("issued_by", flat=True)} == {officer.pk}


def test_a_course_that_runs_leads_back(client, officer, course):
    course.state = "running"
    course.save()
    answer = client.get(tab(course), follow=True)
    assert answer.redirect_chain[-1][0] == tab(course, "papers")
    assert tab(course) not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [
        (Role.MANAGER, False, 200),
        (Role.OFFICER, False, 404),
        (Role.AUDITOR, False, 403),
        (Role.CURATOR, False, 403),
        (Role.TEACHER, False, 403),
    ],
)
def test_who_issues_and_prints(client, course, role, own, status):
    (one,) = issue(seat(course))
    client.force_login(make.user(role, centres=[make.centre()] if role == Role.OFFICER else []))
    assert client.get(tab(course)).status_code == status
    assert client.get(page("pdf", one.pk)).status_code == status
    asked = client.get(page("papers"), {"course": course.pk}).status_code
    assert asked == status
    if status != 200:
        assert not AccessLog.objects.exists()


def test_what_should_be_looked_at_is_told_before_and_where_a_name_is_corrected(
    client, officer, course
):
    done = seat(course)
    (one,) = issue(done)
    Signatory.objects.create(year=course.term.year, name="Ayşe Örnek", office="Başkan")
    make.session(course, course.end)
    replace = page("act", one.pk, "replace")
    person = reverse("admin:trainees_trainee_seats", args=[done.trainee_id])
    html = client.get(tab(course)).content.decode()
    assert "1 dersin yoklaması alınmadı" in html and tab(course, "roll") in html
    assert "Ayşe Örnek, Başkan" in html
    assert replace not in html and replace not in client.get(person).content.decode()
    services.correct_name(trainee=done.trainee, first_name="Filiz 🌷", last_name="Ak", by=None)
    assert replace in client.get(tab(course)).content.decode()
    html = client.get(person).content.decode()
    assert replace in html and "Zeynep Ak" in html
    assert "🌷" in client.get(replace).content.decode()  # what the new one could not print


def test_before_issuing_it_is_told_that_nobody_is_named_to_sign(client, officer, course):
    seat(course)
    year = reverse("admin:courses_educationyear_change", args=[course.term.year_id])
    warning = "kimin imzalayacağı yazılmamış"
    html = client.get(tab(course)).content.decode()
    assert warning in html and year not in html  # an officer cannot name them
    client.force_login(make.user(Role.MANAGER))
    assert year in client.get(tab(course)).content.decode()
    Signatory.objects.create(year=course.term.year, name="Ayşe Örnek", office="Başkan")
    assert warning not in client.get(tab(course)).content.decode()


def test_the_page_before_it_costs_the_same_for_one_and_for_three(client, officer, course):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(tab(course)).status_code == 200
        return len(caught)

    seat(course, "Ayşe")
    queries()
    before = queries()
    issue(seat(course, "Bahar"))
    seat(course, "Canan", "absent")
    assert queries() == before


# --- One --------------------------------------------------------------------------------------


def test_one_is_printed_revoked_replaced_and_says_so(client, officer, course):
    done = seat(course)
    (one,) = issue(done)
    answer = client.get(page("pdf", one.pk))
    assert answer.content.startswith(b"%PDF") and "no-store" in answer["Cache-Control"]
    entry = AccessLog.objects.get(action="exported")
    assert (entry.action, entry.by, entry.object) == (Access.EXPORTED, officer, one)
    act = page("act", one.pk, "replace")
    answer = client.post(act, {**shown(client.get(act)), "reason": "Belge kayboldu"}, follow=True)
    new = Certificate.objects.valid().get()
    assert new.number in messages_of(answer)
    html = client.get(page("change", one.pk)).content.decode()
    assert f'{page("change", new.pk)}">{new.number}' in html and "Belge kayboldu" in html
    assert client.get(page("pdf", one.pk)).status_code == 404  # none that is not valid
    act = page("act", new.pk, "revoke")
    client.post(act, {**shown(client.get(act)), "reason": "Yanlış kişi"})
    assert not Certificate.objects.valid().exists()
    person = reverse("admin:trainees_trainee_seats", args=[done.trainee_id])
    assert new.number not in client.get(person).content.decode()


@pytest.mark.parametrize("way", ["one", "chosen", "page"])
def test_what_is_revoked_while_its_paper_is_made_is_not_given_out(
    client, officer, course, monkeypatch, way
):
    one, other = issue(seat(course, "Ayşe"), seat(course, "Bahar"))

    def revoked_meanwhile(contents):
        services.revoke_certificate(certificate=one, reason="Yanlış", by=None)
        return b"%PDF of Ayse"

    monkeypatch.setattr("izmek.papers.typst.pdf", revoked_meanwhile)
    if way == "one":
        answer = client.get(page("pdf", one.pk), follow=True)
    elif way == "chosen":
        answer = act_on(client, "print_chosen", [one, other])
    else:
        asked = {"course": course.pk}
        answer = client.get(page("paper", "imza-listesi"), asked, follow=True)
    assert b"%PDF" not in answer.content and "yeniden yazdırın" in messages_of(answer)
    assert not AccessLog.objects.filter(action="exported").exists()


def test_one_is_printed_on_pre_printed_paper_moved_as_the_printer_needs_it(
    client, officer, course, monkeypatch
):
    (one,) = issue(seat(course))
    PrintOffset.objects.create(by=officer, right=2, down="-1.5")
    made = []
    monkeypatch.setattr("izmek.papers.typst.pdf", lambda contents: made.append(contents) or b"%PDF")
    address = page("pre_printed", one.pk)
    assert address in client.get(page("change", one.pk)).content.decode()
    assert client.get(address).content == b"%PDF"
    assert act_on(client, "print_bare", [one]).content == b"%PDF"
    client.get(page("pdf", one.pk))
    moves = [(made.data["bare"], made.data["right"], made.data["down"]) for made in made]
    assert moves == [(True, 2, -1.5)] * 2 + [(False, 0, 0)]


def test_the_page_of_a_person_leads_to_the_pdf(client, officer, course):
    (one,) = issue(seat(course))
    person = reverse("admin:trainees_trainee_seats", args=[one.enrolment.trainee_id])
    assert page("pdf", one.pk) in client.get(person).content.decode()


# --- Many -------------------------------------------------------------------------------------


def act_on(client, action, rows, **data):
    sent = {"action": action, "_selected_action": [row.pk for row in rows], **data}
    return client.post(f"{page('changelist')}?year=all", {**sent, "apply": "1"}, follow=True)


def test_chosen_ones_are_handed_over_taken_back_mailed_and_printed(
    client, officer, course, django_capture_on_commit_callbacks
):
    reached = {"email": "ayse@example.org", "phone": "+905551112233"}
    rows = issue(seat(course, "Ayşe", **reached), seat(course, "Bahar"))
    assert "2" in messages_of(act_on(client, "hand_over_all", rows, on=""))
    waiting = Certificate.objects.to_hand_over()
    assert not waiting.exists()
    html = client.get(page("changelist"), {"year": "all", "handed_over": "no"}).content.decode()
    assert rows[0].number not in html
    act_on(client, "take_back_all", rows)
    assert waiting.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        said = messages_of(act_on(client, "mail_all", rows))
    assert "Bahar Ak" in said and [one.to for one in mail.outbox] == [["ayse@example.org"]]
    for action in ("print_chosen", "call_chosen", "sign_for_chosen"):
        assert act_on(client, action, rows).content.startswith(b"%PDF")


def test_nobody_prints_the_certificates_of_several_from_an_unlocked_screen(client, officer, course):
    """However many: those that are printed at once, as those that are ordered."""
    rows = issue(seat(course, "Ayşe"), seat(course, "Bahar"))
    with time_machine.travel(time.time() + 16 * 60):
        for action in ("print_chosen", "print_bare", "call_chosen", "sign_for_chosen"):
            sent = {"action": action, "_selected_action": [one.pk for one in rows]}
            asked = client.post(f"{page('changelist')}?year=all", sent)
            assert asked.url.startswith("/hesap/reauthenticate/")
        for slug in papers.PAPERS:
            asked = client.get(page("paper", slug), {"course": course.pk})
            assert asked.url.startswith("/hesap/reauthenticate/")
        assert client.get(page("pdf", rows[0].pk)).content.startswith(
            b"%PDF"
        )  # one, at the counter


# --- The page for printing --------------------------------------------------------------------


def test_the_page_prints_what_was_chosen_and_nothing_of_other_centres(client, officer, course):
    (one,) = issue(seat(course))
    (other,) = issue(seat(make.course("finished", begin=course.begin, end=course.end)))
    html = client.get(page("papers")).content.decode()
    assert "1 katılım belgesi" in html
    assert client.get(page("papers"), {"course": other.enrolment.course_id}).status_code == 404
    waiting = re.search(rf'href="({page("changelist")}\?[^"]+)"', html)[1].replace("&amp;", "&")
    listed = client.get(waiting).content.decode()
    assert one.number in listed and other.number not in listed
    type(course).objects.filter(pk=course.pk).update(group="B", number="41-1234")
    sheet = client.get(page("sheet"), {"course": course.pk, "form": "csv"})
    text = b"".join(sheet.streaming_content).decode()
    assert one.name in text and one.number in text and other.number not in text
    assert f"{course.programme} B (41-1234);" in text
    answer = client.get(page("paper", "imza-listesi"), {"course": course.pk})
    assert answer.content.startswith(b"%PDF")
    assert {entry.object for entry in AccessLog.objects.all()} == {course}
    services.hand_over_certificate(certificate=one, by=None)
    html = client.get(page("papers"), {"course": course.pk, "waiting": "1"}).content.decode()
    assert "Yazdırılacak geçerli belge yok" in html
    assert client.get(page("paper", "yok")).status_code == 404


def test_where_no_certificate_was_ever_issued_nothing_is_printed(client, officer):
    for address in (page("sheet"), page("paper", "cagri-listesi")):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        assert "Yazdırılacak geçerli belge yok" in messages_of(answer)
    assert not AccessLog.objects.exists()


def test_the_offset_of_the_printer_is_kept_and_a_wrong_one_told_at_its_field(
    client, officer, course
):
    issue(seat(course))
    address = f"{page('papers')}?course={course.pk}"
    assert client.post(address, {"right": "1,5", "down": "-2"}).status_code == 302
    assert PrintOffset.objects.of(officer) == (1.5, -2)
    answer = client.post(address, {"right": "45", "down": "x"})
    html = answer.content.decode()
    assert answer.status_code == 400 and 'value="45"' in html and 'id="id_down-error"' in html
    assert PrintOffset.objects.of(officer) == (1.5, -2)
    assert PrintOffset.objects.of(make.user()) == (0, 0)


def test_many_are_ordered_and_an_address_alone_orders_nothing(
    client, officer, course, media, monkeypatch, django_capture_on_commit_callbacks
):
    from trainees.admin import certificate_papers

    monkeypatch.setattr(certificate_papers, "AT_ONCE", 1)
    issue(seat(course, "Ayşe"), seat(course, "Bahar"))
    address = f"{page('paper', 'cagri-listesi')}?course={course.pk}"
    assert client.get(address).status_code == 302 and not Job.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address)
    job = Job.objects.get()
    assert answer.url == reverse("admin:job", args=[job.pk])
    assert "Ayşe" not in str(job.options)
    html = client.get(answer.url).content.decode()
    assert escape(str(papers.PAPERS["cagri-listesi"].name)) in html
    file = client.get(reverse("admin:job_file", args=[job.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_states_are_told_in_the_list(client, officer, course):
    one, other = issue(seat(course, "Ayşe"), seat(course, "Bahar"))
    services.revoke_certificate(certificate=other, reason="Yanlış", by=None)
    html = client.get(page("changelist"), {"year": "all", "state__exact": CertificateState.REVOKED})
    assert other.number in html.content.decode() and one.number not in html.content.decode()


# --- Not collected ----------------------------------------------------------------------------


def test_who_has_not_collected_is_called_from_the_same_list_as_everybody(client, officer, course):
    late, done = seat(course, "Ayşe", phone="+905551112233"), seat(course, "Bahar")
    one, other = issue(late, done)
    services.hand_over_certificate(certificate=other, by=None)
    Certificate.objects.filter(pk=one.pk).update(call_from=timezone.localdate())
    desk = reverse("admin:trainees_call_desk")
    html = client.get(desk, {"kind": "certificate", "course": course.pk}).content.decode()
    assert "Katılım belgeniz kurs merkezinde" in html and "Ayşe Ak" in html
    assert page("act", one.pk, "hand_over") in html  # it was collected meanwhile
    assert other.number not in html and "Bahar" not in html
    key = f"certificate-{one.pk}"
    sent = {"about": key, "say": key, "phone": "+905551112233", "answer": "reached"}
    assert "Ayşe Ak" in messages_of(client.post(desk, sent, follow=True))
    assert "Ayşe Ak" not in client.get(desk).content.decode().partition("content-main")[2]
    assert late.trainee.call_attempts.get().answer == "reached"


def test_from_the_call_to_that_it_will_not_be_collected_and_back(client, officer, course):
    (one,) = issue(seat(course))
    Certificate.objects.update(call_from=timezone.localdate())
    desk, act = reverse("admin:trainees_call_desk"), page("act", one.pk, "will_not_collect")
    assert act in client.get(desk).content.decode()
    client.post(act, shown(client.get(act)))
    assert act not in client.get(desk).content.decode()
    again = page("act", one.pk, "call_again")
    html = client.get(page("change", one.pk)).content.decode()
    assert again in html and act not in html
    client.post(again, shown(client.get(again)))
    assert act in client.get(page("change", one.pk)).content.decode()
