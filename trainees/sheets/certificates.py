"""Who is called when at the ceremony, as a spreadsheet."""

from django.utils.translation import gettext as _

from izmek.sheets.writing import SheetTable
from trainees.wording import course_of


def calling_list(certificates, in_words):
    """A row for each certificate with its seat, in calling order; `in_words`: what was chosen."""
    headings = [
        _("Seat"),
        _("First and last name"),
        _("Course"),
        _("Course centre"),
        _("Certificate"),
    ]
    rows = [
        [
            place,
            one.content["name"],
            course_of(one),
            one.content["centre"],
            one.number,
        ]
        for place, one in enumerate(certificates, 1)
    ]
    return SheetTable(_("Calling list of the ceremony"), headings, rows, above=in_words)
