"""The waiting list of a course: offers, calls, and why someone waits (DESIGN.md §3, Application).

The list is computed by `Application.objects.waiting()` and never stored. Only `offer_free_seats`
offers seats, in the order of the list. Every act that frees a seat calls it while the course is
locked.
"""

from datetime import datetime, time, timedelta
from functools import cached_property

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.services import lock_course
from izmek.acts.enums import LetterChannel
from izmek.acts.letters import Facts
from izmek.acts.refusal import Refusal
from izmek.acts.rules import holds
from izmek.acts.saving import save
from trainees import rights
from trainees.enums import ApplicationState
from trainees.queries.applications import QUEUE, offer_stands
from trainees.queries.same_person import may_be_one_name
from trainees.services.admission_rules import closed_to_all
from trainees.services.letters import (
    day_of_offer,
    facts_of,
    told_in_writing_at,
    write_to_applicant,
)
from trainees.services.transitions import move

# --- Offers -----------------------------------------------------------------------------------


@transaction.atomic
def advance_queue(*, course):
    """Record expired offers and offer the free seats in order.

    Returns the applications with a new offer.

    Every act that frees a seat does this. `manage.py advance_queues` calls it for offers that
    expire with time. A repeated call changes nothing.
    """
    return offer_free_seats(lock_course(course))


def expire_overdue(course):
    """Record the expired offers and the lapsed applications of a (locked) course."""
    for application in course.applications.overdue() | course.applications.lapsed():
        if application.state == ApplicationState.OFFERED:
            move(application, ApplicationState.EXPIRED, by=None)
            write_to_applicant(application, "offer_expired")
        else:
            move(application, ApplicationState.LAPSED, by=None)


def offer_free_seats(course, newcomer=None):
    """Offer the free seats of a (locked) course to the confirmed waiting people, in order.

    `newcomer`: the application that is confirmed now. Its offer is valid until the registration
    deadline, other offers for the education year's `offer_hours` (DESIGN.md §3).
    """
    expire_overdue(course)
    if closed_to_all(course=course):
        return []
    waiting = course.applications.next_in_line()
    if not waiting.exists():
        return []
    offered = list(waiting[: course.seats_free])
    for application in offered:
        _offer(application, at_once=application == newcomer)
    return offered


def _offer(application, at_once):
    now = timezone.now()
    if at_once:
        until = registration_end(application.course, now)
    elif told_at := told_in_writing_at(
        application, "offer"
    ):  # by night a message waits for the morning
        until = told_at + offer_time(application.course)
    else:
        until = None  # the time starts when somebody tells the applicant
    move(application, ApplicationState.OFFERED, by=None, offered_at=now, offer_until=until)
    if not at_once:
        write_to_applicant(application, "offer")


def offer_time(course):
    """How long an offer is valid for someone who moves up later.

    The education year's `offer_hours`.
    """
    return timedelta(hours=course.term.year.offer_hours)


def registration_end(course, now):
    """The end of an offer that is made at once.

    It is the registration deadline or, without one, the start of the course's first day. It is
    never earlier than the end of a normal offer.
    """
    deadline = course.registration_deadline or timezone.make_aware(
        datetime.combine(course.begin, time.min)
    )
    return deadline if deadline > now else now + offer_time(course)


@transaction.atomic
def told_by_phone(*, application, by):
    """Record that an applicant whom nothing in writing reaches was told of the offer; its time starts now.

    A repeated call does not start the time again. Raises Refusal when the applicant has no offer.
    """
    rights.require(by, "told_by_phone", application)
    application = lock_application(application)
    if application.state != ApplicationState.OFFERED:
        raise Refusal(
            _("No seat is offered: the application is “%(state)s”."),
            params={"state": application.get_state_display()},
            code="state",
        )
    if application.told_at is None:
        application.told_at = timezone.now()
        if application.offer_until is None:
            application.offer_until = application.told_at + offer_time(application.course)
        save(application, by=by)
    return application


def stop_clock(application):
    """The message about an offer did not arrive: its time starts when somebody tells the applicant.

    Returns False if the offer has ended and nobody had told of it.
    """
    application = lock_application(application)
    if application.told_at is not None:
        return True
    if holds(offer_stands(timezone.now()), application):
        application.offer_until = None
        save(application, by=None)
        return True
    return not (application.has_expired or application.state == ApplicationState.EXPIRED)


def offer_told_again(letter):
    """The Facts of an offer whose letter is sent again: with the end that it has now.

    The time that stands still since the message failed begins anew, as `_offer` lets it begin. Raises
    Refusal `unwanted` when the offer does not stand, or no text message can tell of it.
    """
    application = lock_application(letter.object)
    now = timezone.now()
    if not holds(offer_stands(now), application):
        raise Refusal(_("The offer does not stand any more."), code="unwanted")
    if application.offer_until is None:
        is_text = letter.channel == LetterChannel.SMS
        told_at = told_in_writing_at(application, "offer") if is_text else now
        if told_at is None:
            raise Refusal(_("No text messages are sent at present: call instead."), code="unwanted")
        application.offer_until = told_at + offer_time(application.course)
        save(application, by=None)
    return Facts(facts_of(application), application.language, day_of_offer())


