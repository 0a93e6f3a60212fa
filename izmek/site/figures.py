"""The education year in figures: for `/rakamlarla/`, its files and the home page.

Everything is counted up to the end of the last month, once, and stored (`trainees.services.counts_of`);
this file gives the names and decides what is told. Figures about people go through
`small_cells` and are rounded to five, so that no two published states differ by fewer; things with a
public page (courses, centres, works, exhibitions) are counted exactly.

There are two kinds of tables. Tables of people count each person once (gender, age, neighbourhood).
Tables of places in courses count someone with two courses twice (programme, centre, month,
outcome). Each table has one property, and no property follows from another: there is no table of
fields beside that of programmes. The order of rows must not depend on the counts before it is
decided which may be shown.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import get_language, npgettext_lazy, pgettext
from django.utils.translation import gettext as _

from courses.models import CourseCentre, EducationYear, Neighbourhood, Programme
from exhibitions.models import Exhibition, Maker, Sale, Work
from izmek.site.small_cells import SMALLEST, groups, may_be_told, may_stand_beside, rounded
from izmek.text.figures import number, percent
from izmek.text.languages import capital
from izmek.text.order import sort_key
from trainees.enums import AgeGroup, Gender
from trainees.services import count_too, counts_of

WORDS = {
    "trainees": npgettext_lazy("after a number", "trainee", "trainees"),
    "courses": npgettext_lazy("after a number", "course", "courses"),
    "centres": npgettext_lazy("after a number", "course centre", "course centres"),
    "programmes": npgettext_lazy("after a number", "programme", "programmes"),
    "hours": npgettext_lazy("after a number", "lesson hour", "lesson hours"),
    "places": npgettext_lazy("after a number", "place taken in courses", "places taken in courses"),
    "works": npgettext_lazy("after a number", "work shown", "works shown"),
    "exhibitions": npgettext_lazy("after a number", "exhibition", "exhibitions"),
    "sold": npgettext_lazy("after a number", "work sold", "works sold"),
    "earned": npgettext_lazy("after a number", "TL paid for a work", "TL paid for works"),
}


@dataclass(frozen=True)
class Figure:
    """One number of the year: `value` for files, `text` as printed before its label.

    `unit`: "percent" or "TRY"; nothing for a count.
    """

    key: str
    label: str
    value: int | float
    text: str
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table. `parts`: the names of the small cells that it joins."""

    label: str
    count: int
    share: str
    short: str = ""
    lang: str = ""
    parts: tuple = ()


@dataclass(frozen=True)
class Table:
    """Counts of people by one property; rows and `total` are rounded, each by itself."""

    key: str
    title: str
    column: str
    rows: list
    total: int
    plot: str = "bars"


@dataclass(frozen=True)
class Cell:
    """A count before the check whether it may be shown alone. `weight`: a public measure of size.

    `name`: the Turkish name, when the label may be in another language.
    """

    label: str
    count: int
    short: str = ""
    lang: str = ""
    weight: int = 0
    name: str = ""


@dataclass(frozen=True)
class Figures:
    """A year: `headline`, tables of `people` and of `places`, without tables that reveal too much."""

    year: EducationYear
    through: object
    headline: list
    people: list
    places: list

    @property
    def over(self):
        """Whether the year had ended by the last counted day."""
        return self.year.end <= self.through

    @property
    def sales(self):
        """Whether it tells what works brought in."""
        return any(figure.key == "sold" for figure in self.headline)

    @property
    def tables(self):
        return [*self.people, *self.places]


def counted_through(today=None):
    """The last counted day: the end of last month."""
    return (today or timezone.localdate()).replace(day=1) - timedelta(days=1)


def years(through):
    """The education years that have something to count, latest first."""
    return list(EducationYear.objects.with_courses(through))


def usual_year(of, through):
    """The default year: the latest finished one, else the latest; None if there are none."""
    return next((year for year in of if year.end <= through), None) or next(iter(of), None)


def headline(year, through):
    """The year's trainees, courses, centres and programmes: four figures, for the home page."""
    return _headline(counts_of(year=year, through=through, totals_alone=True).totals)


def _headline(totals):
    figures = [
        _figure("trainees", rounded(totals["trainees"])),
        *(_figure(key, totals[key]) for key in ("courses", "centres", "programmes")),
    ]
    return [
        figure for figure in figures if figure.key != "trainees" or totals["trainees"] >= SMALLEST
    ]


def figures_of(year, through):
    """All Figures of an education year, in a fixed number of queries."""
    counts = counts_of(year=year, through=through)
    if counts.through < min(through, year.end):  # somebody is counting on at this moment
        through = counts.through
    first, people, places = _counted(counts)
    works = Work.objects.public().filter(year=year).count()  # withdrawn works are not counted
    exhibitions = Exhibition.objects.public().held_in(year, through).count()
    shown = [_figure("works", works), _figure("exhibitions", exhibitions), *_sales(counts.totals)]
    return Figures(
        year=year,
        through=through,
        headline=[*first, *(figure for figure in shown if figure.value)],
        people=people,
        places=places,
    )


