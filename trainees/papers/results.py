"""Marks (not çizelgesi, EK-10), exam record (sınav tutanağı), outcome list (kursiyer karar durumu)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from izmek.text.figures import in_turkish
from izmek.text.languages import capital
from trainees.arithmetic import EXEMPT
from trainees.enums import EnrolmentState
from trainees.papers.tables import PaperColumn, PaperTable, box_width

FEW, MANY = 8, 16  # columns of modules beside each other on a page, upright or landscape
ROOM = {FEW: 104, MANY: 190}  # mm for all of them
WIDEST = 20  # mm
DASH = "–"


def marks_list(record):
    """Module marks, M for exempt, and the mean."""
    count = len(record.modules) or (FEW if record.blank else 0)
    most = FEW if count <= FEW else MANY
    wide = box_width(count, most, room=ROOM[most], widest=WIDEST)
    modules = [
        PaperColumn(
            module.name,
            wide,
            "center",
            (_("%(name)s (%(hours)d h)") % {"name": module.name, "hours": module.hours},),
            turned=True,
        )
        for module in record.modules
    ] or [PaperColumn("", wide, lines=(" ",))] * count
    columns = [
        PaperColumn(_("No."), 8, "right"),
        PaperColumn(_("Trainee")),
        *modules,
        PaperColumn(_("Success mark"), 18, "right"),
    ]

    def cells(seat):
        if seat is None:
            return [""] * (len(columns) - 1)
        marks = ["" if mark is None else mark for mark in record.marks(seat)]
        return [str(seat.trainee), *marks, record.mean(seat)]

    notes = _("M: exempt; left out of the mean.")
    if not record.modules and not record.blank:
        notes = _("The programme has no modules that are marked: attendance alone decides.")
    table = PaperTable(
        columns,
        record.rows(record.seats, cells),
        boxes=(2, count),
        most=most,
        row=6,
        head=34 if record.modules else 9,
        notes=notes,
        flipped=most == MANY,
    )
    return [table]


def exam_record(record):
    """Each trainee's mark in figures and in words, and what follows from it."""
    columns = [
        PaperColumn(_("No."), 8, "right"),
        PaperColumn(_("Trainee")),
        PaperColumn(_("Mark"), 14, "center"),
        PaperColumn(_("Mark in words"), 42),
        PaperColumn(_("Result"), 32),
        PaperColumn(_("Signature"), 30),
    ]

    def cells(seat):
        if seat is None:
            return [""] * 5
        mean = record.mean(seat)
        return [str(seat.trainee), mean, _in_words(mean), _result(record.outcome(seat)[0]), ""]

    return [
        PaperTable(
            columns, record.rows(record.seats, cells), row=6.6, notes=_notes(record), flipped=False
        )
    ]


def outcome_list(record):
    """How the course ended for each trainee, with the reason."""
    columns = [
        PaperColumn(_("No."), 8, "right"),
        PaperColumn(_("Trainee")),
        PaperColumn(_("Absent lesson hours"), 20, "right"),
        PaperColumn(_("Success mark"), 18, "right"),
        PaperColumn(_("Outcome"), 30),
        PaperColumn(_("Reason"), 54),
    ]

    def cells(seat):
        if seat is None:
            return [""] * 5
        state, absent, reason = record.outcome(seat)
        mean = record.mean(seat)
        return [str(seat.trainee), absent, mean, _result(state), reason]

    return [
        PaperTable(
            columns, record.rows(record.seats, cells), row=6.6, notes=_notes(record), flipped=False
        )
    ]


def _in_words(mean):
    if mean == EXEMPT:
        return _("exempt")
    return in_turkish(mean) if isinstance(mean, Decimal) else ""


def _result(state):
    return capital(EnrolmentState(state).label) if state else DASH


def _notes(record):
    if record.modules or record.blank:
        return ""
    return _("The programme has no modules that are marked: attendance alone decides.")
