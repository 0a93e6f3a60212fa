"""Exhibitions: publish, unpublish, postpone, cancel."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exhibitions import rights
from exhibitions.enums import ExhibitionState
from exhibitions.models import Photo
from exhibitions.services.names_in_texts import check_names_in_texts, check_texts_of_exhibition
from exhibitions.services.photos import check_described
from izmek.acts.locks import lock
from izmek.acts.refusal import Refusal, given_reason, given_text
from izmek.acts.saving import save

DATE_NOTE_LENGTH = 200  # characters; the length of an exhibition's `date_note`


@transaction.atomic
def publish_exhibition(*, exhibition, by, publish_from=None):
    """Publish an exhibition, now or at a later moment. Raises Refusal when something is missing.

    It needs a venue (unless it is online), a text, and a description for every photo of its
    approved works that is not decorative; no text may name a person without consent for the web.
    The moment must be before its end. A public exhibition
    stays public; `unpublish_exhibition` hides it. A postponed one is announced with its dates as
    they are now; the page tells that it was postponed, and the reason.
    """
    rights.require(by, "publish_exhibition", exhibition)
    exhibition = lock(exhibition)
    if publish_from and publish_from > timezone.now():
        if exhibition.is_public():
            raise Refusal(
                _("It is public already. Take it off the site first, then publish it at a time."),
                field="publish_from",
                code="state",
            )
        if timezone.localdate(publish_from) > exhibition.end:
            raise Refusal(
                _("The exhibition is over by then: its last day is %(day)s."),
                params={"day": date_format(exhibition.end)},
                field="publish_from",
                code="late",
            )
    if not exhibition.venue and exhibition.kind != "online":
        raise Refusal(_("Enter the venue."), field="venue", code="venue")
    if not exhibition.text.strip():
        raise Refusal(_("Enter a text: what is shown, by whom."), field="text", code="text")
    check_described(
        Photo.objects.filter(work__in=exhibition.showings.approved().values("work"))
        | exhibition.photos.all()
    )
    check_texts_of_exhibition(exhibition)
    check_dates(exhibition)
    if exhibition.state != ExhibitionState.POSTPONED:
        exhibition.state_reason = ""
    exhibition.state = ExhibitionState.PUBLISHED
    exhibition.publish_from = publish_from
    return save(exhibition, by=by)


def check_dates(exhibition, field=""):
    """Raise Refusal for what hangs on a day outside the exhibition's dates.

    The hour from which it is public, its opening ceremony, its days with other hours. `field`: the
    field for the message, by default each its own.
    """
    day = exhibition.publish_from and timezone.localdate(exhibition.publish_from)
    if day and day > max(exhibition.end, timezone.localdate()):
        raise Refusal(
            _("It becomes public on %(day)s only, after its last day."),
            params={"day": date_format(day)},
            field=field or "end",
            code="late",
        )
    day = exhibition.opening_at and timezone.localdate(exhibition.opening_at)
    if day and not exhibition.begin <= day <= exhibition.end:
        raise Refusal(
            _("The opening ceremony is on %(day)s, outside the exhibition's dates."),
            params={"day": date_format(day)},
            field=field or "opening_at",
            code="opening",
        )
    outside = exhibition.days.exclude(date__range=(exhibition.begin, exhibition.end))
    if outside:
        raise Refusal(
            _("Days with other hours lie outside the exhibition's dates: %(days)s"),
            params={"days": ", ".join(date_format(one.date) for one in outside)},
            field=field or "end",
            code="days",
        )


@transaction.atomic
def unpublish_exhibition(*, exhibition, by):
    """Take an exhibition off the public pages: it becomes a draft again.

    Raises Refusal for a draft.
    """
    rights.require(by, "unpublish_exhibition", exhibition)
    exhibition = lock(exhibition)
    if exhibition.state == ExhibitionState.DRAFT:
        raise Refusal(_("It is a draft already; nobody sees it."), code="state")
    exhibition.state, exhibition.publish_from = ExhibitionState.DRAFT, None
    return save(exhibition, by=by)


@transaction.atomic
def close_exhibition_early(*, exhibition, last_day, note, by):
    """End a public exhibition earlier than planned; `note` tells visitors why (may be empty).

    Its days with other hours after that day are deleted. Raises Refusal at `last_day` when it is
    not earlier than planned, before the first day, or before the opening or the publication.
    """
    rights.require(by, "close_exhibition_early", exhibition)
    exhibition = lock(exhibition)
    if exhibition.state != ExhibitionState.PUBLISHED:
        raise Refusal(_("Only a published exhibition can be closed early."), code="state")
    if not exhibition.begin <= last_day < exhibition.end:
        raise Refusal(
            _("Choose a day from its first day on and before its last day."),
            field="last_day",
            code="day",
        )
    exhibition.end = last_day
    for day in exhibition.days.filter(date__gt=last_day):
        day._history_user = by
        day.delete()
    check_dates(exhibition, field="last_day")
    note = given_text(note, field="note", length=DATE_NOTE_LENGTH)
    exhibition.date_note = note or exhibition.date_note
    check_names_in_texts(exhibition)
    return save(exhibition, by=by)


@transaction.atomic
def postpone_exhibition(*, exhibition, reason, by):
    """Say on the page that an exhibition is postponed."""
    rights.require(by, "postpone_exhibition", exhibition)
    return _close(exhibition, ExhibitionState.POSTPONED, reason, by)


@transaction.atomic
def cancel_exhibition(*, exhibition, reason, by):
    """Say on the page that an exhibition is cancelled."""
    rights.require(by, "cancel_exhibition", exhibition)
    return _close(exhibition, ExhibitionState.CANCELLED, reason, by)


def _close(exhibition, state, reason, by):
    exhibition = lock(exhibition)
    if not exhibition.is_public():
        raise Refusal(_("Nobody sees it yet; take it back to a draft, or delete it."), code="state")
    exhibition.state, exhibition.state_reason = state, given_reason(reason)
    check_names_in_texts(exhibition)
    return save(exhibition, by=by)
