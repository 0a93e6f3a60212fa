"""Confirming an application: a stranger's word takes no seat (DESIGN.md §3, Application).

An application has its place in the order from the moment it is received, but it is offered a seat
only once it is confirmed: by the link in its e-mail, or by staff, on the telephone or at the
counter. Otherwise it lapses after the education year's `confirm_days`.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import override

from izmek.accounts.limits import limit
from izmek.accounts.links import Outdated
from izmek.acts.letters import LINK, Facts
from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from izmek.text.fold import fold
from trainees import rights
from trainees.models import Application
from trainees.services.letters import facts_of, write_to_applicant
from trainees.services.waiting_list import (
    expire_overdue,
    lock_application,
    offer_free_seats,
    offer_told_again,
)

# To one address: else a form would let anybody send somebody any number of letters.
LETTERS_TO_ONE_ADDRESS = {"times": 3, "seconds": 24 * 60 * 60}


def ask_to_confirm(application, by_mail=True):
    """Set until when a new application has to be confirmed, and whether a letter may ask for it.

    Before it is saved; afterwards `send_link`. Without a letter (`asked_at` stays empty) the centre
    calls. `by_mail`: False where only the centre can tell.
    """
    now = timezone.now()
    days = application.course.term.year.confirm_days
    application.asked_at, application.confirm_until = None, now + timedelta(days=days)
    if (
        by_mail
        and application.email
        and limit(None, "confirmation", who=fold(application.email), **LETTERS_TO_ONE_ADDRESS)
    ):
        application.asked_at = now


def send_link(application):
    """Send the letter with the link, if `ask_to_confirm` has found that it may be sent."""
    if application.asked_at:
        write_to_applicant(application, "confirmation", link=LINK)


def confirmation_code(application):
    """The secret of the link: whoever has it reads the mail of the address in the application."""
    signer = Signer(salt="trainees.confirmation")
    return signer.signature(f"{application.reference}:{application.email}")


def confirmation_link(letter):
    """The link of a letter; like other links it is not stored (izmek/accounts/links.py)."""
    application = letter.object
    if application is None or application.email != letter.to:
        raise Outdated("the application has another address now")
    with override(application.language):
        return settings.SITE_URL + reverse(
            "confirm", args=[application.reference, confirmation_code(application)]
        )


@transaction.atomic
def confirm_application(*, application, by=None, code=""):
    """The applicant wants the seat: from now on one is offered when it is their turn.

    `by` None is the applicant, who proves with the `code` of the link that the e-mail address is
    theirs. Staff were told so, on the telephone or at the counter. A repeated call changes nothing.
    Raises Refusal `code` for a wrong code, and `state` for a closed or lapsed application.
    """
    rights.require(by, "confirm_application", application)
    application = lock_application(application)
    if by is None and not constant_time_compare(code, confirmation_code(application)):
        raise Refusal(_("This link does not belong to the application."), code="code")
    expire_overdue(application.course)
    application.refresh_from_db(fields=["state"])
    if application.confirmed_at is None:
        if not application.is_unconfirmed:
            raise Refusal(
                _("This is not possible: the state is “%(state)s”."),
                params={"state": application.get_state_display()},
                code="state",
            )
        application.confirmed_at = timezone.now()
        save(application, by=by)
        offer_free_seats(application.course, newcomer=application)
        tell_place(application)
    return with_place(application)


def tell_place(application):
    """Write to a confirmed applicant: the seat that is kept for them, or their place on the list."""
    placed = with_place(application)
    write_to_applicant(placed, "application", position=placed.position)


def place_told_again(letter):
    """The Facts of the letter of `tell_place` when it is sent again: the place, or the seat, of now.

    Raises Refusal `unwanted` when there is neither any more.
    """
    placed = with_place(letter.object)
    if placed.position is None:
        return offer_told_again(letter)
    return Facts(facts_of(placed, position=placed.position), placed.language)


def with_place(application):
    """The application, read again with its `position` on the waiting list."""
    placed = Application.objects.with_position().get(pk=application.pk)
    placed.course = application.course
    return placed