def close_applications(course, *, reason, by):
    """Reject every open application of a (locked) course that ends or is cancelled."""
    for application in course.applications.open():
        turn_down(application, reason, by)


def lock_application(application):
    """Lock the course of an application and read the application again."""
    return lock_course(application.course).applications.get(pk=application.pk)


def turn_down(application, reason, by):
    move(application, ApplicationState.REFUSED, by=by, reason=reason)
    if application.confirmed_at:  # an address that nobody has confirmed may be a stranger's
        write_to_applicant(application, "application_closed", reason=reason)


# --- Why --------------------------------------------------------------------------------------


class Queue:
    """What decides about a course's waiting list now, queried once for all who wait."""

    def __init__(self, course):
        self.course = course

    @cached_property
    def seats(self):
        return list(self.course.enrolments.holding_seat().select_related("trainee"))

    @cached_property
    def open(self):
        """The open applications, those that wait in their order."""
        return list(self.course.applications.open().order_by(*QUEUE))

    @property
    def held(self):
        return len(self.seats)

    @cached_property
    def offers(self):
        """The valid offers, by their end; those without one come last."""
        valid = [one for one in self.open if holds(offer_stands(timezone.now()), one)]
        ends = [one for one in valid if one.offer_until]
        return [
            *sorted(ends, key=lambda one: one.offer_until),
            *(one for one in valid if not one.offer_until),
        ]

    @cached_property
    def waiting(self):
        """The keys of the waiting applications, in order."""
        return [one.pk for one in self.open if one.state == ApplicationState.RECEIVED]

    @cached_property
    def names(self):
        """Who holds a seat or has an open application: {phone: {(kind, key): name}}."""
        found = {}
        for one in [*self.open, *(seat.trainee for seat in self.seats)]:
            found.setdefault(one.phone, {})[type(one), one.pk] = str(one)
        return found

    def similar(self, application):
        """The names on the same phone that may be the same person's."""
        mine, key = str(application), (type(application), application.pk)
        names = self.names.get(application.phone, {}).items()
        return [name for who, name in names if who != key and may_be_one_name(name, mine)]


def why_not_offered(application, queue=None):
    """Why an applicant has or has no offer, in sentences for the staff page.

    `queue`: the Queue of the course; pass it when asking about many applicants.
    """
    queue = queue or Queue(application.course)
    course = queue.course
    if application.state == ApplicationState.OFFERED:
        return [_why_offered(application), *_why_ask(application, queue)]
    if application.state != ApplicationState.RECEIVED:
        closed = _("The application is closed: %(state)s.") % {
            "state": application.get_state_display()
        }
        return [closed, application.state_reason] if application.state_reason else [closed]
    if refusal := closed_to_all(course=course):
        return refusal.messages
    why = [_why_unconfirmed(application)] if application.is_unconfirmed else []
    why += _why_ask(application, queue)
    why.append(
        _("Of %(capacity)d seats %(held)d are given and %(offered)d offered.")
        % {"capacity": course.capacity, "held": queue.held, "offered": len(queue.offers)}
    )
    ahead = queue.waiting.index(application.pk)
    if ahead:
        why.append(
            ngettext("%(count)d person is ahead.", "%(count)d people are ahead.", ahead)
            % {"count": ahead}
        )
    if not application.in_turn:
        why.append(_("Goes before the others: the course attended before was cancelled."))
    if application.already_certified:
        why.append(_("Certified in this programme already: others go first."))
    next_end = next((offer.offer_until for offer in queue.offers if offer.offer_until), None)
    if next_end:
        why.append(_("The next offer ends on %(when)s.") % {"when": _moment(next_end)})
    return why


def _why_ask(application, queue):
    similar = queue.similar(application)
    if not similar:
        return []
    return [
        _("Ask whether it is the same person: a similar name with the same phone, %(names)s.")
        % {"names": ", ".join(similar)}
    ]


def _why_unconfirmed(application):
    if application.confirm_until is None:
        return _("Not confirmed yet; a seat is offered only after that.")
    return _("Not confirmed yet; a seat is offered only after that. It lapses on %(until)s.") % {
        "until": _moment(application.confirm_until)
    }


def _why_offered(application):
    if application.offer_until is None:
        return _("A seat was offered on %(when)s; nobody has told the applicant yet.") % {
            "when": _moment(application.offered_at)
        }
    if application.has_expired:
        return _("The offer ended on %(until)s; the seat goes on to whoever is next.") % {
            "until": _moment(application.offer_until)
        }
    return _("A seat was offered on %(when)s; the offer stands until %(until)s.") % {
        "when": _moment(application.offered_at),
        "until": _moment(application.offer_until),
    }


def _moment(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
