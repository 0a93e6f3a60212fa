"""An education year in exact numbers, for the annual report of the municipality.

The same counts as on the public page (`izmek.site.figures`), but neither rounded nor joined: who writes the
report sees what is small and decides what is printed. So managers and auditors alone get it. What people
earned is told as on the public page and by its rule (`told_sales`), since a report repeats it as it stands;
what one exhibition sold is on its day sheet.
"""

from collections import defaultdict

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.models import EducationYear
from exhibitions.models import Exhibition, Work
from izmek.accounts.roles import Role
from izmek.admin.ready_sheets import hand_out
from izmek.sheets.writing import SheetTable
from izmek.site.figures import cells_of_people, counted_through, named_counts, told_sales, years
from izmek.text.order import sort_key
from trainees.services import counts_of

MAY = (Role.MANAGER, Role.AUDITOR)
COUNTED = ("courses", "seats", "ended", "completed")


def report_page(request):
    """The years that have something to count, each with its statistics as a file."""
    _check(request.user)
    return TemplateResponse(
        request,
        "admin/annual_report.html",
        {
            **admin.site.each_context(request),
            "title": _("Statistics for the annual report"),
            "years": years(counted_through()),
            "through": counted_through(),
        },
    )


def report_file(request, pk):
    """The statistics of one year; `?form=csv` as CSV."""
    _check(request.user)
    year = EducationYear.objects.filter(pk=pk).first()
    if year is None or year not in years(counted_through()):
        raise Http404
    tables = statistics(year, counted_through())
    name = _("Statistics %(year)s") % {"year": year}
    return hand_out(request, *tables, name=name, about=year, of_people=False)


def may_report(user):
    return user.has_role(*MAY)


def _check(user):
    if not may_report(user):
        raise PermissionDenied


def statistics(year, through):
    """All Tables of a year, counted up to a day."""
    counts = counts_of(year=year, through=through)
    courses, persons = named_counts(counts)
    columns = [_("Courses"), _("Places"), _("Ended"), _("Completed"), _("Not completed")]

    def places(title, column, of, order, told=str):
        sums = defaultdict(lambda: [0] * len(COUNTED))
        for row in courses:
            for place, name in enumerate(COUNTED):
                sums[of(row)][place] += row[name]
        rows = [_with_rest(told(name), *sums[name]) for name in sorted(sums, key=order)]
        return SheetTable(title, [column, *columns], rows)

    return [
        SheetTable(_("Summary"), [_("Figure"), _("Number")], _summary(year, counts, courses)),
        *(_people(*one) for one in cells_of_people(persons, courses)),
        places(_("By programme"), _("Programme"), lambda row: row["programme_name"], sort_key),
        places(_("By course centre"), _("Course centre"), lambda row: row["centre_name"], sort_key),
        places(
            _("By month of beginning"),
            _("Month"),
            lambda row: row["month"],
            lambda month: month,
            lambda month: date_format(month, "F Y"),
        ),
        _exhibitions(year, counts.through),
    ]


def _summary(year, counts, courses):
    sums = {name: sum(row[name] for row in courses) for name in COUNTED}
    works = Work.objects.public().filter(year=year).count()
    shown = Exhibition.objects.public().held_in(year, counts.through).count()
    sold, paid = (
        _("too few to be told") if value is None else value for value in told_sales(counts.totals)
    )
    return [
        [_("Education year"), str(year)],
        [_("Counted up to"), counts.through],
        [_("Trainees, each counted once"), counts.totals["trainees"]],
        [_("Courses"), counts.totals["courses"]],
        [_("Course centres"), counts.totals["centres"]],
        [_("Programmes"), counts.totals["programmes"]],
        [_("Lesson hours"), counts.totals["hours"]],
        [_("Places taken in courses"), sums["seats"]],
        [_("Places in courses that have ended"), sums["ended"]],
        [_("Completed"), sums["completed"]],
        [_("Works shown"), works],
        [_("Exhibitions"), shown],
        [_("Works sold"), sold],
        [_("Paid for works sold (TL)"), paid],
    ]


def _people(_key, title, column, cells):
    total = sum(cell.count for cell in cells)
    rows = [[cell.label, cell.count, _per_cent(cell.count, total)] for cell in cells]
    rows.append([_("Total"), total, _per_cent(total, total)])
    return SheetTable(title, [column, _("Trainees"), _("Per cent")], rows)


def _per_cent(part, whole):
    return round(100 * part / whole, 1) if whole else None


def _with_rest(name, courses, seats, ended, completed):
    return [name, courses, seats, ended, completed, ended - completed]


def _exhibitions(year, through):
    shown = Exhibition.objects.public().held_in(year, through).with_work_counts()
    shown = list(shown.order_by("begin", "pk"))
    rows = [
        [
            one.title,
            one.dates,
            one.place,
            one.approved_count,
            one.visitor_count,
        ]
        for one in shown
    ]
    headings = [
        _("Exhibition"),
        _("Dates"),
        _("Place"),
        _("Works"),
        _("Visitors"),
    ]
    return SheetTable(_("Exhibitions"), headings, rows)
