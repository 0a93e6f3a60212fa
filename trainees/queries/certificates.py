"""Certificates: which were not collected, which are printed together, and in which order."""

from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from courses.enums import CourseState
from izmek.text.order import tr_order
from trainees.enums import CertificateState, EnrolmentState
from trainees.queries.scope import EnrolmentChildQuerySet

# So long after others of the course have collected theirs somebody is called, and again after as long.
WAITS = timedelta(days=14)
# So long after its issue nobody is called any more, and at once if the person will not collect it.
CALLED_WITHIN = timedelta(days=365)
NEVER = date.max  # in place of the day from which somebody is called
# So long after the end of a course its certificates are a next step; then only who looks finds them.
ISSUED_WITHIN = timedelta(days=90)


def earns(seat=""):
    """The rule: an outcome that earns a certificate (DOMAIN.md §3), of the seat at a lookup path.

    Who passed some modules or none earns none: the paper says that a course was completed, and of single
    modules HEM gives a transcript. A programme without MEB modules asks for attendance alone.
    """
    return Q(**{f"{seat}state": EnrolmentState.COMPLETED})


def has_name(trainee=""):
    """The rule: there is a name to print, of the person at a lookup path; not of one who was erased."""
    nameless = Q(**{f"{trainee}first_name": "", f"{trainee}last_name": ""})
    return Q(~nameless, **{f"{trainee}anonymised_at": None})


class CertificateQuerySet(EnrolmentChildQuerySet):
    def valid(self):
        """Neither revoked nor replaced."""
        return self.filter(state=CertificateState.VALID)

    def printable(self):
        """Valid ones with a name to print: not of people who were erased."""
        return self.valid().filter(enrolment__trainee__anonymised_at=None)

    def nameless(self):
        """Valid ones of people who were erased: they still count, and are printed no more."""
        return self.valid().exclude(enrolment__trainee__anonymised_at=None)

    def to_hand_over(self):
        """Valid ones that nobody has collected."""
        return self.valid().filter(handed_over_on=None)

    def to_call(self, today=None):
        """Those of them whose person is called by now, as the others of the course have theirs."""
        today = today or timezone.localdate()
        first = datetime.combine(today - CALLED_WITHIN, time.min)
        return self.to_hand_over().filter(
            call_from__lte=today,
            issued_at__gte=timezone.make_aware(first),
            enrolment__trainee__anonymised_at=None,
        )

    def with_people(self):
        """With what a call to the person needs, in a fixed number of queries."""
        return self.select_related(
            "enrolment__trainee", "enrolment__course__programme", "enrolment__course__centre"
        ).prefetch_related("enrolment__trainee__guardians")

    def unearned(self):
        """Valid ones of finished courses whose outcome does not earn one any more.

        As after a course was reopened, corrected and finished again.
        """
        return self.valid().filter(
            ~earns("enrolment__"), enrolment__course__state=CourseState.FINISHED
        )

    def chosen(self, *, year=None, centre=None, course=None, waiting=False):
        """Those of an education year, a centre, a course (keys; None: any); `waiting`: not handed over."""
        asked = {
            "enrolment__course__term__year": year,
            "enrolment__course__centre": centre,
            "enrolment__course": course,
        }
        rows = self.to_hand_over() if waiting else self
        return rows.filter(**{name: key for name, key in asked.items() if key})

    def in_calling_order(self):
        """As people are called at the ceremony: by centre, course, and name in Turkish order."""
        course, trainee = "enrolment__course__", "enrolment__trainee__"
        return self.order_by(
            tr_order(f"{course}centre__name"),
            tr_order(f"{course}programme__name"),
            f"{course}group",
            course.removesuffix("__"),
            tr_order(f"{trainee}first_name"),
            tr_order(f"{trainee}last_name"),
            "pk",
        )


def without_certificate():
    """A condition on seats: they earned a certificate, and none was ever issued.

    Who had one that was revoked is no case: somebody has decided that.
    """
    from trainees.models import Certificate

    issued = Certificate.objects.filter(enrolment=OuterRef("pk"))
    return Q(~Exists(issued), earns(), has_name("trainee__"))


class OffsetQuerySet(models.QuerySet):
    def of(self, user):
        """(mm to the right, mm down) as the user has set them last."""
        row = self.filter(by=user).first()
        return (row.right, row.down) if row else (0, 0)
