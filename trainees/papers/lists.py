"""Who attends: the class list with phones, and the sign-in sheet (imza listesi)."""

from calendar import monthrange

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from izmek.text.phones import show
from trainees.papers.tables import PaperColumn, PaperTable, box_width

BOXES = 10  # to sign in, beside each other on a page; as many where no lesson is known
ROOM, WIDEST = 210, 40  # mm: for all of them, for one


def class_list(record):
    """Who attends, how they and their guardians are reached; as the reader sees them."""
    columns = [
        PaperColumn(_("No."), 8, "right"),
        PaperColumn(_("First name"), 29),
        PaperColumn(_("Last name"), 29),
        PaperColumn(_("Phone"), 25),
        PaperColumn(_("E-mail")),
        PaperColumn(_("Date of birth"), 18),
        PaperColumn(_("Neighbourhood"), 26),
        PaperColumn(_("Guardian"), 32),
        PaperColumn(_("Guardian’s phone"), 25),
        PaperColumn(_("Joined on"), 17),
        PaperColumn(_("Absent lesson hours"), 17, "right"),
    ]
    rows = record.rows(record.seats, _reached)
    return [PaperTable(columns, rows, row=6.2, head=9)]


def _reached(seat):
    if seat is None:
        return [""] * 10
    who = seat.trainee
    guardians = guardians_of(who)
    return [
        who.first_name,
        who.last_name,
        show(who.phone),
        who.email,
        who.birth_date,
        who.neighbourhood and who.neighbourhood.name,
        ", ".join(f"{one.name} ({one.relation})" for one in guardians),
        ", ".join(filter(None, (show(one.phone) for one in guardians))),
        seat.joined_on,
        seat.absent,
    ]


def guardians_of(trainee):
    """Those of who is under 18, or has no phone: as for a call (`phones_of`)."""
    known = trainee.__dict__["birth_date"]  # masked it is no date, and an auditor calls nobody
    minor = not isinstance(known, str) and trainee.is_minor()
    return trainee.guardians.all() if minor or not trainee.phone else ()


def sign_in_list(record):
    """Names, and a box for each lesson of the month that was asked for, or of that of the next one."""
    month = record.coming_month
    seats = record.seats
    if record.month:  # perhaps long ago
        last = month.replace(day=monthrange(month.year, month.month)[1])
        seats = record.held_between(month, last)
    lessons = record.by_month.get(month, [])
    wide = box_width(len(lessons) or BOXES, BOXES, room=ROOM, widest=WIDEST)
    boxes = [
        PaperColumn(
            f"{one.date:%d.%m} {date_format(one.date, 'D')} {one.begin:%H.%M}",
            wide,
            lines=(f"{one.date:%d.%m} {date_format(one.date, 'D')}", f"{one.begin:%H.%M}"),
        )
        for one in lessons
    ] or [PaperColumn("", wide, lines=(" ",))] * BOXES
    columns = [PaperColumn(_("No."), 8, "right"), PaperColumn(_("Trainee")), *boxes]
    empty = [""] * len(boxes)
    rows = record.rows(seats, lambda seat: ["" if seat is None else str(seat.trainee), *empty])
    table = PaperTable(
        columns,
        rows,
        title=f"{MONTHS[month.month]} {month.year}",
        day=lessons[-1].date if lessons else None,
        boxes=(2, len(boxes)),
        most=BOXES,
        row=5.8,
        head=8,
    )
    return [table]
