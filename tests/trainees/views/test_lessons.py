"""A course and its lessons in the teacher pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Holiday, Session
from courses.services import name_substitute
from tests import factories as make
from tests.classroom import Classroom, day, phone, signed_in, statements
from tests.forms import shown
from tests.trainees.teacher_pages import at, text, told
from trainees.enums import ApplicationState
from trainees.models import (
    Application,
)
from trainees.services import (
    apply,
    call_roll,
    mark_absent,
    set_mark,
)

pytestmark = pytest.mark.django_db


def test_the_course_shows_absence_against_the_limit(client, room):
    for offset in (1, 2):
        session = make.session(room.course, day(-offset), lesson_hours=9)
        mark_absent(enrolment=room.seats[0], session=session, by=room.user)
    page = text(client.get(at("course", room.course)))
    assert "18 saat devamsız (sınır 20), 2 saat hakkı kaldı · sınıra yakın" in page
    assert "kayıtlı 3" in page
    mark_absent(enrolment=room.seats[0], session=room.session, by=room.user)
    assert "22 saat devamsız, sınır 20 saat: devamsızlıktan kaldı" in text(
        client.get(at("course", room.course))
    )


def test_the_course_shows_offers_and_the_waiting_list(client):
    room = Classroom(trainees=1, capacity=2)
    for name in ("Sevgi", "Filiz"):
        apply(
            course=room.course,
            first_name=name,
            last_name="Ak",
            phone=phone(),
            birth_year=1980,
            by=room.user,
        )
    answer = signed_in(client, room.user).get(at("course", room.course))
    offered = Application.objects.get(first_name="Sevgi")
    assert [one.first_name for one in answer.context["waiting"]] == ["Filiz"]
    assert f"{at('enrol', room.course)}?basvuru={offered.pk}" in answer.content.decode()


def test_the_teacher_confirms_an_application_at_the_counter(client, room):
    other = Classroom()
    facts = {"last_name": "Ak", "phone": phone(), "birth_year": 1980}
    room.course.applications_until = timezone.now() + timedelta(days=1)
    room.course.save()
    application = apply(course=room.course, first_name="Sevgi", **facts)
    page = client.get(at("course", room.course))
    assert "henüz onaylanmadı" in text(page)
    address = reverse("teacher-confirm", args=[room.course.pk, application.pk])
    assert address in page.content.decode()
    assert client.get(address).status_code == 405
    away = reverse("teacher-confirm", args=[other.course.pk, application.pk])
    assert client.post(away).status_code == 404
    client.post(address)
    application.refresh_from_db()
    assert application.state == ApplicationState.OFFERED
    confirmed = application.history.filter(confirmed_at__isnull=False)
    assert confirmed.earliest("pk").history_user == room.user


@pytest.mark.parametrize("page", ["course", "lessons", "marks", "works"])
def test_pages_of_a_course_take_as_many_queries_for_three_as_for_one(client, page):
    counts = []
    for size in (1, 3):
        room = Classroom(trainees=size, modules=size, capacity=size)
        for number in range(size):
            apply(
                course=room.course,
                first_name=f"Ad{number}",
                last_name="Soyad",
                phone=phone(),
                birth_year=1980,
                by=room.user,
            )
            session = make.session(room.course, day(-1 - number), teacher=make.teacher())
            mark_absent(enrolment=room.seats[0], session=session, by=room.user)
            call_roll(session=session, by=room.user)
            set_mark(enrolment=room.seats[number], module=room.modules[0], value=80, by=room.user)
            made = make.work(course=room.course, makers=[room.seats[number].trainee])
            make.photo(work=made)
        signed_in(client, room.user)
        counts.append(len(statements(lambda room=room: client.get(at(page, room.course)))))
    assert counts[0] == counts[1] <= 14, counts


def test_a_lesson_is_cancelled_with_a_reason(client, room):
    coming = make.session(room.course, day(2))
    answer = client.post(at("cancel", coming), {"reason": ""})
    assert answer.status_code == 422
    client.post(at("cancel", coming), {"reason": "Elektrik kesintisi"})
    coming.refresh_from_db()
    assert (coming.state, coming.state_reason) == ("cancelled", "Elektrik kesintisi")
    assert "Elektrik kesintisi" in text(client.get(at("lessons", room.course)))


def test_a_lesson_that_was_held_is_not_cancelled(client, room):
    call_roll(session=room.session, by=room.user)
    answer = client.post(at("cancel", room.session), {"reason": "Kar"})
    assert answer.status_code == 422
    assert "Kar" in answer.content.decode()


def test_hours_held_and_missing_and_a_make_up_lesson(client, room):
    room.course.total_hours = 6
    room.course.save()
    call_roll(session=room.session, by=room.user)
    assert "6 ders saatinin 4 saati işlendi · 2 saat eksik planlandı" in text(
        client.get(at("lessons", room.course))
    )
    lesson = {"date": day(3).isoformat(), "begin": "13:00", "end": "14:30", "lesson_hours": "2"}
    assert client.post(at("make-up", room.course), lesson).status_code == 302
    assert "eksik" not in text(client.get(at("lessons", room.course)))
    assert Session.objects.get(date=day(3)).extra


@pytest.mark.parametrize("end", ["24:00", "24.00"])
def test_a_lesson_may_last_to_the_end_of_the_day(client, room, end):
    lesson = {"date": day(3).isoformat(), "begin": "22:40", "end": end, "lesson_hours": "2"}
    assert client.post(at("make-up", room.course), lesson).status_code == 302
    assert str(Session.objects.get(date=day(3)).end) == "23:59:00"


def test_a_lesson_of_today_is_past_once_it_is_over_and_called(client, room):
    def stands():
        context = client.get(at("lessons", room.course)).context
        return room.session in context["coming"], room.session in context["past"]

    Session.objects.filter(pk=room.session.pk).update(begin=make.time(0), end=make.time(0, 1))
    assert stands() == (True, False)  # its roll is still to be called
    call_roll(session=room.session, by=room.user)
    assert stands() == (False, True)


def test_a_lesson_on_a_day_that_became_a_holiday_is_called_so_and_is_missing(client, room):
    room.course.total_hours = 12
    room.course.save()
    call_roll(session=room.session, by=room.user)
    make.session(room.course, day(-3))
    make.session(room.course, day(3))
    before = text(client.get(at("lessons", room.course)))
    assert "yoklama alınmadı" in before and "eksik" not in before
    for offset in (-3, 0, 3):  # entered when everything was planned, and today's roll called
        Holiday.objects.create(name=f"Kar tatili {offset}", begin=day(offset), end=day(offset))
    after = text(client.get(at("lessons", room.course)))
    assert "ders yok: Kar tatili -3" in after and "ders yok: Kar tatili 3" in after
    assert "Kar tatili 0" not in after  # its roll was called: it was held
    assert "yoklama alınmadı" not in after
    assert "12 ders saatinin 4 saati işlendi · 8 saat eksik planlandı" in after


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"date": ""}, "Bu alan zorunludur"),
        ({"end": "12:00"}, "başladıktan sonra"),
        ({"lesson_hours": "0"}, "1"),
        ({"lesson_hours": "12"}, "en çok 3 ders saati"),
        ({"date": "9999-12-31"}, "En son"),
    ],
)
def test_a_make_up_lesson_that_cannot_be_keeps_what_was_typed(client, room, typed, sentence):
    lesson = {"date": day(3).isoformat(), "begin": "13:00", "end": "14:30", "lesson_hours": "2"}
    answer = client.post(at("make-up", room.course), lesson | typed)
    assert answer.status_code == 422
    assert any(sentence in error for error in told(answer)), told(answer)
    assert 'value="13:00"' in answer.content.decode()


def test_a_make_up_lesson_on_a_holiday_is_refused_by_its_name(client, room):
    Holiday.objects.create(name="Yılbaşı", begin=day(3), end=day(3))
    lesson = {"date": day(3).isoformat(), "begin": "13:00", "end": "14:30", "lesson_hours": "2"}
    assert any(
        "Yılbaşı" in error for error in told(client.post(at("make-up", room.course), lesson))
    )


def test_a_substitute_whom_the_centre_has_named_meanwhile_is_told(client, room):
    coming = make.session(room.course, day(2))
    first, second = (make.teacher(name, "Korkmaz") for name in ("Sevim", "Nuray"))
    for colleague in (first, second):
        colleague.centres.add(room.course.centre)
    page = client.get(at("substitute", coming))
    name_substitute(session=coming, teacher=first, by=None)
    answer = client.post(at("substitute", coming), shown(page) | {"teacher": second.pk})
    assert answer.status_code == 422 and "Sevim Korkmaz" in str(answer.context["form"].errors)
    coming.refresh_from_db()
    assert coming.teacher == first
    assert client.post(at("substitute", coming), shown(answer)).status_code == 302
    coming.refresh_from_db()
    assert coming.teacher == second


def test_a_substitute_is_named_and_taken_back(client, room):
    colleague = make.teacher("Sevim", "Kurt")
    colleague.centres.add(room.course.centre)
    coming = make.session(room.course, day(2))
    client.post(at("substitute", coming), {"teacher": colleague.pk})
    coming.refresh_from_db()
    assert coming.teacher == colleague
    client.post(at("substitute", coming), {"teacher": ""})
    coming.refresh_from_db()
    assert coming.teacher is None
