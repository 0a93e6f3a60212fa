"""The list that HEM's e-Yaygın gives, put in to be compared (services/reconciliation.py)."""

import re

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Course
from courses.sheets.finding import Finder
from izmek.acts.imports import ImportKind
from izmek.secrets.identity import mask_written, written_hashes
from izmek.sheets import cells
from izmek.sheets.cells import CellError
from izmek.sheets.columns import Column
from trainees import rights
from trainees.models import OutsideRow
from trainees.queries.reconciliation import FACTS
from trainees.services.reconciliation import most_rows, reconcile
from trainees.sheets.trainees import COURSE_COLUMNS, who_is_it

LONGEST = 60  # characters of what a cell says
# What stands in the place of a digit; of letters and dots several together.
HIDDEN = re.compile(r"[*•●#_…]|[xX](?=[xX])|(?<=[xX])[xX]|\.(?=\.)|(?<=\.)\.")


def outside_number(value):
    """A number, whole or masked (12*******34), with * for each sign that is hidden; else as it stands.

    Eleven digits that check out are the whole number, whatever marks stand among them.
    """
    try:
        line = "".join(cells.digits(value).split())
    except CellError:  # shortened by Excel: the line of the person says so
        return cells.shown(value)[:LONGEST]
    digits = re.sub(r"[^0-9]", "", line)
    return digits if _hash(digits) else HIDDEN.sub("*", line)[:LONGEST]


def hours(value):
    """Lesson hours, also written as “8 saat”; what is no number stays as it stands."""
    said = cells.shown(value)
    plain = re.sub(r"\s*(?:ders\s+)?sa(?:at|\.)?$", "", said) if isinstance(value, str) else value
    try:
        return cells.number(plain)
    except CellError:
        return said[:LONGEST]


def words(value):
    return cells.shown(value)[:LONGEST]


PERSON = ("number", "first_name", "last_name", "full_name")
COLUMNS = [
    *(column for column in COURSE_COLUMNS if column.name == "course_number"),
    *(column for column in who_is_it() if column.name in PERSON and column.name != "number"),
    Column(
        "number",
        gettext_lazy("T.C. identity no"),
        next(column.synonyms for column in who_is_it() if column.name == "number"),
        reads=outside_number,
        examples=("12*******46", "17*******60"),
        help=gettext_lazy("Whole or masked; it may lack."),
        secret=True,
    ),
    Column(
        "total_hours",
        gettext_lazy("hours of the course"),
        ("kurs saati", "kursun saati", "toplam saat", "toplam kurs saati", "kurs süresi", "süre", "süresi",
         "program süresi", "toplam ders saati"),
        reads=hours,
        examples=(120, 120),
    ),
    Column(
        "absent_hours",
        gettext_lazy("absent lesson hours"),
        ("devamsızlık", "devamsızlık saati", "devamsız saat", "devamsızlığı", "toplam devamsızlık",
         "devamsız olduğu saat", "devamsızlık (saat)"),
        reads=hours,
        examples=(8, 0),
    ),
    Column(
        "attended_hours",
        gettext_lazy("attended lesson hours"),
        ("devam saati", "devam ettiği saat", "katıldığı saat", "devam edilen saat", "aldığı saat"),
        reads=hours,
    ),
    Column(
        "result",
        gettext_lazy("result"),
        ("sonuç", "sonucu", "durum", "durumu", "başarı durumu", "kurs sonucu", "karar", "belge durumu",
         "kursiyer durumu", "bitirme durumu"),
        reads=words,
        examples=("Başarılı", "Devamsız"),
    ),
]  # fmt: skip


class OutsideListKind(ImportKind):
    name = "e-yaygin"
    title = gettext_lazy("e-Yaygın’s list, to compare")
    text = gettext_lazy(
        "What HEM’s system says of one course or of many. It is laid beside our seats; nothing of it goes "
        "into the record."
    )
    about, about_all = Course, True
    is_kept = True
    together = True
    batch = 5_000

    def columns(self, about=None):
        return COLUMNS

    def may(self, by, about=None):
        return rights.may(by, "reconcile", about)

    def answer(self, about):
        """The tab of the course, or the page of all courses."""
        if about is None:
            return reverse("admin:trainees_enrolment_reconciliation")
        return reverse("admin:courses_course_reconciliation", args=[about.pk])

    def judge(self, lines, run):
        finder = run.memo.setdefault("finder", Finder(run.by, "reconcile", rights))
        finder.read_courses(lines)
        for line in lines:
            name = line.get("full_name") or " ".join(
                filter(None, (line.get("first_name"), line.get("last_name")))
            )
            number = line.get("number", "")
            line.shown = " · ".join(filter(None, (name, mask_written(number))))
            if not name:
                line.wrong(_("There is no name in this row."), help=_("Nobody can be compared."))
                continue
            course = finder.course(line) if line.get("course_number") else run.about
            if course is None:
                if not line.problems:
                    line.wrong(
                        _("This row does not say of which course it is."),
                        column="course_number",
                        help=_("Put the list in on the page of its course, or add the number."),
                    )
                continue
            line.target = course.pk
            if (count := _rows_of(course, run)) > most_rows(course):
                line.wrong(
                    _("Too many rows for one course: %(count)d, where %(most)d are the most.")
                    % {"count": count, "most": most_rows(course)},
                    help=_("Of a list of many courses say which column is the course number."),
                )
                continue
            line.plan["course"] = course
            line.plan["row"] = OutsideRow(
                row=line.number,
                name=name[:170],
                number=number,
                hash=_hash(number),
                facts={fact: line.get(fact) for fact in FACTS if line.get(fact) is not None},
            )

    def write(self, lines, run):
        parts = {}
        for line in lines:
            parts.setdefault(line.plan["course"], []).append(line.plan["row"])
        for course, rows in parts.items():
            reconcile(course=course, rows=rows, by=run.by, source=run.sheet)


def _rows_of(course, run):
    """How many rows of the list are of a course, as its check has found them."""
    if not run.writing:
        return 0
    if "rows" not in run.memo:
        rows = run.sheet.rows.exclude(target="").order_by().values_list("target")
        run.memo["rows"] = dict(rows.annotate(count=Count("pk")))
    return run.memo["rows"].get(str(course.pk), 0)


def _hash(number):
    return next(iter(written_hashes(number)), "")
