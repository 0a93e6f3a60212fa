"""What browsers report of the content policy (CSP): something on a page wanted what the policy forbids.

It may be an attack, a mistake of ours or an extension of the visitor's browser. Kept is only what tells
these apart: which directive, which view, which host; no address, no text, nobody. At most KINDS different
ones a day, in the cache that all processes share, each for DAYS after it was last reported; `manage.py
doctor` shows them. Who invents reports fills one day, and no later one.
"""

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from izmek.accounts.access import public
from izmek.accounts.limits import limit

KEY, DAYS, KINDS = "csp-reports", 30, 50
TYPES = ("application/csp-report", "application/reports+json", "application/json")
MOST_BYTES = 16 * 1024
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PolicyReport:
    """`directive` was broken on a page of `view` by `blocked`: a word of CSP, or scheme and host."""

    directive: str
    view: str
    blocked: str


@public
@csrf_exempt
@require_POST
def policy_report(request):
    """Where browsers report; 204 whatever came, 429 for too many. It never touches the session."""
    if not limit(request, "csp-report", times=20, seconds=600):
        return HttpResponse(status=429)
    if request.content_type in TYPES:
        for report in _read(request.body):
            _keep(report)
    return HttpResponse(status=204)


policy_report.most_bytes = MOST_BYTES


def policy_reports():
    """{PolicyReport: (how often, the last day)} of the last DAYS."""
    return {PolicyReport(*kind): told for kind, told in _found().items()}


def _found():
    first = f"{timezone.localdate() - timedelta(days=DAYS):%Y-%m-%d}"
    found = cache.get(KEY) or {}
    return {kind: told for kind, told in found.items() if told[1] >= first}


def _read(body):
    """The PolicyReports in either of the two forms that browsers send."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    for each in sent[:10] if isinstance(sent, list) else [sent]:
        said = each.get("csp-report") or each.get("body") if isinstance(each, dict) else None
        if not isinstance(said, dict):
            continue
        directive = _first(said, "effective-directive", "effectiveDirective", "violated-directive")
        name = directive.partition(" ")[0]
        if name.replace("-", "").isalpha() and name.isascii() and len(name) <= 30:
            page = _first(said, "document-uri", "documentURL")
            yield PolicyReport(
                name, _view(page), _origin(_first(said, "blocked-uri", "blockedURL"))
            )


def _first(said, *names):
    return next((said[name] for name in names if isinstance(said.get(name), str)), "")


def _view(address):
    try:
        return resolve(urlsplit(address).path).view_name or "?"
    except (Resolver404, ValueError):
        return "?"


def _origin(address):
    """A word such as `inline`, or scheme and host: a path may say whom somebody looked at."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "?"
    told = f"{parts.scheme}://{host}" if host else parts.scheme or address
    return told[:100] if told.isascii() and told.isprintable() else "?"


def _keep(report):
    """Two at the same moment may count as one: how often is told roughly."""
    kind = (report.directive, report.view, report.blocked)
    found, today = _found(), f"{timezone.localdate():%Y-%m-%d}"
    if kind not in found:
        if len(found) >= KINDS:
            longest_ago = min(found, key=lambda one: found[one][1])
            if found[longest_ago][1] == today:
                return
            del found[longest_ago]
        log.warning("content policy: %s broken on %s by %s", *kind)
    found[kind] = (found.get(kind, (0, ""))[0] + 1, today)
    cache.set(KEY, found, DAYS * 24 * 3600)
