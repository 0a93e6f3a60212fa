"""The courses of a term copied into another one."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import services
from courses.enums import CourseState
from courses.models import Course, Holiday
from tests import factories as make
from tests.courses.admin.pages import page

pytestmark = pytest.mark.django_db
NEXT = timezone.localdate().year + 1
OLD_BEGIN, NEW_BEGIN = date(NEXT - 1, 2, 2), date(NEXT, 2, 1)


@pytest.fixture
def terms():
    """Last year's spring term and the coming one."""
    old = make.year(date(NEXT - 2, 9, 1), end=date(NEXT - 1, 8, 31))
    new = make.year(date(NEXT - 1, 9, 1), end=date(NEXT, 8, 31))
    return (
        make.term(old, begin=OLD_BEGIN, end=date(NEXT - 1, 6, 30)),
        make.term(new, begin=NEW_BEGIN, end=date(NEXT, 6, 30)),
    )


def held(term, weekday=2, begin=time(9), **fields):
    """A course of last year, in the third week of its term: 20 hours, four a week."""
    monday = term.begin - timedelta(days=term.begin.weekday())
    first = monday + timedelta(weeks=2, days=weekday - 1)
    fields.setdefault("programme", make.programme(total_hours=20))
    course = make.course(
        CourseState.FINISHED, term=term, begin=first, end=first + timedelta(weeks=6), **fields
    )
    course.slots.create(weekday=weekday, begin=begin, end=time(begin.hour + 3), lesson_hours=4)
    return course


def address(terms):
    return f"{page('course_copy')}?source={terms[0].pk}&into={terms[1].pk}"


def sent(answer, **changes):
    """What the table would send as it stands, with the changes; `press`: the button."""
    data = {"seen": answer.context["seen"], changes.pop("press", "save"): "1", "shown": []}
    for row in answer.context["rows"]:
        data["shown"].append(row.copy.source.pk)
        for bound in row:
            value = bound.value()
            if value not in (None, False):
                shown = value if value is True else bound.field.widget.format_value(value)
                data[bound.html_name] = shown[0] if isinstance(shown, list) else shown
    for name, value in changes.items():
        row = answer.context["rows"][0]
        data[f"{row.prefix}-{name}"] = value
    return {name: "on" if value is True else value for name, value in data.items()}


def test_a_term_is_copied_with_its_dates_moved(manager, akmese, terms):
    source = held(terms[0], centre=akmese, room=make.room(akmese), note="Önlük getirin.")
    make.enrolment(of=source)
    monday = NEW_BEGIN - timedelta(days=NEW_BEGIN.weekday())
    first = monday + timedelta(weeks=2, days=1)  # Tuesday of the third week
    Holiday.objects.create(name="Bayram", begin=first, end=first)
    answer = manager.get(address(terms))
    assert not Course.objects.exclude(pk=source.pk).exists()
    answer = manager.post(address(terms), sent(answer))
    course = Course.objects.exclude(pk=source.pk).get()
    assert answer["Location"].startswith(page("course_changelist"))
    assert (course.state, course.term, course.begin) == ("planned", terms[1], first)
    assert course.end == first + timedelta(weeks=5)
    assert (course.programme, course.teacher, course.note) == (
        source.programme,
        source.teacher,
        "Önlük getirin.",
    )
    assert not course.enrolments.exists() and not course.number
    assert services.hours_given(course=course) == 20


def test_sent_twice_it_makes_them_once(manager, akmese, terms):
    held(terms[0], centre=akmese)
    data = sent(manager.get(address(terms)))
    manager.post(address(terms), data)
    answer = manager.post(address(terms), data, follow=True)
    assert Course.objects.filter(term=terms[1]).count() == 1
    assert "ikinci kez" in answer.content.decode()
    assert manager.get(address(terms)).context["rows"] == []


