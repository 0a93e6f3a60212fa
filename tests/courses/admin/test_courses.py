"""Courses in the admin."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from courses.models import Course, Holiday, Session, TeacherChange, Term
from courses.services import change_teacher, make_sessions
from tests import factories as make
from tests.courses.admin.pages import page
from tests.forms import added, errors, shown, typed
from trainees.models import RollCall

pytestmark = pytest.mark.django_db


def planned(**fields):
    today = timezone.localdate()
    fields.setdefault("begin", today + timedelta(days=1))
    course = make.course(state="planned", **fields)
    course.slots.create(
        weekday=course.begin.isoweekday(), begin=time(9), end=time(12), lesson_hours=4
    )
    return course


def test_an_earlier_version_of_a_course_is_restored(manager):
    course = planned(note="Kapı arkada.")
    address = page("course_change", course.pk)
    manager.post(address, typed(manager.get(address), note="Kapı önde."))
    first = course.history.earliest()
    manager.post(page("course_restore", course.pk, first.history_id))
    course.refresh_from_db()
    assert course.note == "Kapı arkada."
    assert "dönülen" in course.history.first().history_change_reason


def test_the_first_change_of_a_lesson_shows_what_it_was(manager):
    course = planned()
    make_sessions(course=course, by=None)
    session = course.sessions.first()
    address = page("session_change", session.pk)
    manager.post(address, typed(manager.get(address), topic="Zincir"))
    told = manager.get(page("session_history", session.pk)).content.decode()
    assert "<ins>Zincir</ins>" in told
    manager.post(page("session_restore", session.pk, session.history.earliest().history_id))
    session.refresh_from_db()
    assert session.topic == ""


def test_a_course_is_entered_with_its_timetable(manager):
    centre, term, teacher = make.centre(), make.term(), make.teacher()
    programme = make.programme("İğne Oyası")
    data = typed(
        manager.get(page("course_add")),
        programme=programme.pk,
        centre=centre.pk,
        teacher=teacher.pk,
        term=term.pk,
        begin=f"{term.begin:%d.%m.%Y}",
        end=f"{term.end:%d.%m.%Y}",
        capacity="20",
    )
    slot = {"weekday": 1, "begin": "0930", "end": "1230", "lesson_hours": "4"}
    data = added(data, "slots", slot, {**slot, "weekday": 3, "begin": "9.30", "end": "12:30"})
    answer = manager.post(page("course_add"), data)
    assert answer.status_code == 302, errors(answer)
    course = Course.objects.get()
    assert course.begin == term.begin
    assert [str(slot) for slot in course.slots.all()] == [
        "Pazartesi 09.30-12.30",
        "Çarşamba 09.30-12.30",
    ]
    assert course.history.get().history_user.has_role("yonetici")


def test_the_end_before_the_beginning_is_said_at_the_end(manager):
    course = planned()
    form = manager.get(page("course_change", course.pk))
    data = typed(form, end=f"{course.begin - timedelta(days=1):%d.%m.%Y}", note="Yeni not")
    answer = manager.post(page("course_change", course.pk), data)
    assert errors(answer) == {"end": ["Bitiş, başlangıçtan önce."]}
    assert "Yeni not" in answer.content.decode()  # nothing typed is lost


def test_a_capacity_below_the_seats_is_refused_at_its_field(manager):
    course = make.course(capacity=20)
    for number in range(3):
        make.enrolment(make.trainee(last_name=f"Soyad{number}"), course)
    form = manager.get(page("course_change", course.pk))
    answer = manager.post(
        page("course_change", course.pk), typed(form, capacity="2", note="Yazdım")
    )
    assert list(errors(answer)) == ["capacity"]
    assert "3" in errors(answer)["capacity"][0]
    assert shown(answer)["note"] == "Yazdım"
    course.refresh_from_db()
    assert course.capacity == 20


def test_a_room_that_is_taken_is_refused_and_the_other_course_named(manager):
    centre = make.centre()
    first, second = planned(centre=centre, room=make.room(centre)), planned(centre=centre)
    for course in (first, second):
        manager.post(page("course_act", course.pk, "open"))
    form = manager.get(page("course_change", second.pk))
    answer = manager.post(page("course_change", second.pk), typed(form, room=first.room_id))
    assert any(str(first) in sentence for sentence in errors(answer)[""])
    second.refresh_from_db()
    assert second.room is None


def test_a_planned_course_warns_of_what_would_clash(manager):
    busy = make.teacher("Nurhan", "Aydemir")
    first, second = planned(teacher=busy), planned(teacher=busy)
    manager.post(page("course_act", first.pk, "open"))
    seen = manager.get(page("course_lessons", second.pk)).content.decode()  # before it has lessons
    assert "Öğretmen dolu: Nurhan Aydemir" in seen
    assert "Henüz ders yok: kurs başvuruya açılınca" in seen
    manager.post(page("course_act", second.pk, "make_sessions"))
    answer = manager.get(page("course_lessons", second.pk))
    assert "Öğretmen dolu: Nurhan Aydemir" in answer.content.decode()


def test_lessons_that_a_change_of_dates_or_times_leaves_behind_are_told_of(manager):
    course = planned()
    manager.post(page("course_act", course.pk, "make_sessions"))
    address, lessons = page("course_change", course.pk), page("course_lessons", course.pk)
    assert "uymuyor" not in manager.get(lessons).content.decode()
    moved = typed(manager.get(address), slots__0__begin="13.00", slots__0__end="16.00")
    seen = manager.post(address, moved, follow=True).content.decode()
    assert "Oluşturulmuş dersler haftalık saatlere uymuyor." in seen
    assert (
        "Oluşturulmuş dersler haftalık saatlere uymuyor." in manager.get(lessons).content.decode()
    )
    manager.post(page("course_act", course.pk, "make_sessions"))
    assert "uymuyor" not in manager.get(lessons).content.decode()
    shorter = typed(manager.get(address), end=f"{course.begin + timedelta(days=8):%d.%m.%Y}")
    after = course.sessions.filter(date__gt=course.begin + timedelta(days=8)).count()
    seen = manager.post(address, shorter, follow=True).content.decode()
    assert f"{after} ders, kursun bitişinden sonra." in seen
    manager.post(page("course_act", course.pk, "make_sessions"))
    assert course.sessions.count() == 2


def test_before_opening_it_is_said_how_many_lesson_hours_are_missing(manager):
    short = planned(end=timezone.localdate() + timedelta(days=8))
    seen = manager.get(page("course_act", short.pk, "open")).content.decode()
    assert "120 ders saatinden 8 saati yapılabiliyor: 112 ders saati eksik" in seen
    assert manager.post(page("course_act", short.pk, "open")).status_code == 302
    full = planned(programme=make.programme(total_hours=8), end=short.end)
    assert "eksik" not in manager.get(page("course_act", full.pk, "open")).content.decode()


def test_opening_is_an_act_that_get_does_not_do(manager):
    course = planned()
    assert manager.get(page("course_act", course.pk, "open")).status_code == 200
    course.refresh_from_db()
    assert course.state == "planned"
    answer = manager.post(page("course_act", course.pk, "open"))
    assert answer.status_code == 302
    course.refresh_from_db()
    assert course.state == "open"
    assert course.total_hours == 120
    assert course.sessions.count() > 0
    assert "state" not in shown(manager.get(page("course_change", course.pk)))


def test_what_a_service_refuses_stands_on_the_page_of_the_act(manager):
    course = make.course(state="planned")
    answer = manager.post(page("course_act", course.pk, "open"))
    assert errors(answer) == {"": ["Önce haftalık programı girin."]}


def test_a_course_ends_in_its_year_and_a_weekly_time_holds_its_lesson_hours(manager):
    term = make.term()
    data = typed(
        manager.get(page("course_add")),
        programme=make.programme().pk,
        centre=make.centre().pk,
        teacher=make.teacher().pk,
        term=term.pk,
        begin=f"{term.begin:%d.%m.%Y}",
        end="31.12.9999",
        capacity="20",
    )
    slot = {"weekday": 1, "begin": "22.00", "end": "24.00", "lesson_hours": "4"}
    answer = manager.post(page("course_add"), added(data, "slots", slot))
    assert "Bu süreye en çok 3 ders saati sığar" in answer.content.decode()
    assert set(errors(answer)) == {"end", "slots-1-lesson_hours"}
    assert not Course.objects.exists()


def test_two_weekly_times_of_a_course_that_overlap_are_refused_at_the_later_one(manager):
    course = planned()
    day, form = course.begin.isoweekday(), manager.get(page("course_change", course.pk))
    slot = {"weekday": day, "begin": "11.30", "end": "12.30", "lesson_hours": "1"}
    answer = manager.post(page("course_change", course.pk), added(shown(form), "slots", slot))
    assert list(errors(answer)) == ["slots-1-begin"]
    assert "09.00-12.00 ile çakışıyor" in errors(answer)["slots-1-begin"][0]
    assert course.slots.count() == 1
    # In the place of the other it is welcome.
    data = added(typed(form, slots__0__DELETE="on"), "slots", slot)
    answer = manager.post(page("course_change", course.pk), data)
    assert answer.status_code == 302, errors(answer)
    assert [str(slot)[-11:] for slot in course.slots.all()] == ["11.30-12.30"]


def test_terms_of_a_year_do_not_overlap(manager):
    year = make.year(date(2026, 9, 1))
    autumn = make.term(year, begin=date(2026, 9, 1), end=date(2027, 1, 31))
    spring = year.terms.create(name="Bahar", begin=date(2027, 2, 1), end=date(2027, 6, 20))
    data = typed(manager.get(page("term_add")), year=year.pk, name="Ara")
    between = data | {"begin": "01.01.2027", "end": "01.03.2027"}
    answer = manager.post(page("term_add"), between)
    assert "başka bir dönemiyle çakışıyor" in errors(answer)["begin"][0]
    assert "Güz" in errors(answer)["begin"][0]
    # In the year's own form two new ones are compared too, and a border moves in one go.
    address = page("educationyear_change", year.pk)
    summer = {"name": "Yaz", "begin": "21.06.2027", "end": "27.06.2027"}
    rows = added(shown(manager.get(address)), "terms", summer, summer | {"name": "Ara"})
    assert list(errors(manager.post(address, rows))) == ["terms-3-begin"]
    names = {row["id"].value(): row.prefix for row in terms_of(manager.get(address))}
    moved = shown(manager.get(address)) | {
        f"{names[autumn.pk]}-end": "07.02.2027",
        f"{names[spring.pk]}-begin": "08.02.2027",
    }
    answer = manager.post(address, moved)
    assert answer.status_code == 302, errors(answer)
    spring.refresh_from_db()
    assert spring.begin == date(2027, 2, 8)


def terms_of(answer):
    formsets = (group.formset for group in answer.context["inline_admin_formsets"])
    return next(one for one in formsets if one.model is Term).initial_forms


def test_cancelling_wants_a_reason_and_the_button_goes(manager):
    course = make.course()
    answer = manager.post(page("course_act", course.pk, "cancel"), {"reason": " "})
    assert list(errors(answer)) == ["reason"]
    manager.post(page("course_act", course.pk, "cancel"), {"reason": "Katılım az"})
    course.refresh_from_db()
    assert (course.state, course.state_reason) == ("cancelled", "Katılım az")
    after = manager.get(page("course_change", course.pk)).content.decode()
    assert page("course_act", course.pk, "cancel") not in after


def test_the_teacher_changes_from_a_day(manager):
    course, teacher = make.course(), make.teacher("Ayla", "Kaya")
    data = {"teacher": teacher.pk, "begins_on": f"{timezone.localdate():%d.%m.%Y}", "reason": ""}
    assert manager.post(page("course_act", course.pk, "change_teacher"), data).status_code == 302
    assert TeacherChange.objects.get(course=course).teacher == teacher
    again = manager.post(page("course_act", course.pk, "change_teacher"), data)
    assert list(errors(again)) == ["teacher"]


def test_lists_name_whoever_teaches_on_the_day(manager, django_assert_max_num_queries):
    yesterday = timezone.localdate() - timedelta(days=1)
    for _n in range(3):
        course = make.course(teacher=make.teacher("Hatice", "Demir"))
        for day in (yesterday, yesterday + timedelta(days=1)):
            make.session(course, day=day)
        change_teacher(
            course=course,
            teacher=make.teacher("Ayla", "Kaya"),
            begins_on=timezone.localdate(),
            by=None,
        )
    with django_assert_max_num_queries(12):
        lessons = manager.get(page("session_changelist"), {"year": "all", "o": "1"})
    rows = cells(lessons, "who")
    assert rows == ["Hatice Demir"] * 3 + ["Ayla Kaya"] * 3
    with django_assert_max_num_queries(12):
        courses = manager.get(page("course_changelist"), {"year": "all", "o": "3"})
    assert cells(courses, "teacher_now") == ["Ayla Kaya"] * 3
    found = manager.get(page("course_changelist"), {"year": "all", "q": "ayla kaya"})
    assert len(cells(found, "teacher_now")) == 3


def cells(answer, column):
    """What stands in a column of a list."""
    html = answer.content.decode()
    found = re.findall(rf'<td class="field-{column}[^"]*">(.*?)</td>', html, re.DOTALL)
    return [strip_tags(cell).strip() for cell in found]


def test_a_lesson_that_a_later_holiday_takes_is_called_so(manager):
    course, today = make.course(), timezone.localdate()
    lessons = [make.session(course, day=today + timedelta(days=n)) for n in range(3)]

    def queries():
        with CaptureQueriesContext(connection) as caught:
            manager.get(page("session_changelist"), {"year": "all"})
        return len(caught)

    queries()
    before = queries()
    Holiday.objects.create(name="Kar tatili", begin=today, end=today + timedelta(days=1))
    RollCall.objects.create(session=lessons[0])  # held all the same
    answer = manager.get(page("session_changelist"), {"year": "all"})
    assert cells(answer, "takes_place") == ["planlandı", "ders yok: Kar tatili", "planlandı"]
    assert queries() == before
    answer = manager.get(page("session_change", lessons[1].pk))
    assert "ders yok: Kar tatili" in answer.content.decode()


def test_a_lesson_is_added_given_to_a_substitute_and_cancelled(manager):
    course, teacher = make.course(), make.teacher("Ayla", "Kaya")
    day = timezone.localdate() + timedelta(days=3)
    data = {"date": f"{day:%d.%m.%Y}", "begin": "13:30", "end": "16:30", "lesson_hours": "4"}
    wrong = manager.post(page("course_act", course.pk, "add_session"), data | {"end": "12:00"})
    assert list(errors(wrong)) == ["begin"]
    assert manager.post(page("course_act", course.pk, "add_session"), data).status_code == 302
    session = Session.objects.get(course=course)
    manager.post(page("session_act", session.pk, "substitute"), {"teacher": teacher.pk})
    session.refresh_from_db()
    assert session.teacher == teacher
    manager.post(page("session_act", session.pk, "cancel"), {"reason": "Kar tatili"})
    session.refresh_from_db()
    assert session.state == "cancelled"
    assert manager.get(page("session_add")).status_code == 403  # lessons come by acts alone


def test_a_copy_brings_the_timetable_but_no_number_and_no_dates(manager):
    course = planned(number="41-2026-1")
    first = shown(manager.get(f"{page('course_add')}?copy={course.pk}"))
    assert first["programme"] == str(course.programme_id)
    assert first["capacity"] == str(course.capacity)
    assert first["slots-0-begin"] == "09:00"
    assert first["number"] == first["begin"] == first["end"] == ""
    days = {"begin": f"{course.begin:%d.%m.%Y}", "end": f"{course.end:%d.%m.%Y}"}
    answer = manager.post(f"{page('course_add')}?copy={course.pk}", first | days)
    assert answer.status_code == 302, errors(answer)
    copy = Course.objects.exclude(pk=course.pk).get()
    assert copy.slots.count() == 1
    assert copy.state == "planned"
