"""QuerySets of the trainees app: every rule that selects or counts."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from izmek.roles import Role
from izmek.turkish import fold
from trainees.enums import ApplicationState, EnrolmentState


def adulthood(today=None):
    """Who is born on this day or before it has turned 18 (DOMAIN.md §5)."""
    today = today or timezone.localdate()
    try:
        return today.replace(year=today.year - 18)
    except ValueError:  # 29 February
        return date(today.year - 18, 2, 28)


class TraineeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see trainees of their centres' courses, teachers those of their own (DOMAIN.md §5).

        A trainee without any enrolment or application – just typed in – is seen by all officers.
        """
        from courses.models import Course

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        if not user.has_role(Role.OFFICER, Role.TEACHER):
            return self.none()
        courses = Course.objects.visible_to(user).values("pk")
        from trainees.models import Enrolment

        attends = Exists(Enrolment.objects.filter(trainee=OuterRef("pk"), course__in=courses))
        if user.has_role(Role.OFFICER):
            return self.filter(Q(attends) | Q(enrolments=None))
        return self.filter(attends)

    def search(self, text):
        """Trainees whose name holds every word of the text, Turkish letters or not."""
        found = self
        for word in fold(text).split():
            found = found.filter(folded__contains=word)
        return found

    def adults(self, today=None):
        return self.filter(birth_date__lte=adulthood(today))


class TraineeChildQuerySet(models.QuerySet):
    """Rows that belong to a trainee and are seen by whoever sees her."""

    def visible_to(self, user):
        from trainees.models import Trainee

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        return self.filter(trainee__in=Trainee.objects.visible_to(user))


class ConsentQuerySet(TraineeChildQuerySet):
    """Consents are only ever added to: an answer stays, a later one counts (DOMAIN.md §5)."""

    def delete(self):
        raise TypeError("A consent is never deleted; withdraw it by adding the answer no.")

    def update(self, **kwargs):
        raise TypeError("A consent is never changed; add the new answer.")

    def latest_answers(self):
        """The answer that counts for each person and purpose: the last one recorded."""
        from trainees.models import Consent

        later = Consent.objects.filter(
            Q(trainee=OuterRef("trainee")) | Q(teacher=OuterRef("teacher")),
            purpose=OuterRef("purpose"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(~Exists(later))

    @staticmethod
    def holds(purpose, *, trainee=None, teacher=None, today=None):
        """An expression, true where the person's consent for the purpose holds today.

        `trainee` or `teacher` is the lookup path from the queried row to the person's key. The last
        answer must be yes. A trainee under 18 needs the guardian's; at 18 the guardian's lapses and
        her own is asked anew, so for a grown-up only an answer of her own counts (DOMAIN.md §5).
        """
        from trainees.models import Consent

        if teacher is not None:
            last = Consent.objects.filter(teacher=OuterRef(teacher), purpose=purpose)
            return Coalesce(Subquery(last.order_by("-pk").values("answer")[:1]), False)
        last = Consent.objects.filter(trainee=OuterRef(trainee), purpose=purpose)
        grown_up = Q(trainee__birth_date__lte=adulthood(today))
        counts = models.Case(
            models.When(grown_up, then=Q(answer=True, guardian=None)),
            default=Q(answer=True, guardian__isnull=False),
            output_field=models.BooleanField(),
        )
        return Coalesce(Subquery(last.order_by("-pk").annotate(y=counts).values("y")[:1]), False)


class NoticeTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.roles else self.none()

    def current(self, kind, language="tr"):
        """The text of a kind in force now, or None."""
        return self.filter(kind=kind, language=language).order_by("-version").first()


class CourseScopedQuerySet(models.QuerySet):
    """Rows of a course (`course_path` leads there), seen by whoever sees the course."""

    course_path = "course"

    def visible_to(self, user):
        from courses.models import Course

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        if user.has_role(Role.CURATOR) and not user.has_role(Role.OFFICER, Role.TEACHER):
            return self.none()
        return self.filter(
            **{f"{self.course_path}__in": Course.objects.visible_to(user).values("pk")}
        )


class ApplicationQuerySet(CourseScopedQuerySet):
    def open(self):
        """Applications that still wait for something."""
        return self.filter(state__in=ApplicationState.open())

    def live_offers(self):
        """Offers that hold a seat at this moment: not expired by the clock, or not yet told."""
        return self.filter(state=ApplicationState.OFFERED).filter(
            Q(offer_until__isnull=True) | Q(offer_until__gt=Now())
        )

    def waiting(self):
        """The waiting list, in order: received, without an offer (DOMAIN.md §3).

        Who is already certified in the same programme goes behind the others, then the order of
        application decides. Computed, never stored.
        """
        return self.filter(state=ApplicationState.RECEIVED).order_by(
            "already_certified", "received_at", "pk"
        )


class EnrolmentQuerySet(CourseScopedQuerySet):
    def holding_seat(self):
        """Enrolments that hold a seat: not withdrawn, removed or transferred."""
        return self.filter(state__in=EnrolmentState.holding())

    def current(self):
        """Enrolments of people who attend now: in a course that is open or running."""
        from courses.enums import CourseState

        return self.filter(state=EnrolmentState.ENROLLED, course__state__in=CourseState.enrolling())

    def with_attendance(self):
        """Annotate `absent` (lesson hours) and `too_absent`: whether the limit is broken.

        Absence counts in lesson hours, excused or not; strictly more than the limit fails:
        `absent * denominator > total_hours * numerator` (DOMAIN.md §3). Sessions before joining
        count where the year says so.
        """
        from trainees.models import Absence

        hours = (
            Absence.objects.filter(enrolment=OuterRef("pk"))
            .exclude(session__state="cancelled")
            .order_by()
            .values("enrolment")
            .annotate(n=Sum("hours"))
            .values("n")
        )
        missed = _sessions_before_joining()
        return self.annotate(
            absent=Coalesce(Subquery(hours), 0)
            + models.Case(
                models.When(
                    course__term__year__count_before_joining=True,
                    then=Coalesce(Subquery(missed), 0),
                ),
                default=0,
            )
        ).annotate(
            absent_share=F("absent") * F("course__absence_limit_denominator"),
            absence_limit=F("course__total_hours") * F("course__absence_limit_numerator"),
            too_absent=models.Case(
                models.When(absent_share__gt=F("absence_limit"), then=True),
                default=False,
                output_field=models.BooleanField(),
            ),
        )


def _sessions_before_joining():
    from courses.models import Session

    return (
        Session.objects.filter(course=OuterRef("course"), date__lt=OuterRef("joined_on"))
        .standing()
        .filter(roll_call__isnull=False)
        .order_by()
        .values("course")
        .annotate(n=Sum("lesson_hours"))
        .values("n")
    )


class EnrolmentChildQuerySet(CourseScopedQuerySet):
    course_path = "enrolment__course"


class RollCallQuerySet(CourseScopedQuerySet):
    course_path = "session__course"
