"""Every act of the courses app with every role: who may do it is what the table of rights says."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from courses import services
from courses.models import Course, Holiday
from courses.rights import RIGHTS
from izmek.accounts.roles import Role
from izmek.acts.rights import NotAllowed
from tests import factories as make
from tests.rights import ALWAYS, World, acts_of, assert_asks_first

pytestmark = pytest.mark.django_db

SERVICES = acts_of(services)
TODAY = timezone.localdate

# Act → who beside the manager does it on a row of their own; on a foreign one nobody else does.
WHO = {
    "save_course": {Role.OFFICER},
    "place_course": {Role.OFFICER},
    "plan_courses": {Role.OFFICER},
    "open_course": {Role.OFFICER},
    "start_course": {Role.OFFICER},
    "change_dates": {Role.OFFICER},
    "change_times": {Role.OFFICER},
    "cancel_course": {Role.OFFICER},
    "set_finished": {Role.OFFICER},
    "set_running_again": {Role.OFFICER},
    "make_sessions": {Role.OFFICER},
    "add_session": {Role.OFFICER, Role.TEACHER},
    "cancel_session": {Role.OFFICER, Role.TEACHER},
    "name_substitute": {Role.OFFICER, Role.TEACHER},
    "change_teacher": {Role.OFFICER},
    "invite_teacher": set(),
    "make_year": set(),
    "save_holiday": set(),
    "delete_holiday": set(),
    "merge_neighbourhoods": set(),
    "merge_programmes": set(),
    "merge_teachers": set(),
}

# The row that an act is done on, where it is not the course.
ROW = {
    "place_course": "centre",
    "plan_courses": "centre",
    "make_year": "year",
    "cancel_session": "session",
    "name_substitute": "session",
    "invite_teacher": "teacher",
    "save_holiday": "holiday",
    "delete_holiday": "holiday",
    "merge_neighbourhoods": "neighbourhood",
    "merge_programmes": "programme",
    "merge_teachers": "teacher",
}
MERGED = ("merge_neighbourhoods", "merge_programmes", "merge_teachers")
OTHERS = {"neighbourhood": "Akmese", "programme": "Öteki program", "teacher": "Öteki"}

# What each act needs beside that row.
FACTS = {
    "plan_courses": lambda: {"into": make.term(), "courses": []},
    "make_year": lambda: {"terms": [], "holidays": []},
    "cancel_course": lambda: {"reason": "Katılım az"},
    "set_running_again": lambda: {"reason": "Not hatası"},
    "cancel_session": lambda: {"reason": "Öğretmen hasta"},
    "name_substitute": lambda: {"teacher": make.teacher()},
    "change_dates": lambda: {"begin": TODAY(), "end": TODAY()},
    "change_times": lambda: {"slots": [], "begins_on": TODAY()},
    "change_teacher": lambda: {"teacher": make.teacher(), "begins_on": TODAY()},
    "add_session": lambda: {
        "date": TODAY() + timedelta(days=1),
        "begin": time(18),
        "end": time(21),
        "lesson_hours": 4,
    },
}


@pytest.fixture
def world():
    made = World()
    for place in (made.own, made.foreign):
        place["teacher"], place["year"] = place["course"].teacher, place["course"].term.year
        place["holiday"] = Holiday.objects.create(name="Bayram", begin=TODAY(), end=TODAY())
        place["neighbourhood"] = place["centre"].neighbourhood
        place["programme"] = place["course"].programme
        place["session"] = make.session(place["course"], TODAY() + timedelta(days=2))
    return made


def place_course(centre, by):
    """The one act that is no service: a new course is placed on a centre by saving it."""
    course = make.course()
    new = Course(
        programme=course.programme,
        centre=centre,
        teacher=course.teacher,
        term=course.term,
        begin=course.begin,
        end=course.end,
        capacity=10,
    )
    services.save_course(course=new, by=by)


def done(act):
    """How an act is done: a function of its row and of who does it."""
    if act == "place_course":
        return place_course
    row, facts = ROW.get(act, "course"), FACTS.get(act, dict)()
    if act in MERGED:
        other = getattr(make, row)(OTHERS[row])
        return lambda on, by: SERVICES[act](kept=on, other=other, by=by)
    return lambda on, by: SERVICES[act](**{row: on}, by=by, **facts)


def test_an_act_is_open_to_those_whom_the_table_names(world):
    expected = {act: (ALWAYS | WHO[act], ALWAYS) for act in RIGHTS}
    rows = {act: ROW.get(act, "course") for act in RIGHTS}
    assert {act: world.table_says(RIGHTS, act, row) for act, row in rows.items()} == expected
    assert {act: world.who_may(done(act), row) for act, row in rows.items()} == expected


@pytest.mark.parametrize("act", SERVICES)
def test_an_act_asks_for_the_right_first(act):
    assert_asks_first(SERVICES[act], by=make.user())


def test_the_table_names_every_act_and_nothing_else():
    assert set(RIGHTS) == set(WHO) == {*SERVICES, "place_course"}


def test_an_officer_moves_no_course_to_a_centre_of_others(world):
    course = world.own["course"]
    course.centre = world.foreign["centre"]
    with pytest.raises(NotAllowed):
        services.save_course(course=course, by=world.users[Role.OFFICER])


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TEACHER])
def test_people_of_the_same_role_reach_their_own_rows_whoever_asked_first(world, role):
    """They share a statement (izmek/acts/prepared.py), not an answer."""
    theirs = [world.own["course"], world.foreign["course"]]
    if role == Role.OFFICER:
        people = [make.user(role, centres=[course.centre]) for course in theirs]
    else:
        people = [course.teacher.user for course in theirs]
    for by, own in [*zip(people, theirs, strict=True)] * 2:
        assert [course for course in theirs if RIGHTS.may(by, "add_session", course)] == [own]
        assert not RIGHTS.may(make.user(role), "add_session", own)
