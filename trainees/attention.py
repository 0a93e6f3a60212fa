"""What needs attention among trainees and applications (izmek/admin/attention.py)."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from courses.enums import CourseState
from courses.models import Course
from izmek.acts.queries import found_first
from izmek.admin.attention import attention
from izmek.privacy.terms import CONTACT
from trainees.models import Absence, Application, Certificate, Enrolment, LookAlike, Trainee
from trainees.queries.applications import UNANSWERED, UNCONFIRMED, unanswered_since
from trainees.queries.certificates import ISSUED_WITHIN, without_certificate
from trainees.services.expiry import long_gone

LONG_QUEUE = 6  # who wait for one course: a second group may be worth it
UNHEARD = timedelta(days=5)  # after which nobody may be left without an answer
FLOOD = 15  # unconfirmed applications for one course in a day; most people confirm at once
MISSED_LATELY = timedelta(days=7)  # who comes again is not warned again


@attention("unanswered", Application, _("applications that got no answer for five days"), place=210)
def unanswered(applications, today):
    return applications.filter(unanswered_since(Now() - UNHEARD))


@attention("offer-over", Application, _("offers that are over and hold a seat"), place=220)
def offer_over(applications, today):
    """The next in line is offered it by `advance_queues`: it did not run."""
    return applications.overdue()


@attention("long-queue", Course, _("courses with more than six people waiting"), place=230)
def long_queue(courses, today):
    waiting = Application.objects.waiting().order_by().values("course")
    long = waiting.annotate(n=Count("pk")).filter(n__gt=LONG_QUEUE)
    return courses.booking().filter(pk__in=long.values("course"))


@attention("flood", Course, _("courses with a flood of applications"), place=240)
def flood(courses, today):
    """Suspiciously many; nothing is refused by itself: the centre looks and decides."""
    new = Application.objects.filter(UNCONFIRMED, received_at__gt=Now() - UNANSWERED)
    many = new.order_by().values("course").annotate(n=Count("pk")).filter(n__gte=FLOOD)
    return courses.filter(pk__in=many.values("course"))


@attention("no-guardian", Enrolment, _("minors without a guardian's permission"), place=310)
def without_guardian(seats, today):
    return seats.without_permission(today)


@attention("unfit", Enrolment, _("seats against the conditions of age or education"), place=320)
def unfit(seats, today):
    return seats.against_conditions(today)


@attention("absent", Enrolment, _("trainees near the absence limit"), place=330)
def near_the_limit(seats, today):
    """Of those who missed a lesson lately; the hours of the others are as they were."""
    missed = Absence.objects.filter(
        session__date__gt=today - MISSED_LATELY, session__date__lte=today
    )
    lately = seats.current().filter(pk__in=missed.values("enrolment"))
    near = Enrolment.objects.filter(pk=OuterRef("pk")).near_limit().values("pk")[:1]
    return Enrolment.objects.filter(found_first(lately), pk=Subquery(near))


@attention(
    "certificate", Course, _("finished courses whose certificates are not issued"), place=340
)
def certificates_due(courses, today):
    """Somebody completed the course and never had one; for a while after its end."""
    ended = courses.filter(
        state=CourseState.FINISHED, end__gt=today - ISSUED_WITHIN, end__lte=today
    )
    due = Enrolment.objects.filter(without_certificate(), course=OuterRef("pk"))
    return ended.filter(Exists(due))


@attention(
    "unearned",
    Certificate,
    _("valid certificates that the outcome does not earn any more"),
    place=345,
)
def unearned_certificates(certificates, today):
    return certificates.unearned()


@attention("twice", LookAlike, _("pairs of records that may be one person"), place=350)
def twice(pairs, today):
    """Found by night (`find_look_alikes`); until somebody merges them or says that they are two."""
    return pairs.open()


@attention("wrong-phone", Trainee, _("trainees whose phone number is wrong"), place=360)
def wrong_phone(trainees, today):
    """Until somebody enters another number."""
    return trainees.filter(wrong_phone=F("phone")).exclude(wrong_phone="")


@attention(
    "wrong-phone-applied", Application, _("applicants whose phone number is wrong"), place=370
)
def wrong_phone_of_applicant(applications, today):
    """Their own, or that of the guardian whom they named."""
    own = Q(wrong_phone=F("phone")) & ~Q(wrong_phone="")
    guardians = Q(guardian_wrong_phone=F("guardian_phone")) & ~Q(guardian_wrong_phone="")
    return applications.open().filter(own | guardians)


@attention(
    "restricted-over",
    Trainee,
    _("people whose data are stored only although their time is over"),
    place=380,
)
def restricted_over(trainees, today):
    """Nothing of theirs is destroyed until somebody lifts the restriction (izmek/privacy/record.py)."""
    restricted = trainees.filter(restricted_at__isnull=False, anonymised_at=None)
    return long_gone(restricted, CONTACT.over_before(today))
