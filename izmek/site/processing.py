"""The record of processing in the admin: for managers and auditors, on screen, on paper and as a file."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from izmek.accounts.roles import Role
from izmek.admin.ready_sheets import hand_out
from izmek.privacy import destruction, table
from izmek.privacy.table import HEADINGS
from izmek.privacy.terms import RESTRICTED
from izmek.sheets.writing import SheetTable

MAY = (Role.MANAGER, Role.AUDITOR)


def may_read(user):
    return user.has_role(*MAY)


def processing_page(request):
    """The table, and when what is over was destroyed last."""
    if not may_read(request.user):
        raise PermissionDenied
    ended, due = destruction.standing()
    return TemplateResponse(
        request,
        "admin/processing.html",
        {
            **admin.site.each_context(request),
            "title": _("Record of processing"),
            "headings": table.headings(),
            "lines": table.lines(),
            "ended": ended,
            "due": due,
            "restricted": RESTRICTED,
        },
    )


def processing_file(request):
    """The table as XLSX, or as CSV with `?form=csv`; it tells of nobody."""
    if not may_read(request.user):
        raise PermissionDenied
    rows = [[getattr(line, name) for name in HEADINGS] for line in table.lines()]
    sheet = SheetTable(_("Record of processing"), table.headings(), rows)
    return hand_out(request, sheet, name=_("Record of processing"), about=None, of_people=False)
