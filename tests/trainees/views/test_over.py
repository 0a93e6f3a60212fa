"""What is over is said at once: offers, applications, courses, seats."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, EducationYear, Holiday
from courses.services import cancel_course, save_holiday
from tests import factories as make
from tests.classroom import Classroom, day, phone, signed_in
from tests.refusals import refused
from trainees import services
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Application

pytestmark = pytest.mark.django_db


def told(answer):
    """The text of a page, with single spaces."""
    return " ".join(answer.content.decode().split())


def applied(to, name="Ayşe", by=None, **fields):
    facts = {"last_name": "Işık", "phone": phone(), "birth_year": 1980, **fields}
    return services.apply(course=to, first_name=name, by=by, **facts)


def staff(of):
    return make.user("merkez-sorumlusu", centres=[of.centre])


@pytest.fixture
def room(client):
    room = Classroom()
    client.force_login(room.user)
    return room


def ended(course):
    """An offer whose time is over, and which nothing has recorded yet."""
    offer = applied(course, by=staff(course))
    Application.objects.filter(pk=offer.pk).update(offer_until=timezone.now())
    return offer


def lapsed(course):
    """An application that nobody confirmed in time, and which nothing has recorded yet."""
    course.applications_until = timezone.now() + timedelta(days=1)
    course.save()
    request = applied(course)
    Application.objects.filter(pk=request.pk).update(confirm_until=timezone.now())
    return request


@pytest.mark.parametrize("make_over", [ended, lapsed])
def test_the_teacher_hears_of_it_before_the_form(client, room, make_over):
    row = make_over(room.course)
    address = reverse("teacher-enrol", args=[room.course.pk])
    answer = client.get(f"{address}?basvuru={row.pk}", follow=True)
    assert answer.redirect_chain[0][0] == reverse("teacher-course", args=[room.course.pk])
    assert "artık yer vermiyor" in told(answer)


@pytest.mark.parametrize("make_over", [ended, lapsed])
def test_so_does_the_officer(client, make_over):
    course = make.course()
    row = make_over(course)
    client = signed_in(client, staff(course))
    address = f"/yonetim/trainees/application/{row.pk}/act/accept/"
    answer = client.get(address, follow=True)
    assert "artık yer vermez" in told(answer)
    assert address not in told(client.get(f"/yonetim/trainees/application/queue/{course.pk}/"))


def test_a_button_that_has_gone_leads_back(client):
    """Such as from a page that stood open while somebody else acted."""
    course = make.course("finished")
    client = signed_in(client, make.user("yonetici"))
    answer = client.get(f"/yonetim/courses/course/{course.pk}/act/cancel/")
    assert answer["Location"] == f"/yonetim/courses/course/{course.pk}/trainees/"


# --- The last day of a course is past ---------------------------------------------------------


def test_nobody_joins_after_the_last_day(client):
    room = Classroom(begin=day(-40), end=day(-1))
    client = signed_in(client, room.user)
    answer = client.get(reverse("teacher-enrol", args=[room.course.pk]))
    assert "Kursun son günü" in told(answer) and 'name="number"' not in told(answer)
    facts = {"trainee": make.trainee(), "course": room.course, "by": staff(room.course)}
    refused("over", services.enrol, **facts)
    assert services.enrol(**facts, joined_on=day(-1)).joined_on == day(-1)
    other = make.enrolment(make.trainee(), make.course(programme=room.course.programme))
    refused("over", services.transfer, enrolment=other, course=room.course, reason="x", by=None)


def test_it_is_no_group_to_move_to(client, room):
    over = make.course(programme=room.course.programme, begin=day(-40), end=day(-1))
    address = reverse("teacher-transfer", args=[room.seats[0].pk])
    assert "başka bir grubu yok" in told(client.get(address))
    Course.objects.filter(pk=over.pk).update(end=day())
    answer = told(client.get(address))
    assert "başka bir grubu yok" not in answer and f'value="{over.pk}"' in answer


def test_it_takes_no_applications_and_offers_no_seats(client):
    later = timezone.now() + timedelta(days=30)
    course = make.course(capacity=1, begin=day(-40), end=day(), applications_until=later)
    seat = make.enrolment(of=course)
    waiting = applied(course, by=staff(course))
    assert Course.objects.open_for_application().filter(pk=course.pk).exists()
    Course.objects.filter(pk=course.pk).update(end=day(-1))
    assert not Course.objects.open_for_application().filter(pk=course.pk).exists()
    services.withdraw(enrolment=seat, by=None)
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.RECEIVED
    waiting.course.refresh_from_db()
    assert "son günü" in services.why_not_offered(waiting)[0]
    refused("closed", applied, to=course, name="Fatma", by=staff(course))


# --- Seats ------------------------------------------------------------------------------------


def test_a_second_first_day_is_not_ignored():
    seat = make.enrolment()
    again = {"trainee": seat.trainee, "course": seat.course, "by": None}
    assert services.enrol(**again) == services.enrol(**again, joined_on=seat.joined_on) == seat
    refused("seated", services.enrol, **again, joined_on=day(-1))


def test_the_applicants_page_follows_the_seat(client):
    course = make.course(programme=make.programme(module_based=False))
    who = make.trainee(phone=phone())
    row = services.put_on_waiting_list(trainee=who, course=course, by=None)
    seat = services.enrol(trainee=who, course=course, by=None)

    def page():
        return told(client.get(f"/basvurum/{row.reference}/"))

    assert "Yer sizindir" in page()
    services.withdraw(enrolment=seat, reason="Taşındı", by=None)
    assert "artık yeriniz yok" in page() and "Taşındı" not in page()
    services.enrol(trainee=who, course=course, by=None)
    assert "Yer sizindir" in page()
    services.finish_course(course=course, by=None)
    assert "Kurs sona ermiş." in page() and "Yer sizindir" not in page()
    services.reopen_course(course=course, reason="Yanlış", by=None)
    cancel_course(course=course, reason="Salon su bastı", by=None)
    assert "Kurs iptal edildi" in page() and "Salon su bastı" in page()
    seat.refresh_from_db()
    assert seat.state == EnrolmentState.CANCELLED


def test_lessons_missed_are_listed_as_they_are_counted(client, room):
    seat = room.seats[0]
    services.mark_absent(enrolment=seat, session=room.session, by=room.user)
    address = reverse("teacher-enrolment", args=[seat.pk])
    assert "1 derste yoktu" in told(client.get(address))
    save_holiday(holiday=Holiday(name="Kar tatili", begin=day(), end=day()), by=None)
    assert "derste yoktu" not in told(client.get(address))
    client = signed_in(client, make.user("yonetici"))
    rows = client.get(f"/yonetim/trainees/enrolment/{seat.pk}/change/")
    assert f"{room.session.date:%d.%m.%Y} 09.00" not in told(rows)


def test_a_cancelled_course_says_so_to_its_teacher(client, room):
    cancel_course(course=room.course, reason="Salon su bastı", by=None)
    page = told(client.get(reverse("teacher-course", args=[room.course.pk])))
    assert "Salon su bastı" in page
    for sentence in ("Kimliğiyle gelenleri kaydedin", "eksik planlandı"):
        assert sentence not in page


@pytest.mark.parametrize("over", ["finished", "cancelled"])
def test_a_course_that_is_over_shows_no_form_that_it_refuses(client, room, over):
    seat, course = room.seats[0], room.course
    services.call_roll(session=room.session, by=room.user)
    if over == "finished":
        services.finish_course(course=course, by=None)
    else:
        cancel_course(course=course, reason="Salon", by=None)
    for name, key, back in (
        ("teacher-make-up", course.pk, "teacher-lessons"),
        ("teacher-cancel", room.session.pk, "teacher-lessons"),
        ("teacher-substitute", room.session.pk, "teacher-lessons"),
        ("teacher-leave", seat.pk, "teacher-enrolment"),
        ("teacher-transfer", seat.pk, "teacher-enrolment"),
    ):
        answer = client.get(reverse(name, args=[key]), follow=True)
        if (name, over) == ("teacher-transfer", "cancelled"):
            assert answer.redirect_chain == []  # such a seat moves on
            continue
        where = seat.pk if back == "teacher-enrolment" else course.pk
        assert answer.redirect_chain == [(reverse(back, args=[where]), 302)], name
        assert "alert" in told(answer)


def test_a_lesson_that_was_held_has_no_form_to_cancel_it(client, room):
    services.call_roll(session=room.session, by=room.user)
    answer = client.get(reverse("teacher-cancel", args=[room.session.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("teacher-lessons", args=[room.course.pk]), 302)]
    assert "yoklaması alınmış" in told(answer)
    client = signed_in(client, make.user("yonetici"))
    page = f"/yonetim/courses/session/{room.session.pk}"
    assert f"{page}/act/cancel/" not in told(client.get(f"{page}/change/"))
    assert client.get(f"{page}/act/cancel/").status_code == 302


def test_the_marks_of_a_finished_course_can_still_be_read(client):
    room = Classroom(modules=1)
    client = signed_in(client, room.user)
    services.set_mark(enrolment=room.seats[0], module=room.modules[0], value="73", by=room.user)
    services.call_roll(session=room.session, by=room.user)
    services.finish_course(course=room.course, by=None)
    page = told(client.get(reverse("teacher-marks", args=[room.course.pk])))
    assert 'value="73"' in page and "disabled" in page and "Kaydet" not in page


# --- Years ------------------------------------------------------------------------------------


def test_no_former_version_of_a_year_leaves_its_terms_outside(client):
    year = make.year()
    year.begin -= timedelta(days=20)
    year.save()
    make.term(year)
    former = year.history.earliest()
    client = signed_in(client, make.user("yonetici"))
    page = f"/yonetim/courses/educationyear/{year.pk}"
    answer = client.post(f"{page}/history/{former.pk}/restore/", follow=True)
    assert "eğitim yılının dışına taşıyor" in told(answer)
    assert EducationYear.objects.get(pk=year.pk).begin == year.begin


def test_a_deleted_term_does_not_come_back_over_another(client):
    year = make.year()
    client = signed_in(client, make.user("yonetici"))
    term = make.term(year)
    page = "/yonetim/courses/term"
    client.post(f"{page}/{term.pk}/delete/", {"post": "yes"})
    year.terms.create(name="Bahar", begin=year.begin, end=year.end)
    version = type(term).history.filter(history_type="-").get()
    answer = client.post(f"{page}/deleted/{version.pk}/restore/", follow=True)
    assert "çakışıyor" in told(answer)
    assert [one.name for one in year.terms.all()] == ["Bahar"]
