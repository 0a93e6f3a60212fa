"""Whom somebody has to call, as a list for the telephone."""

from django.utils.translation import gettext as _

from izmek.sheets.writing import SheetTable
from izmek.text.languages import capital


def call_list(people):
    """A row for each thing to say. `people`: the Persons of the desk of calls, as the reader sees them."""
    headings = [
        _("First and last name"),
        _("Phone"),
        _("What to say"),
        _("Course"),
        _("Why"),
        _("To be told by"),
        _("Waiting since"),
        _("Last call"),
        _("Note"),
    ]
    rows = [
        [
            str(person.who),
            ", ".join(f"{shown} {whose}".strip() for whose, _phone, shown, _wrong in person.phones),
            thing["what"],
            str(thing["course"]),
            capital(str(thing["kind"])),
            thing["until"],
            person.since,
            _last_attempt(person),
            "",
        ]
        for person in people
        if person.who
        for thing in person.say
    ]
    return SheetTable(_("People to call"), headings, rows)


def _last_attempt(person):
    if not person.attempts:
        return ""
    last = person.attempts[0]
    return f"{last.at:%d.%m.%Y} {last.get_answer_display()} {last.reason}".strip()
