"""A new education year: proposed from the last one, then made with its terms and holidays in one act."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from courses import rights
from courses.enums import DayPart
from courses.models import EducationYear, Holiday, Term, check_terms_do_not_overlap
from courses.services.holidays import save_holiday
from courses.services.signals import year_made
from izmek.acts.saving import save

OWN = ("id", "name", "begin", "end")  # what a new year does not take over from the last one
FROM_ONE = re.compile(r" \(saat [^)]*\)$")
ESTIMATED = re.compile(r" \(tahmini\)$")


def propose_year():
    """The year after the last one and its terms, unsaved: its rules, and its dates a year later.

    Without any year one that begins on 1 September, with the rules of the model.
    """
    last = EducationYear.objects.order_by("-begin").first()
    if last is None:
        this = date.today().year  # noqa: DTZ011 - a proposal; nobody minds the hour
        begin, end = date(this, 9, 1), date(this + 1, 8, 31)
        return EducationYear(name=_name(begin, end), begin=begin, end=end), []
    begin, end = _year_later(last.begin), _year_later(last.end)
    rules = {
        field.name: getattr(last, field.name)
        for field in EducationYear._meta.fields
        if field.name not in OWN
    }
    year = EducationYear(name=_name(begin, end), begin=begin, end=end, **rules)
    terms = [
        Term(name=term.name, begin=_year_later(term.begin), end=_year_later(term.end))
        for term in last.terms.order_by("begin")
    ]
    return year, terms


def _name(begin, end):
    return f"{begin.year}-{max(end.year, begin.year + 1)}"


def _year_later(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


@dataclass(frozen=True)
class ProposedHoliday:
    """Days that are a public holiday of Türkiye. `estimated`: its date is computed, not yet announced.

    `known`: a holiday without lessons everywhere is entered for these days already.
    """

    holiday: Holiday
    estimated: bool
    known: bool


def propose_holidays(first, last):
    """The public holidays of Türkiye between two days, religious ones and their half days included.

    A list of ProposedHoliday in order; days that follow each other are one holiday.
    """
    from holidays.constants import HALF_DAY, PUBLIC  # reads tens of modules: only when it is asked
    from holidays.countries import TR

    years = range(first.year, last.year + 1)
    found = []
    for category, part in ((PUBLIC, DayPart.WHOLE), (HALF_DAY, DayPart.AFTERNOON)):
        for day, names in sorted(TR(years=years, categories=category, language="tr").items()):
            for name in names.split("; ") if first <= day <= last else ():
                estimated = bool(ESTIMATED.search(name))
                name = FROM_ONE.sub("", ESTIMATED.sub("", name))
                found.append((name, part, estimated, day))
    runs = []
    for name, part, estimated, day in sorted(found, key=lambda one: (one[0], one[1], one[3])):
        before = runs[-1] if runs else None
        if (
            before
            and before[:3] == [name, part, estimated]
            and day - before[4] == timedelta(days=1)
        ):
            before[4] = day
        else:
            runs.append([name, part, estimated, day, day])
    entered = list(Holiday.objects.filter(centre=None, begin__lte=last, end__gte=first))
    proposed = []
    for name, part, estimated, begin, end in sorted(runs, key=lambda run: (run[3], run[1])):
        known = any(
            one.begin <= begin and one.end >= end and one.part in (part, DayPart.WHOLE)
            for one in entered
        )
        holiday = Holiday(name=name, begin=begin, end=end, part=part)
        proposed.append(ProposedHoliday(holiday, estimated, known))
    return proposed


@transaction.atomic
def make_year(*, year, terms, holidays, by):
    """Make an education year with its terms and holidays: all of it or nothing.

    All rows are unsaved; holidays are without lessons everywhere. Raises ValidationError for a term outside
    the year and Refusal for two terms that overlap. Those whose lessons a holiday takes are told.
    """
    rights.require(by, "make_year")
    last = EducationYear.objects.order_by("-begin").first()
    year.full_clean()
    save(year, by=by)
    for term in terms:
        term.year = year
        term.full_clean()
    check_terms_do_not_overlap(terms)
    for term in terms:
        save(term, by=by)
    for holiday in holidays:
        holiday.full_clean()
        save_holiday(holiday=holiday, by=by)
    year_made.send(EducationYear, year=year, last=last, by=by)
    return year