def _sales(totals):
    """What works brought in, as far as it may be told."""
    sold, paid = told_sales(totals)
    return [_figure("sold", sold or 0), _figure("earned", paid or 0, unit="TRY")]


def told_sales(totals):
    """(works sold, whole lira paid) that may be told of a year (`sales_of`); Nones while nothing may.

    The one reader of the stored sums: this page and the annual report cannot differ.
    """
    sold, kurus = totals.get("sold told"), totals.get("kurus told")
    return (sold, round(kurus / 100)) if sold else (None, None)


TOLD = ("sold told", "kurus told", "works told")


@count_too
def sales_of(year, day, before):
    """What may be told of the sales of a year up to a day, for its stored counts.

    `before`: what was stored last. What was told stays as it is, whatever is recorded, corrected or taken
    back, also in a year that is over, until five works at least by five people at least were sold of
    which it did not tell (`small_cells.may_be_told`). Then it is the sum of all sales as they are. So two
    published sums differ by nothing, or by such five works whatever else changed. A work that was told of
    ("works told", keys) is never new again: sales taken back and recorded anew would else make the step
    full in which a single other one is. The sum is in kuruş, since JSON knows no exact fractions.
    """
    sales = Sale.objects.of_year(year, day)
    makers = {work: set() for work in sales.values_list("work", flat=True)}
    people = Maker.objects.filter(work__in=sales.values("work"))
    for work, *who in people.values_list("work", "trainee", "teacher", "group_name"):
        makers[work].add(tuple(who))
    told = set(before.get("works told", ()))
    if not may_be_told([who for work, who in makers.items() if work not in told]):
        return {name: before[name] for name in TOLD if name in before}
    sums = sales.aggregate(count=Count("pk"), price=Sum("price"))
    return {
        "sold told": sums["count"],
        "kurus told": int(sums["price"] * 100),
        "works told": sorted(told | makers.keys()),
    }


def _counted(counts):
    """Courses and the people in them: (first Figures, tables of people, tables of places)."""
    totals, courses, persons = counts.totals, *named_counts(counts)
    reached, taken = totals["trainees"], sum(row["seats"] for row in courses)
    people, places, more = [], [], []
    if reached >= SMALLEST:
        people = _people_tables(persons, courses)
    if reached >= SMALLEST and may_stand_beside(taken, reached):
        places, rate = _place_tables(courses)
        more = [_figure("places", rounded(taken))]
        if rate is not None:
            label = pgettext("after a number", "completed their course")
            more.append(Figure("completion", label, round(rate, 1), percent(rate), unit="percent"))
    return [*_headline(totals), _figure("hours", totals["hours"]), *more], people, places


def named_counts(counts):
    """The stored counts as dicts: those of courses, and those of people, with today's names."""
    homes = dict(Neighbourhood.objects.values_list("pk", "name"))
    centres = {
        pk: {"centre_name": name, "centre_home": homes[home]}
        for pk, name, home in CourseCentre.objects.values_list("pk", "name", "neighbourhood")
    }
    programmes = {
        pk: {"programme_name": name, "programme_en": english}
        for pk, name, english in Programme.objects.values_list("pk", "name", "name_en")
    }
    courses = [
        {
            **programmes[programme],
            **centres[centre],
            "month": date.fromisoformat(f"{month}-01"),
            **dict(zip(("courses", "seats", "ended", "completed"), numbers, strict=True)),
        }
        for programme, centre, month, *numbers in counts.places
        if programme in programmes and centre in centres  # not one that was deleted since
    ]
    names = ("neighbourhood", "age_group", "gender", "people")
    persons = [
        dict(zip(names, (homes.get(home), *rest), strict=True)) for home, *rest in counts.people
    ]
    return courses, persons


def _figure(key, value, unit=""):
    return Figure(key, WORDS[key] % value, value, number(value), unit)


# --- People -----------------------------------------------------------------------------------


def _people_tables(rows, courses):
    return _published(
        *(
            _table(key, title, column, cells, named=key == "neighbourhood")
            for key, title, column, cells in cells_of_people(rows, courses)
        )
    )


def cells_of_people(rows, courses):
    """The exact tables of people: [(key, title, name of the column, Cells)]."""
    weights = _sums(courses, "centre_home", "courses")
    homes = _neighbourhoods(rows, weights)
    return [
        ("gender", _("Women and men"), _("Gender"), _genders(rows)),
        ("age", _("By age"), _("Age when the year began"), _ages(rows)),
        ("neighbourhood", _("By neighbourhood"), _("Neighbourhood"), homes),
    ]


def _genders(rows):
    counts = _sums(rows, "gender", "people")
    names = {Gender.FEMALE: _("Women"), Gender.MALE: _("Men"), "": _("Not stated")}
    return [Cell(str(name), counts[key]) for key, name in names.items() if key or counts[key]]


def _ages(rows):
    counts = _sums(rows, "age_group", "people")
    names = {group.value: group.label for group in AgeGroup} | {None: _("Not stated")}
    return [Cell(capital(name), counts[key]) for key, name in names.items() if key or counts[key]]


