"""The page of the status in the admin: what works and what does not, in plain words, for managers."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.accounts.roles import Role
from izmek.site.checks import CHECKS, Grade

MAY = (Role.MANAGER, Role.AUDITOR)
# (the word, the kind of tag): a colour alone would say nothing to many.
WORDS = {
    Grade.UNSET: (gettext_lazy("not set up"), ""),
    Grade.FINE: (gettext_lazy("in order"), "now"),
    Grade.LOOK: (gettext_lazy("to be looked at"), "last"),
    Grade.BROKEN: (gettext_lazy("does not work"), "wrong"),
}


def may_see(user):
    return user.has_role(*MAY)


def status_page(request):
    """A line for each check: how it stands, what was found, what it means and what to do."""
    if not may_see(request.user):
        raise PermissionDenied
    lines = [_line(check) for check in CHECKS]
    context = {
        **admin.site.each_context(request),
        "title": _("System status"),
        "lines": lines,
        "wrong": sum(line["grade"] > Grade.FINE for line in lines),
        "unset": sum(line["grade"] == Grade.UNSET for line in lines),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/status.html", context)


def _line(check):
    found = check.found()
    grade = max((one.grade for one in found), default=Grade.FINE)
    word, kind = WORDS[grade]
    return {"check": check, "found": found, "grade": grade, "word": word, "kind": kind}
