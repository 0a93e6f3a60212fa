"""The week of a centre and a teacher, and the search for free times."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from courses import services
from courses.enums import CourseState, DayPart
from courses.models import Course, Holiday
from tests import factories as make
from tests.courses.admin.pages import page
from tests.courses.services.planning import SOON, coming
from tests.forms import typed

pytestmark = pytest.mark.django_db
TUESDAY = SOON + timedelta(days=1)


@pytest.fixture
def hall(akmese):
    return make.room(akmese, name="Atölye 1")


def opened(teacher=None, **fields):
    """A course of the coming weeks that holds its teacher and room, Mondays 9 to 13."""
    course = coming(teacher or make.teacher(), hours=5, **fields)
    return services.open_course(course=course, by=None)


def week(client, row, day=SOON):
    return client.get(page(f"{row._meta.model_name}_week", row.pk), {"date": day.isoformat()})


def text(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def ask(client, **values):
    facts = {
        "weekdays": "2",
        "since": "13:00",
        "until": "18:00",
        "lesson_hours": "4",
        "first": SOON.isoformat(),
        "weeks": "3",
    }
    return client.get(page("room_free"), facts | values)


def test_a_centre_s_week_has_a_table_for_each_room(manager, akmese, hall):
    other = make.room(akmese, name="Atölye 2")
    course = opened(make.teacher("Nurhan", "Aydemir"), centre=akmese, room=hall)
    answer = week(manager, akmese)
    first, second = answer.context["tables"]
    assert (first["title"], second["title"]) == (hall.name, other.name)
    shown = text(answer)
    assert f"{course.programme} 09.00–13.00 · 0/20" in shown
    assert "Nurhan Aydemir" in shown
    assert 'rowspan="4"' in answer.content.decode()
    assert 'style="' not in answer.content.decode()
    assert str(course.programme) not in text(week(manager, akmese, SOON - timedelta(days=7)))


def test_a_week_tells_planned_cancelled_and_holidays(manager, akmese, hall):
    planned = coming(make.teacher(), (2,), centre=akmese, room=hall)
    course = opened(centre=akmese, room=hall)
    lesson = course.sessions.order_by("date").first()
    services.cancel_session(session=lesson, reason="Sel", by=None)
    Holiday.objects.create(name="Şenlik", begin=TUESDAY, end=TUESDAY, part=DayPart.AFTERNOON)
    shown = text(week(manager, akmese))
    assert "Şenlik (saat 13.00’ten sonra)" in shown or "Şenlik (" in shown
    assert "iptal edildi" in shown
    assert f"{planned.programme} 09.00–13.00 · 0/20" in shown  # the half holiday spares the morning
    assert "planlandı" in shown or "planlanıyor" in shown


def test_a_teacher_s_week_follows_the_teacher_to_every_centre(client, akmese, hall):
    nurhan = make.teacher("Nurhan", "Aydemir", kind="staff teacher")
    nurhan.centres.add(akmese)
    far = opened(nurhan, centre=make.centre("Bekirdere"), begin=time(14))
    near = opened(nurhan, centre=akmese, room=hall)
    client.force_login(make.user("merkez-sorumlusu", centres=[akmese]))
    answer = week(client, nurhan)
    assert f"{near.programme} 09.00–13.00 · 0/20" in text(answer)
    assert f"{far.programme} 14.00–18.00 Bekirdere" in text(answer)  # no seats, no link
    links = answer.content.decode()
    assert page("course_desk", near.pk) in links
    assert page("course_desk", far.pk) not in links


def test_who_may_see_a_week(client, akmese):
    other = make.centre("Bekirdere")
    clerk = make.user("merkez-sorumlusu", centres=[akmese])
    auditor, curator = make.user("denetci"), make.user("sergi-sorumlusu")
    for user, own, others in ((auditor, 200, 200), (clerk, 200, 404), (curator, 403, 403)):
        client.force_login(user)
        assert week(client, akmese).status_code == own
        assert week(client, other).status_code == others
    assert ask(client).status_code == 403


def test_a_week_costs_the_same_with_one_course_and_many(manager, akmese, hall):
    def costs():
        with CaptureQueriesContext(connection) as queries:
            assert week(manager, akmese).status_code == 200
        return len(queries)

    opened(centre=akmese, room=hall)
    coming(make.teacher(), (3,), centre=akmese, room=hall)
    costs()
    one = costs()
    for hour in (14, 18):
        opened(centre=akmese, room=make.room(akmese), begin=time(hour))
        coming(make.teacher(), (3,), begin=time(hour), centre=akmese)
    assert costs() == one
    assert one <= 12


def test_the_page_leads_to_another_week(manager, akmese):
    answer = manager.get(
        page("coursecentre_weeks"), {"row": akmese.pk, "date": "2026-03-04"}, follow=True
    )
    assert answer.context["days"][0] == date(2026, 3, 2)
    assert answer.context["original"] == akmese
    assert manager.get(page("coursecentre_weeks"), follow=True).context["original"] == akmese
    assert (
        manager.get(page("coursecentre_week", akmese.pk), {"date": "0001-01-01"}).status_code == 200
    )


def test_free_times_name_the_rooms_and_what_is_in_the_way(manager, akmese, hall):
    busy, nearly = make.room(akmese, name="Dolu"), make.room(akmese, name="Neredeyse")
    opened(centre=akmese, room=busy, weekdays=(2,), begin=time(13))
    once = opened(centre=akmese, room=nearly, weekdays=(1,), begin=time(13))
    services.add_session(
        course=once, date=TUESDAY, begin=time(13), end=time(17), lesson_hours=2, by=None
    )
    answer = ask(manager)
    assert [one.room for one in answer.context["free"]] == [hall]
    assert [one.room for one in answer.context["nearly"]] == [nearly]
    assert str(once) in answer.context["nearly"][0].in_the_way
    # Three hours fit behind the lesson that ends at 17.00 as soon as the afternoon is longer.
    answer = ask(manager, until="22:00")
    times = {one.room: one.times for one in answer.context["free"]}
    assert times[busy] == [("Salı", "17.00–19.40")]
    assert times[hall] == [("Salı", "13.00–15.40")]


def test_planned_courses_take_their_weekly_times(manager, akmese, hall):
    coming(make.teacher(), (2,), begin=time(13), centre=akmese, room=hall)
    assert ask(manager, until="17:00").context["free"] == []


def test_a_holiday_is_no_day_to_be_free_on(manager, akmese, hall):
    opened(centre=akmese, room=hall, weekdays=(2,), begin=time(13))
    last = TUESDAY + timedelta(days=7)
    Holiday.objects.create(name="Bayram", begin=TUESDAY, end=last, centre=akmese)
    assert (
        ask(manager, weeks="2", until="17:00").context["free"] == []
    )  # nothing is left to tell of
    assert [one.room for one in ask(manager, weeks="3", until="17:00").context["nearly"]] == [hall]


def test_what_is_typed_wrong_stays(manager, hall):
    answer = ask(manager, lesson_hours="9", weeks="")
    assert answer.status_code == 422
    assert "en çok 8 ders saati" in text(answer)
    assert 'value="9"' in answer.content.decode()


def test_an_officer_finds_rooms_of_their_own_centres(client, akmese, hall):
    make.room(make.centre("Bekirdere"))
    client.force_login(make.user("merkez-sorumlusu", centres=[akmese]))
    assert [one.room for one in ask(client).context["free"]] == [hall]


def test_free_times_lead_to_the_form_of_a_course(manager, akmese, hall):
    """From a free time to a planned course: programme and teacher are all that is typed."""
    url = ask(manager).context["free"][0].new_course
    form = manager.get(url)
    rows = form.context["inline_admin_formsets"][0].formset.forms
    assert [row.initial for row in rows] == [
        {"weekday": "2", "begin": "13:00", "end": "15:40", "lesson_hours": "4"}
    ]
    initial = form.context["adminform"].form.initial
    assert (str(initial["centre"]), str(initial["room"])) == (str(akmese.pk), str(hall.pk))
    assert initial["begin"] == TUESDAY


def new_course(client, **values):
    facts = {
        "programme": make.programme(total_hours=20).pk,
        "begin": f"{TUESDAY:%d.%m.%Y}",
        "teacher": make.teacher().pk,
        "slots-TOTAL_FORMS": 1,
        "slots-INITIAL_FORMS": 0,
        "slots-0-weekday": 2,
        "slots-0-begin": "13.00",
        "slots-0-end": "15.40",
    }
    for prefix in ("teacher_changes", "modules"):
        facts |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return client.post(page("course_add"), facts | values)


def test_a_new_course_needs_eight_values(manager, akmese, hall):
    """Term, last day, seats and lesson hours follow from the rest."""
    term = make.term()
    Holiday.objects.create(name="Bayram", begin=TUESDAY, end=TUESDAY)
    answer = new_course(manager, centre=akmese.pk, room=hall.pk)
    assert answer.status_code == 302
    course = Course.objects.get()
    assert (course.term, course.capacity) == (term, hall.capacity)
    assert course.slots.get().lesson_hours == 4
    assert course.end == TUESDAY + timedelta(weeks=5)  # five lessons after the holiday
    assert course.state == CourseState.PLANNED
    assert services.hours_given(course=course) == 20


def test_what_does_not_follow_is_asked_for_at_its_field(manager, akmese):
    make.term()
    answer = new_course(manager, centre=akmese.pk, begin="01.01.2001")
    errors = answer.context["adminform"].form.errors
    assert {"term", "capacity"} <= errors.keys()
    assert not Course.objects.exists()


def test_a_year_too_short_for_the_hours_refuses_nothing_and_says_what_would_do(manager, akmese):
    term = make.term()
    long = make.programme(total_hours=2000).pk
    answer = new_course(manager, centre=akmese.pk, capacity=9, programme=long)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    course = Course.objects.get()
    assert course.end == term.year.end
    address = page("course_change", course.pk)
    assert "2000 ders saatinin" in manager.get(answer["Location"]).content.decode()
    assert "haftada yaklaşık" in said_at_end(manager, address).lower()
    # As many hours as fit, and the last day left empty once more: it is counted anew.
    Course.objects.update(programme=make.programme("Kısa", total_hours=8))
    assert "tamamının bittiği gün" in said_at_end(manager, address)
    assert manager.post(address, typed(manager.get(address), end="")).status_code == 302
    course.refresh_from_db()
    assert course.end == course.begin + timedelta(weeks=1)
    assert "warning" not in said_at_end(manager, address)


def said_at_end(client, address):
    return client.get(address).context["adminform"].form["end"].help_text
