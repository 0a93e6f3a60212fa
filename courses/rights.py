"""Who may do what in the courses app (izmek/acts/rights.py); and the scopes that the apps above share."""

from functools import cache

from django.db.models import Q

from courses.models import Course, Session
from courses.queries.scope import centres_of
from courses.queries.teachers import teacher_of
from izmek.accounts.roles import Role
from izmek.acts.rights import Right, Rights

# --- Scopes: each leads by a lookup from the row of an act to its centre, course or session ------


@cache  # two acts with the same scope are asked once
def of_own_centres(centre):
    """The rows of the centres that the officer runs; `centre` is the lookup that leads there."""
    return lambda user: Q(**{f"{centre}__in": centres_of(user)})


@cache
def taught_today(course):
    """The rows of the courses that the teacher teaches today; `course` leads there."""
    return lambda user: Q(**{f"{course}__in": Course.objects.taught_by(user).values("pk")})


@cache
def stood_in_for(session):
    """The rows of the lessons that the teacher gives for someone else; `session` leads there."""
    mine = Session.objects.filter
    return lambda user: Q(**{f"{session}__in": mine(teacher__in=teacher_of(user)).values("pk")})


# --- The table -----------------------------------------------------------------------------------

OFFICERS = {Role.OFFICER: of_own_centres("centre")}

RIGHTS = Rights(
    # Courses
    save_course=Right(OFFICERS),
    place_course=Right({Role.OFFICER: of_own_centres("pk")}),  # on a centre: a new or moved course
    plan_courses=Right({Role.OFFICER: of_own_centres("pk")}),  # on a centre
    open_course=Right(OFFICERS),
    start_course=Right(OFFICERS),
    change_dates=Right(OFFICERS),
    change_times=Right(OFFICERS),
    cancel_course=Right(OFFICERS),
    set_finished=Right(OFFICERS),
    set_running_again=Right(OFFICERS),
    # Lessons
    make_sessions=Right(OFFICERS),
    add_session=Right({**OFFICERS, Role.TEACHER: taught_today("pk")}),  # on the course
    cancel_session=Right(
        {Role.OFFICER: of_own_centres("course__centre"), Role.TEACHER: taught_today("course")}
    ),
    name_substitute=Right(
        {Role.OFFICER: of_own_centres("course__centre"), Role.TEACHER: taught_today("course")}
    ),
    make_year=Right({}),
    # Two rows that are one: everywhere at once
    merge_neighbourhoods=Right({}),
    merge_programmes=Right({}),
    merge_teachers=Right({}),
    # Holidays: of all centres
    save_holiday=Right({}),
    delete_holiday=Right({}),
    # Teachers
    change_teacher=Right(OFFICERS),  # on the course
    invite_teacher=Right({}),
)
require, may, rows = RIGHTS.require, RIGHTS.may, RIGHTS.rows