def _neighbourhoods(rows, weights):
    counts = _sums(rows, "neighbourhood", "people")
    cells = [
        Cell(name, count, lang=_turkish(), weight=weights[name])
        for name, count in counts.items()
        if name
    ]
    unknown = [Cell(_("Not stated"), counts[None])] if counts[None] else []
    return [*unknown, *_by_weight(cells)]


# --- Places in courses ------------------------------------------------------------------------


def _place_tables(courses):
    """The tables, and the percentage of those who completed, of those who stayed to the end.

    The percentage is None when it may not be shown.
    """
    ended, completed = (sum(row[name] for row in courses) for name in ("ended", "completed"))
    going_on = sum(row["seats"] for row in courses) - ended
    outcome = []
    if ended:
        outcome = [Cell(_("Completed"), completed), Cell(_("Not completed"), ended - completed)]
    if ended and going_on:
        outcome.append(Cell(_("Still attending"), going_on))
    told = ended and groups([cell.count for cell in outcome]) == []
    tables = _published(
        _table("programme", _("By programme"), _("Programme"), _programmes(courses), named=True),
        _table("centre", _("By course centre"), _("Course centre"), _centres(courses), named=True),
        _table("month", _("By month of beginning"), _("Month"), _months(courses), plot="columns"),
        _table("outcome", _("How the courses ended"), _("Outcome"), outcome),
    )
    return tables, 100 * rounded(completed) / rounded(ended) if told else None


def _programmes(courses):
    counts = _sums(courses, "programme_name", "seats")
    weights = _sums(courses, "programme_name", "courses")
    english = {row["programme_name"]: row["programme_en"] for row in courses}
    return _by_weight(
        Cell(
            (get_language() == "en" and english[name]) or name,
            count,
            lang="" if english[name] else _turkish(),
            weight=weights[name],
            name=name,
        )
        for name, count in counts.items()
    )


def _centres(courses):
    counts = _sums(courses, "centre_name", "seats")
    weights = _sums(courses, "centre_name", "courses")
    return _by_weight(
        Cell(name, count, lang=_turkish(), weight=weights[name]) for name, count in counts.items()
    )


def _months(courses):
    """Every month from the first course's start to the last."""
    counts = Counter()
    for row in courses:
        counts[row["month"].year * 12 + row["month"].month - 1] += row["seats"]
    return [
        Cell(
            f"{MONTHS[place % 12 + 1]} {place // 12}",
            counts[place],
            capital(MONTHS_3[place % 12 + 1]),
        )
        for place in range(min(counts), max(counts) + 1)
    ]


# --- Tables -----------------------------------------------------------------------------------


def _sums(rows, by, of):
    counts = Counter()
    for row in rows:
        counts[row[by]] += row[of]
    return counts


def _turkish():
    """The language code of Turkish text on a page in another language."""
    return "tr" if get_language() == "en" else ""


def _by_weight(cells):
    """Sort independently of the counts: by a public measure of size, then by name.

    It uses the Turkish name in both languages. Two different orders would make different groups of
    cells, and the difference could reveal a small count.
    """
    return sorted(
        (cell for cell in cells if cell.count),
        key=lambda cell: (cell.weight, sort_key(cell.name or cell.label)),
    )


def _published(*tables):
    return [table for table in tables if table]


def _table(key, title, column, cells, *, named=False, plot="bars"):
    """A Table of the cells that may be shown, or None.

    `named`: for things without a natural order: largest first, all small ones in one last row.
    """
    total = sum(cell.count for cell in cells)
    grouped = groups([cell.count for cell in cells])
    if grouped is None or not total:
        return None
    if named:
        grouped = [sorted(place for group in grouped for place in group)] if grouped else []
    first = {group[0]: [cells[place] for place in group] for group in grouped}
    inside = {place for group in grouped for place in group}
    rows = []
    for place, cell in enumerate(cells):
        if place in first:
            rows.append(_joint_row(first[place], total, named))
        elif place not in inside:
            count = rounded(cell.count)
            rows.append(Row(cell.label, count, _share(count, total), cell.short, cell.lang))
    if named:
        rows.sort(key=lambda row: (bool(row.parts), -row.count, sort_key(row.label)))
    return Table(key, title, column, rows, rounded(total), plot)


def _share(count, total):
    """The per cent in words; of the rounded counts, since exact ones could be computed from it."""
    return percent(min(100, 100 * count / rounded(total)))


def _joint_row(cells, total, named):
    """The row for cells that are published as one sum, with their names."""
    parts = [cell.label for cell in cells]
    if named:
        parts.sort(key=sort_key)
    label = ", ".join(parts)
    if named and len(parts) > 2:
        label = _("Others (%(count)d)") % {"count": len(parts)}
    count = rounded(sum(cell.count for cell in cells))
    short = "–".join(dict.fromkeys([cells[0].short, cells[-1].short]))
    lang = "tr" if any(cell.lang for cell in cells) else ""
    return Row(label, count, _share(count, total), short, lang, tuple(parts))
