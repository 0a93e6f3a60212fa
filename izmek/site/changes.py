"""The page of recent changes: a day, who changed what on it, and how many of each."""

from datetime import timedelta

from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from izmek.admin.changes import COUNTED, Changes, is_more, read_mark
from izmek.models import User
from izmek.text.codes import row_key
from izmek.text.languages import capital

BACK = timedelta(
    days=365 * 30
)  # no history goes further; dates that no database takes are left out


def changes_page(request):
    """`?day=2026-11-26&who=7&table=trainees.trainee`: what was changed, newest first, page after page."""
    today = timezone.localdate()
    day = _day(request.GET.get("day", ""), today)
    changes = Changes(request.user, day)
    counts = changes.counts() if changes.models else []
    who = row_key(request.GET.get("who", ""))
    table = request.GET.get("table", "")
    model = next((model for model in changes.models if model._meta.label_lower == table), None)
    found, mark = [], None
    if counts:
        after = read_mark(request.GET.get("after", ""), changes.period)
        found, mark = changes.page(who=who, model=model, after=after)
    asked = {
        "day": day.isoformat(),
        "who": "" if who is None else who,
        "table": table if model else "",
    }
    context = {
        "title": _("Recent changes"),
        "day": day,
        "days": _days(day, today),
        "people": _people(counts, model),
        "who": who,
        "tables": _tables(counts, who),
        "table": table if model else "",
        "changes": found,
        "total": sum(
            n for by, of, n in counts if (who is None or (by or 0) == who) and model in (None, of)
        ),
        "counted": COUNTED if is_more(counts) else 0,
        "older": f"?{urlencode(asked | {'after': mark})}" if mark else "",
        "first": f"?{urlencode(asked)}" if "after" in request.GET else "",
        "is_today": day == today,
    }
    from django.contrib import admin

    return TemplateResponse(
        request, "admin/changes.html", {**admin.site.each_context(request), **context}
    )


def _day(asked, today):
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    return day if day and today - BACK < day <= today else today


def _days(day, today):
    """The days next to this one: [(label, address, whether it is this one)]."""
    near = [(_("Today"), today), (_("Yesterday"), today - timedelta(days=1))]
    near.append((_("The day before"), day - timedelta(days=1)))
    if day < today:
        near.append((_("The day after"), day + timedelta(days=1)))
    return [(label, f"?{urlencode({'day': one.isoformat()})}", one == day) for label, one in near]


def _people(counts, model):
    """[(id, name, how many)] of who changed something, most first; 0 is the system."""
    totals = {}
    for who, of, count in counts:
        if model in (None, of):
            totals[who or 0] = totals.get(who or 0, 0) + count
    users = User.objects.in_bulk([pk for pk in totals if pk]) if any(totals) else {}
    return [
        (pk, str(users[pk]) if pk in users else _("The system"), count)
        for pk, count in sorted(totals.items(), key=lambda pair: -pair[1])
    ]


def _tables(counts, who):
    """[(label, name, how many)] of the tables in which something changed."""
    totals = {}
    for by, model, count in counts:
        if who is None or (by or 0) == who:
            totals[model] = totals.get(model, 0) + count
    return [
        (model._meta.label_lower, capital(str(model._meta.verbose_name_plural)), count)
        for model, count in sorted(totals.items(), key=lambda pair: -pair[1])
    ]
