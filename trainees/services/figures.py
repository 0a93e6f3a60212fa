"""Counts of an education year: counted by night, read by the pages with its figures."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from courses.models import Course, EducationYear, Session
from trainees.models import CountedYear, Enrolment

_more = []


def count_too(count):
    """Register what an app above counts, stored with the totals.

    It is given the year, the day and the totals stored before ({} without any), and gives {what: whole
    numbers}.
    """
    _more.append(count)
    return count


# Counts so old are counted again by whoever asks: no timer runs (docs/operating.md).
OLD = timedelta(days=2)


def counts_of(*, year, through, totals_alone=False):
    """The stored counts of a year (CountedYear) up to a day, for a year that is over to its last one.

    They are counted here only when there are none, when they end before the day, or when no timer
    has counted for days. One process does it; the others are given those that there are, or wait
    for the first. While developing (DEBUG) nothing is stored. `totals_alone`: the two long columns are left
    out; who shows them beside the totals reads all at once, so that they are of one count.
    """
    day = min(through, year.end)
    if settings.DEBUG:
        return _count(year, day, {})
    known = _known(year, "people", "places") if totals_alone else _known(year)
    if known and not _due(known, day):
        return known
    return _recount(year, day, known) or known


def recount(*, year, through):
    """Count a year again, for the timer of each night: so a correction in a past year arrives."""
    return _recount(year, min(through, year.end), known=None, again=True)


@transaction.atomic
def _recount(year, day, known, again=False):
    """Count and store; None when somebody else is counting now and there are counts (`known`)."""
    lock = EducationYear.objects.select_for_update(no_key=True, skip_locked=known is not None)
    if lock.filter(pk=year.pk).first() is None:
        return None
    there = _known(year)
    if there and not again and not _due(there, day):
        return there
    counted = _count(year, day, there.totals if there else {})
    counted.pk = there and there.pk
    counted.save()
    return counted


def _known(year, *without):
    return CountedYear.objects.filter(year=year).defer(*without).first()


def _due(known, day):
    return known.through != day or known.counted_at < timezone.now() - OLD


def _count(year, day, before):
    held = Course.objects.held_by(day).filter(term__year=year)
    seats = Enrolment.objects.held_on(day).filter(course__in=held.values("pk"))
    persons = seats.people(year.begin).values_list("neighbourhood", "age_group", "gender", "people")
    results = {row["course"]: row for row in seats.results(day)}
    places = Counter()
    for course, programme, centre, begin in held.order_by().values_list(
        "pk", "programme", "centre", "begin"
    ):
        row = results.get(course, {})
        counts = {name: row.get(name, 0) for name in ("seats", "ended", "completed")}
        for name, count in {"courses": 1, **counts}.items():
            places[(programme, centre, f"{begin:%Y-%m}"), name] += count
    keys = {key for key, _name in places}
    lessons = Session.objects.held_by(day).filter(course__term__year=year)
    people = sorted(map(list, persons), key=str)
    return CountedYear(
        year=year,
        through=day,
        totals={
            "trainees": sum(row[-1] for row in people),
            "courses": sum(places[key, "courses"] for key in keys),
            "centres": len({centre for _programme, centre, _month in keys}),
            "programmes": len({programme for programme, _centre, _month in keys}),
            "hours": lessons.aggregate(n=Sum("lesson_hours"))["n"] or 0,
            **{what: told for count in _more for what, told in count(year, day, before).items()},
        },
        people=people,
        places=[
            [*key, *(places[key, name] for name in ("courses", "seats", "ended", "completed"))]
            for key in sorted(keys)
        ],
    )