def test_rows_are_corrected_or_left_out(manager, akmese, terms):
    first = held(terms[0], centre=akmese)
    second = held(terms[0], weekday=3, centre=akmese, programme=make.programme("Çini"))
    other = make.teacher("Şule", "Ak")
    other.centres.add(akmese)
    answer = manager.get(address(terms))
    rows = {row.copy.source: row.prefix for row in answer.context["rows"]}
    data = sent(answer)
    del data[f"{rows[second]}-chosen"]
    data |= {
        f"{rows[first]}-teacher": other.pk,
        f"{rows[first]}-weekday_0": "4",
        f"{rows[first]}-begin_0": "13.00",
        f"{rows[first]}-end_0": "17.00",
        f"{rows[second]}-begin": "yarın",  # nobody wants it: it may be wrong
    }
    assert manager.post(address(terms), data).status_code == 302
    course = Course.objects.get(term=terms[1])
    slot = course.slots.get()
    assert (course.teacher, slot.weekday, slot.lesson_hours) == (other, 4, 6)


def test_a_clash_is_shown_before_it_is_planned(manager, akmese, terms):
    nurhan = make.teacher("Nurhan", "Aydemir", kind="staff teacher")
    held(terms[0], teacher=nurhan, centre=akmese)
    held(
        terms[0],
        teacher=nurhan,
        centre=akmese,
        begin=time(10),
        programme=make.programme("Çini", total_hours=20),
    )
    answer = manager.get(address(terms))
    assert "Çini – Akmeşe Kurs Merkezi" in answer.content.decode()
    assert answer.context["clashes"] == 2
    data = sent(answer)
    unseen = manager.post(address(terms), data | {"seen": ""})
    assert unseen.status_code == 422
    assert not Course.objects.filter(term=terms[1]).exists()
    assert manager.post(address(terms), data).status_code == 302  # seen: planned all the same
    assert Course.objects.filter(term=terms[1]).count() == 2


def test_a_room_that_an_open_course_holds_is_named(manager, akmese, terms):
    room = make.room(akmese)
    source = held(terms[0], centre=akmese, room=room)
    moved = manager.get(address(terms)).context["rows"][0].copy.course
    there = make.course(
        CourseState.PLANNED,
        term=terms[1],
        begin=moved.begin,
        end=moved.end,
        centre=akmese,
        room=room,
        programme=make.programme("Ebru", total_hours=20),
    )
    there.slots.create(weekday=2, begin=time(11), end=time(14), lesson_hours=4)
    services.open_course(course=there, by=None)
    (row,) = manager.get(address(terms)).context["rows"]
    ((what, course, *_when),) = row.copy.clashes
    assert (row.copy.source, what, course) == (source, "room", there)


def test_what_is_typed_wrong_stays_at_its_field(manager, akmese, terms):
    held(terms[0], centre=akmese)
    answer = manager.get(address(terms))
    answer = manager.post(address(terms), sent(answer, begin_0="06.00", begin="çarşamba"))
    assert answer.status_code == 422
    (row,) = answer.context["rows"]
    assert {"begin", "end_0"} <= row.errors.keys()
    assert 'value="06.00"' in answer.content.decode()
    assert not Course.objects.filter(term=terms[1]).exists()


def test_an_officer_copies_the_courses_of_their_own_centres(client, akmese, terms):
    mine, other = held(terms[0], centre=akmese), held(terms[0])
    client.force_login(make.user("merkez-sorumlusu", centres=[akmese]))
    answer = client.get(address(terms))
    assert [row.copy.source for row in answer.context["rows"]] == [mine]
    data = sent(answer)
    data["shown"].append(other.pk)
    client.post(address(terms), data)
    assert [course.centre for course in Course.objects.filter(term=terms[1])] == [akmese]
    assert client.get(address(terms) + f"&centres={other.centre_id}").status_code == 422
    for role in ("denetci", "sergi-sorumlusu"):
        client.force_login(make.user(role))
        assert client.get(address(terms)).status_code == 403


def test_the_table_costs_the_same_with_one_course_and_many(manager, akmese, terms):
    def costs():
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address(terms)).status_code == 200
        return len(queries)

    held(terms[0], centre=akmese, room=make.room(akmese))
    costs()
    one = costs()
    for hour in (8, 12, 16):
        held(terms[0], centre=akmese, room=make.room(akmese), begin=time(hour))
    assert costs() == one
    assert one <= 12
