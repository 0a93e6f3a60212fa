"""The facts that pages print in lists: (label, value, address or None), empty values left out there."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from exhibitions.enums import WorkState
from izmek.text.languages import said

# The kinds of tag by state (templates/_tag.html).
WORK_COLOURS = {
    WorkState.SUBMITTED: "soon",
    WorkState.APPROVED: "now",
    WorkState.RETURNED: "last",
    WorkState.WITHDRAWN: "past",
}


def visit_facts(exhibition):
    """When and where, as briefly as a card can say it."""
    return [
        (_("Dates"), exhibition.dates, None),
        (_("Hours"), "; ".join(exhibition.opening_hours), None),
        (_("Place"), exhibition.place, None),
        (_("Entry"), said(exhibition, "entry"), None),
    ]


def work_facts(work, *, names, unnamed, teacher, exhibitions):
    """In the order of the label (DOMAIN.md §3).

    `names` and `teacher` are what may be printed at this moment, `unnamed` is the number of makers
    beside these; `exhibitions` are the public ones.
    """
    course, centre = work.course, work.centre
    return [
        (_("Maker") if len(names) + unnamed < 2 else _("Makers"), _makers(names, unnamed), None),
        (_("Technique"), _craft(work.technique), works_address(teknik=work.technique.slug)),
        (_("Materials"), said(work, "materials"), None),
        (_("Size"), work.size, None),
        (_("Education year"), work.year.name, works_address(yil=work.year.name)),
        (_("Course"), course and said(course.programme, "name"), None),
        (_("Teacher"), teacher, None),
        (_("Course centre"), centre.name, centre.get_absolute_url() if centre.in_use else None),
        (
            _("Exhibition") if len(exhibitions) < 2 else _("Exhibitions"),
            format_html_join(
                mark_safe("<br>"),
                '<a href="{}">{}</a> <span class="muted">{}</span>',
                ((one.get_absolute_url(), said(one, "title"), one.dates) for one in exhibitions),
            ),
            None,
        ),
        (_("Work no."), work.number, None),
    ]


def _makers(names, unnamed):
    """The makers in words; of a single one who is not named, nothing."""
    if not names:
        return _("%(count)d people") % {"count": unnamed} if unnamed > 1 else ""
    more = ngettext("%(count)d more", "%(count)d more", unnamed) % {"count": unnamed}
    return ", ".join([*names, more] if unnamed else names)


def works_address(**chosen):
    """All works of one technique (`teknik`), centre (`merkez`) or education year (`yil`)."""
    return f"{reverse('works')}?{urlencode(chosen)}"


def _craft(technique):
    """The Turkish name of a craft stays; an English page explains it in brackets."""
    if get_language() == "tr":
        return technique.name
    name = format_html('<span lang="tr">{}</span>', technique.name)
    return format_html("{} ({})", name, technique.name_en) if technique.name_en else name
