"""Statements about the site: accessibility, personal data, cookies, contact."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courses.models import CourseCentre
from izmek.privacy.table import for_visitors
from izmek.privacy.terms import RESTRICTED
from izmek.public.cache import cached
from izmek.public.enums import Area
from izmek.public.head import head
from izmek.public.page import reading
from izmek.text.order import tr_order
from trainees.enums import NoticeKind
from trainees.models import NoticeText

COLLECTED = {  # when each text is shown
    NoticeKind.APPLICATION: gettext_lazy("When you apply for a course"),
    NoticeKind.REGISTRATION: gettext_lazy("When you enrol"),
    NoticeKind.CONSENT: gettext_lazy("What we ask your consent for"),
    NoticeKind.ENQUIRY: gettext_lazy("When you write to us"),
    NoticeKind.NOTE: gettext_lazy("When you write in a visitor book"),
}


@reading
@cached(Area.COURSES)
def accessibility(request):
    return _statement(
        request,
        "accessibility",
        _("Accessibility"),
        _("How accessible the site of İZMEK is, what was tested, and how to tell us of a problem."),
    )


@reading
@cached(Area.COURSES)
def privacy(request):
    """What the record of processing says, and the current notices, each with its version (DOMAIN.md §5)."""
    return _statement(
        request,
        "privacy",
        _("Your personal data"),
        _("Which personal data İZMEK collects, why, for how long, and what you may ask."),
        notices=_notices(),
        kept=for_visitors(),
        restricted=RESTRICTED,
    )


@reading
@cached(Area.COURSES)
def cookies(request):
    return _statement(
        request,
        "cookies",
        _("Cookies"),
        _("Which cookies the site of İZMEK sets: only those that it needs."),
        session_hours=settings.SESSION_HOURS,
        device_days=settings.SIGN_INS_KEPT_DAYS,
    )


@reading
@cached(Area.COURSES)
def contact(request):
    """Telephone, address and hours of all centres, and links to the forms."""
    centres = CourseCentre.objects.public().select_related("neighbourhood")
    return _statement(
        request,
        "contact",
        _("Contact"),
        _(
            "Telephone numbers and addresses of the course centres of İZMEK, and a form to write to us."
        ),
        centres=centres.order_by(tr_order("name")),
    )


def _statement(request, name, title, description, **context):
    """A page with one template for each language: `site/statements/<name>.<language>.html`."""
    return render(
        request,
        "site/statement.html",
        {
            "title": title,
            "text": f"site/statements/{name}.{get_language()}.html",
            "crumbs": [(_("Home"), reverse("home"))],
            "head": head(request, title=title, description=description),
            **context,
        },
    )


def _notices():
    """[(heading, NoticeText)]: the latest version of each kind, in the page's language if possible."""
    found = {}
    for text in NoticeText.objects.order_by("version"):
        found[text.kind, text.language] = text
    language = get_language()
    return [
        (heading, text)
        for kind, heading in COLLECTED.items()
        if (text := found.get((kind, language)) or found.get((kind, "tr")))
    ]
