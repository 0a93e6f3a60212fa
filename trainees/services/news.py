"""News of a course that takes applications: to those alone who agreed to be told of coming courses.

By e-mail, or by text message to whom we have no address of. Who is reached in neither way is not called:
nobody is owed news (DOMAIN.md §5).
"""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Course
from courses.services import lock_course
from izmek.acts.letters import render, render_text, write, write_text
from izmek.acts.refusal import Refusal, given_text
from izmek.acts.sms.signs import Measured, measure
from izmek.models import Letter
from trainees import rights
from trainees.enums import Purpose
from trainees.models import Application, Consent, Enrolment, Trainee
from trainees.services.letters import mobile_of

MOST_PARTS = 3  # of a text message: each is paid for, by each who gets it
LONGEST = 600  # characters of what is typed
KIND = "news"


@dataclass(frozen=True)
class NewsPreview:
    """What would be sent: the text message as people read it, its length, and to how many either way."""

    text: str
    measured: Measured
    by_email: list  # Trainees
    by_sms: list  # (Trainee, phone)


def readers(course):
    """The trainees who agreed to news and attended at the course's centre, or the same programme elsewhere.

    Without those who have a seat or an open application in the course.
    """
    seats, own = Enrolment.objects.order_by(), {"trainee": OuterRef("pk")}
    known = Exists(seats.filter(**own, course__centre=course.centre_id)) | Exists(
        seats.filter(**own, course__programme=course.programme_id)
    )
    inside = Exists(seats.filter(**own, course=course)) | Exists(
        Application.objects.open().filter(**own, course=course)
    )
    agrees = Consent.objects.holds(Purpose.CONTACT, trainee="pk")
    rows = Trainee.objects.annotate(agrees=agrees).filter(known, ~inside, agrees=True)
    return rows.filter(anonymised_at=None).order_by("pk").prefetch_related("guardians")


def preview_news(*, course, text):
    """The NewsPreview of a text about a course. Who has this text already gets it no second time.

    Nor does a number or an address that several people share. Raises Refusal for an empty text (`text`),
    one that is too long as a message (`long`), and a course that takes no applications (`closed`).
    """
    text = given_text(text, field="text", length=LONGEST)
    if not text:
        raise Refusal(_("Write what is new."), field="text", code="text")
    if not Course.objects.open_for_application().filter(pk=course.pk).exists():
        raise Refusal(_("This course takes no applications now."), code="closed")
    facts = {"course": course, "text": text}
    message = render_text(KIND, facts, "tr")
    measured = measure(message)
    if measured.parts > MOST_PARTS:
        sentence = _("Too long: at most %(most)d SMS, and these are %(parts)d.")
        params = {"most": MOST_PARTS, "parts": measured.parts}
        raise Refusal(sentence, field="text", params=params, code="long")
    told = Letter.objects.filter(kind=KIND, text__in=[message, render(KIND, facts, "tr")[1]])
    own = {
        "content_type": ContentType.objects.get_for_model(Trainee),
        "object_id": Cast(OuterRef("pk"), CharField()),
    }
    people = readers(course).filter(~Exists(told.filter(**own)))
    reached = {str(place) for places in told.values_list("to", "phone") for place in places}
    by_email, by_sms = [], []
    for who in people:
        place = who.email or mobile_of(who)
        if place and str(place) not in reached:
            reached.add(str(place))
            if who.email:
                by_email.append(who)
            else:
                by_sms.append((who, place))
    return NewsPreview(message, measured, by_email, by_sms)


@transaction.atomic
def send_news(*, course, text, by):
    """Send it; returns the NewsPreview. A repeat of the same text reaches nobody twice."""
    rights.require(by, "send_news", course)
    course = lock_course(course)  # of two who send it at once the second finds it sent
    preview = preview_news(course=course, text=text)
    facts = {"kind": KIND, "context": {"course": course, "text": text.strip()}}
    for who in preview.by_email:
        write(to=who.email, about=who, **facts)
    for who, phone in preview.by_sms:
        write_text(phone=phone, about=who, until=_last_day(course), **facts)
    return preview


def _last_day(course):
    """The last day on which the public can apply: news that waits longer is none."""
    end = course.applications_until or course.registration_deadline
    return timezone.localdate(end) if end else course.begin
