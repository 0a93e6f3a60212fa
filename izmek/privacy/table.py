"""The record of processing as a table, for VERBİS, the admin, the docs and the notice."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from izmek.accounts.roles import Role
from izmek.privacy import record
from izmek.privacy.record import Instead, Keep
from izmek.privacy.terms import RESTRICTED
from izmek.text.languages import capital


@dataclass(frozen=True)
class RecordLine:
    """What is said in one breath: columns of a table with the same purpose, ground, period and readers."""

    whom: str
    table: str
    columns: str
    purpose: str
    basis: str
    period: str
    seen_by: str
    end: str  # what becomes of it
    special: bool


HEADINGS = (
    "whom",
    "table",
    "columns",
    "purpose",
    "basis",
    "period",
    "seen_by",
    "end",
)


def headings():
    """The headings of the table, in the language of the moment."""
    return [
        _("People"),
        _("Table"),
        _("Personal data"),
        _("Purpose"),
        _("Legal basis"),
        _("Kept for"),
        _("Seen by"),
        _("What becomes of it"),
    ]


def lines():
    """The record as Lines: table by table."""
    found = {}
    for declaration in record.records():
        for name, one in declaration.personal.items():
            if not one.seen_by and not one.handed_over:
                continue  # keys for searching and such: copies of what is told already
            told_together = (one.purpose, one.basis, one.period, one.seen_by, one.special)
            key = (declaration.model, *told_together, _end(declaration, one))
            found.setdefault(key, []).append(name)
    return [_line(*key, names) for key, names in found.items()]


def _line(model, purpose, basis, period, seen_by, special, end, names):
    meta = model._meta
    columns = dict.fromkeys(_name(meta.get_field(name)) for name in names)
    return RecordLine(
        whom=capital(str(record.of(model).whom or _("Users: staff and teachers"))),
        table=capital(str(meta.verbose_name_plural)),
        columns=", ".join(columns),
        purpose=capital(str(purpose.words)),
        basis=basis.words,
        period=capital(told(period)),
        seen_by=", ".join(str(role.label) for role in Role if role in seen_by),
        end=end,
        special=special,
    )


def _name(column):
    """What a column is called; one without a name of its own like the table to which it leads."""
    if column.is_relation and column.verbose_name == column.name.replace("_", " "):
        return str(column.related_model._meta.verbose_name)
    return str(column.verbose_name)


def told(period):
    """`after the person’s last course: 10 years`."""
    return f"{period.counted_from}: {period.told}"


def _end(declaration, personal):
    if declaration.erase_rows:
        return _("Deleted")
    if isinstance(personal.erase, Keep):
        return capital(str(personal.erase.reason))
    if isinstance(personal.erase, Instead):
        return capital(_("replaced by: %(what)s") % {"what": personal.erase.words})
    return _("Emptied")


def for_visitors():
    """[(purpose, [ground], [period])] in words, for the notice: what concerns people outside the house."""
    found = {}
    for declaration in record.records():
        for one in declaration.personal.values():
            if one.handed_over:
                bases, periods = found.setdefault(one.purpose, ({}, {}))
                bases[one.basis.words] = periods[f"{one.period.words}: {told(one.period)}"] = True
    return [
        (
            capital(str(purpose.words)),
            [capital(str(b)) for b in bases],
            [capital(str(p)) for p in periods],
        )
        for purpose, (bases, periods) in found.items()
    ]


def as_markdown():
    """The record as a page of the docs, in the language of the moment."""
    text = [f"# {_('Record of processing')}", "", _introduction(), "", str(RESTRICTED), ""]
    text += [f"| {' | '.join(headings())} |", "|" + "---|" * len(HEADINGS)]
    for line in lines():
        cells = [str(getattr(line, name)).replace("|", "/") for name in HEADINGS]
        text.append(f"| {' | '.join(cells)} |")
    return "\n".join(text) + "\n"


def _introduction():
    return _(
        "Written by `manage.py processing_record` from the declarations of the program: nothing is added "
        "here by hand. The periods are the defaults; an installation may set others."
    )
