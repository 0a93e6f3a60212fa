"""The search of the counter: people, their open applications and courses, found while one types."""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from courses.admin.header_search import CourseSearch
from courses.models import Course
from courses.wording import times_of
from izmek.acts.queries import in_any
from izmek.admin import visible
from izmek.admin.header_search import SearchText, first_found
from izmek.secrets.identity import holds_number
from izmek.text.order import sort_key
from trainees.admin.header_search import ApplicationSearch, PersonSearch
from trainees.models import Application, Enrolment, Trainee
from trainees.rights import RIGHTS

MOST_FOUND = 8  # in one answer; who is not among them types more
MOST_LOOKED_AT = 60  # of those that the words fit, before they are put in order
MOST_COURSES_NAMED = 3
FEWEST_LETTERS = 2


@dataclass
class Found:
    """What a search found: rows (people or courses), open applications, and whether there are more."""

    text: str
    rows: list = field(default_factory=list)
    applications: list = field(default_factory=list)
    more: bool = False
    too_short: bool = False

    def __bool__(self):
        return bool(self.rows or self.applications)


def find_people(text, *, user, act):
    """People and open applications that the user sees for the act, as the header finds them."""
    asked = SearchText(text)
    if len("".join(asked.names)) < FEWEST_LETTERS and not asked.digits:
        return Found(text, too_short=True)
    acting = RIGHTS.acting(user, act)
    people = visible(Trainee, acting).filter(anonymised_at=None)
    people = _fitting(people, PersonSearch().rules(asked, acting), "neighbourhood")
    applied = RIGHTS.rows(user, "accept_offer", Application.objects.open())
    applied = _fitting(
        applied,
        ApplicationSearch().rules(asked, acting),
        "course__programme",
        "course__centre",
    )
    rows, more = _first(people, asked)
    applications, more_applied = _first(applied, asked)
    _name_courses(rows, acting)
    return Found(text, rows, applications, more or more_applied)


def find_courses(text, *, user, act):
    """Courses that take people now and on which the user may do the act, the soonest first.

    Of a group that is named by its letter alone ("keçe a") only those of that group, if there are any.
    """
    asked = SearchText(text)
    rows = RIGHTS.rows(user, act, Course.objects.booking()).filter(end__gte=timezone.localdate())
    if asked.words:
        rows = rows.filter(reduce(or_, CourseSearch().rules(asked, user)))
    found = []
    if groups := [word for word in asked.words if len(word) == 1]:
        found = _soonest(rows.filter(reduce(or_, (Q(group__iexact=one) for one in groups))))
    found = found or _soonest(rows)
    for course in found:
        course.times = times_of(course, course.slots.all())
    return Found(text, found[:MOST_FOUND], more=len(found) > MOST_FOUND)


def _soonest(courses):
    return list(with_state(courses).order_by("begin", "pk")[: MOST_FOUND + 1])


def with_state(courses):
    """The courses with what the page tells of them."""
    courses = courses.with_free_seats().with_application_period().prefetch_related("slots")
    return courses.select_related("programme", "centre__neighbourhood", "teacher", "term__year")


def facts_in(text):
    """What somebody new is called, their phone and year of birth, as it was typed to find them."""
    asked = SearchText(text)
    names, digits = asked.letters, asked.digits
    facts = {"first_name": " ".join(names[:-1] or names), "last_name": " ".join(names[1:][-1:])}
    if len(digits) >= 10 and not holds_number(text):
        facts["phone"] = f"0{digits[-10:]}"
    if asked.year is not None:
        facts["birth_year"] = asked.year
    return facts


def _fitting(rows, rules, *related):
    """Some of the rows that fit one of the rules, with what is told of them."""
    sets = [one.values("pk") for one in first_found(rows, rules, MOST_LOOKED_AT)]
    rows = rows.model._base_manager.select_related(*related)
    return in_any(rows, *sets) if sets else rows.none()


def _first(rows, asked):
    """(the first of the rows, by name; whether there are more).

    The database is asked for no order: to sort all that a short word fits costs more than to find some.
    """
    found, start = list(rows[:MOST_LOOKED_AT]), " ".join(asked.names)
    found.sort(key=lambda row: (not row.folded.startswith(start), sort_key(str(row)), row.pk))
    return found[:MOST_FOUND], len(found) > MOST_FOUND


def _name_courses(people, user):
    """Note on each of the people their last courses of those that the user sees."""
    seats = visible(Enrolment, user).filter(trainee__in=people).order_by("-joined_on", "-pk")
    names = {person.pk: {} for person in people}
    for whose, name in seats.values_list("trainee", "course__programme__name"):
        names[whose][name] = None
    for person in people:
        person.last_courses = list(names[person.pk])[:MOST_COURSES_NAMED]
