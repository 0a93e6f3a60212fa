"""QuerySets of the trainees app: every rule that selects or counts."""

from datetime import date

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Now
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual
from django.utils import timezone

from courses.enums import CourseState, SessionState
from izmek.roles import Role
from izmek.turkish import fold, tr_order
from trainees.enums import AgeGroup, ApplicationState, EnrolmentState

QUEUE = ("already_certified", "received_at", "pk")  # the order of a waiting list
MOST_TRANSFERS = 2  # in a row within one programme; so far missed hours are carried along


def adulthood(today=None):
    """Who is born on this day or before it has turned 18 (DOMAIN.md §5)."""
    return birthday_limit(18, today)


def birthday_limit(years, today=None):
    """The last birth date of those who are so many full years old on the day (today)."""
    today = today or timezone.localdate()
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return date(today.year - years, 2, 28)


class TraineeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see trainees of their centres' courses, teachers those of their own (DOMAIN.md §5).

        Whoever applied counts with the officer too; a trainee without any enrolment or application
        – just typed in – is seen by all officers.
        """
        from courses.models import Course
        from trainees.models import Application, Enrolment

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        if not user.has_role(Role.OFFICER, Role.TEACHER):
            return self.none()
        courses = Course.objects.visible_to(user).values("pk")
        enrolments = Enrolment.objects.filter(trainee=OuterRef("pk"))
        attends = Exists(enrolments.filter(course__in=courses))
        if not user.has_role(Role.OFFICER):
            return self.filter(attends)
        applications = Application.objects.filter(trainee=OuterRef("pk"))
        applied = Exists(applications.filter(course__in=courses))
        unknown = ~Exists(enrolments) & ~Exists(applications)
        return self.filter(attends | applied | unknown)

    def pickable_by(self, user):
        """Whom a user may name on a work or a photo: a curator everyone, the others whom they see.

        She reads a name, a neighbourhood and a course to tell people apart, and opens nobody's page.
        """
        if user.has_role(Role.CURATOR):
            return self.filter(anonymised_at=None)
        return self.visible_to(user)

    def search(self, text):
        """Trainees whose name holds every word of the text, Turkish letters or not."""
        found = self
        for word in fold(text).split():
            found = found.filter(folded__contains=word)
        return found

    def similar(self, *, first_name, last_name, birth_date=None, phone=""):
        """Who may be the same person: the same folded name, and the birth date or the phone too."""
        same = Q(pk__in=[])
        if birth_date:
            same |= Q(birth_date=birth_date)
        if phone:
            same |= Q(phone=phone)
        return self.filter(same, folded=fold(f"{first_name} {last_name}"))

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


def consenting_teachers(purpose):
    """Teachers who consent to a purpose at this moment."""
    from courses.models import Teacher
    from trainees.models import Consent

    return Teacher.objects.annotate(
        consents_now=Consent.objects.holds(purpose, teacher="pk")
    ).filter(consents_now=True)


class NoticeTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.roles else self.none()

    def current(self, kind, language="tr"):
        """The text of a kind in force now, or None."""
        return self.filter(kind=kind, language=language).order_by("-version").first()

    def in_force_on(self, day, kind, language="tr"):
        """The text of a kind that was in force on a day, or None."""
        return self.filter(written_on__lte=day).current(kind, language)


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

    def of_person(self, *, phone, first_name, last_name):
        """Applications of one person, as far as a phone and a folded name tell (DESIGN.md §3)."""
        return self.filter(phone=phone, folded=fold(f"{first_name} {last_name}"))

    def live_offers(self):
        """Offers that hold a seat at this moment: not expired by the clock, or not yet told."""
        return self.filter(state=ApplicationState.OFFERED).filter(
            Q(offer_until__isnull=True) | Q(offer_until__gt=Now())
        )

    def overdue(self):
        """Offers whose time is over by the clock and that nobody has written down as expired."""
        return self.filter(state=ApplicationState.OFFERED, offer_until__lte=Now())

    def to_call(self):
        """The centre's call list: a seat is offered, there is no e-mail, nobody has called yet."""
        return self.filter(
            state=ApplicationState.OFFERED, offer_until__isnull=True, told_at__isnull=True
        ).order_by("offered_at", "pk")

    def waiting(self):
        """The waiting list, in order: received, without an offer (DOMAIN.md §3).

        Who is already certified in the same programme goes behind the others, then the order of
        application decides. Computed, never stored.
        """
        return self.filter(state=ApplicationState.RECEIVED).order_by(*QUEUE)

    def with_position(self):
        """Annotate `position`: the place in the waiting list of the course, 1 next; else null."""
        from trainees.models import Application

        certified, received, key = (OuterRef(name) for name in QUEUE)
        ahead = (
            Application.objects.waiting()
            .filter(course=OuterRef("course"))
            .filter(
                Q(already_certified__lt=certified)
                | Q(already_certified=certified, received_at__lt=received)
                | Q(already_certified=certified, received_at=received, pk__lt=key)
            )
            .order_by()
            .values("course")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(
            position=Case(
                When(state=ApplicationState.RECEIVED, then=Coalesce(Subquery(ahead), 0) + 1)
            )
        )


class EnrolmentQuerySet(CourseScopedQuerySet):
    def holding_seat(self):
        """Enrolments that hold a seat: not withdrawn, removed or transferred."""
        return self.filter(state__in=EnrolmentState.holding())

    def current(self):
        """Enrolments of people who attend now: in a course that is open or running."""
        return self.filter(state=EnrolmentState.ENROLLED, course__state__in=CourseState.enrolling())

    def held_on(self, day):
        """Seats that someone held on a day: joined by then and not left by then."""
        return self.filter(
            Q(state__in=EnrolmentState.holding()) | Q(left_on__gt=day), joined_on__lte=day
        )

    def results(self, day):
        """A row for each course: `seats` of these, `ended` (courses over by the day), `completed`."""
        over = Q(course__end__lte=day)
        return (
            self.order_by()
            .values("course")
            .annotate(
                seats=Count("pk"),
                ended=Count("pk", filter=over & Q(state__in=EnrolmentState.outcomes())),
                completed=Count("pk", filter=over & Q(state=EnrolmentState.COMPLETED)),
            )
        )

    def people(self, day):
        """Rows of `people` by `neighbourhood`, `age_group` (on the day; null: not known) and `gender`.

        Each person counts once, however many of these enrolments she has.
        """
        groups = [
            When(
                trainee__birth_date__lte=birthday_limit(group.youngest, day),
                then=Value(group.value),
            )
            for group in reversed(AgeGroup)
            if group.youngest
        ]
        age_group = Case(
            *groups,
            When(trainee__birth_date__isnull=False, then=Value(AgeGroup.UNDER_18.value)),
            output_field=models.CharField(),
        )
        return (
            self.order_by()
            .annotate(
                neighbourhood=F("trainee__neighbourhood__name"),
                age_group=age_group,
                gender=F("trainee__gender"),
            )
            .values("neighbourhood", "age_group", "gender")
            .annotate(people=Count("trainee", distinct=True))
        )

    def certified_in(self, programme):
        """Enrolments by which someone completed a programme, in whatever course of it."""
        return self.filter(state=EnrolmentState.COMPLETED, course__programme=programme)

    def in_name_order(self):
        """In Turkish order of first and last name, as HEM's lists are."""
        return self.order_by(tr_order("trainee__first_name"), tr_order("trainee__last_name"), "pk")

    def on_roll(self, session):
        """Who belongs on the roll of a session: of its course, joined_on ≤ date < left_on."""
        return self.filter(
            Q(left_on=None) | Q(left_on__gt=session.date),
            course=session.course_id,
            joined_on__lte=session.date,
        )

    def with_absence_at(self, session):
        """Annotate what was marked at a session: `missed_hours` (null: nothing), `excused`, `note`,
        `marked_by` (user id) and `marked_at`. Present is who has no mark once the roll was called.
        """
        return self.annotate(
            here=FilteredRelation("absences", condition=Q(absences__session=session)),
            missed_hours=F("here__hours"),
            excused=F("here__excused"),
            note=F("here__note"),
            marked_by=F("here__by"),
            marked_at=F("here__at"),
        )

    def unseen(self):
        """Who lost her seat by the first-lesson rule, if an officer says so (DOMAIN.md §3).

        Enrolled, marked absent for the whole of the course's first lesson without an excuse, its
        roll called, and at no later roll present.
        """
        from courses.models import Session
        from trainees.models import Absence

        def absence(enrolment, session):
            return Exists(
                Absence.objects.filter(
                    enrolment=enrolment, session=session, hours__gte=F("session__lesson_hours")
                )
            )

        called = (
            Session.objects.filter(course=OuterRef("course"))
            .taking_place()
            .order_by("date", "begin")
        )
        first = called.values("pk")[:1]
        seen = called.filter(
            ~absence(OuterRef(OuterRef("pk")), OuterRef("pk")),
            roll_call__isnull=False,
            date__gte=OuterRef("joined_on"),
        )
        at_first = Absence.objects.filter(
            enrolment=OuterRef("pk"),
            session=OuterRef("first_session"),
            session__roll_call__isnull=False,
            hours__gte=F("session__lesson_hours"),
            excused=False,
        )
        return (
            self.filter(state=EnrolmentState.ENROLLED)
            .annotate(first_session=Subquery(first))
            .filter(Exists(at_first), ~Exists(seen))
        )

    def with_attendance(self):
        """Annotate `absent` (lesson hours missed) and `too_absent` (the limit is broken).

        Absence counts in lesson hours, excused or not; strictly more than the limit fails:
        `absent * denominator > total_hours * numerator` (DOMAIN.md §3). Sessions held before she
        joined count where the year says so. Who was transferred within the programme brings along
        what she missed before (then she was not absent before joining: she was elsewhere), over at
        most `MOST_TRANSFERS` transfers. A cancelled session counts for nobody.
        """
        return self.annotate(absent=_missed()).annotate(
            too_absent=Case(
                When(_used_of_limit(100, strictly=True), then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def near_limit(self, percent=80):
        """With attendance; those who missed at least so many per cent of what is allowed."""
        return self.with_attendance().filter(_used_of_limit(percent), absent__gt=0)


def _missed(path="", transfers=MOST_TRANSFERS):
    """An expression: the lesson hours that the enrolment at a path from the queried one missed."""
    from courses.models import Session
    from trainees.models import Absence

    def total(rows, group, hours):
        rows = rows.order_by().values(group).annotate(n=Sum(hours)).values("n")
        return Coalesce(Subquery(rows), 0, output_field=models.IntegerField())

    absences = Absence.objects.filter(enrolment=OuterRef(f"{path}pk")).exclude(
        session__state=SessionState.CANCELLED
    )
    before_joining = Session.objects.standing().filter(
        course=OuterRef(f"{path}course"),
        date__lt=OuterRef(f"{path}joined_on"),
        roll_call__isnull=False,
    )
    before = [
        When(
            **{f"{path}course__term__year__count_before_joining": True},
            then=total(before_joining, "course", "lesson_hours"),
        )
    ]
    if transfers:
        same_programme = {f"{path}continues__course__programme": F(f"{path}course__programme")}
        before.insert(0, When(**same_programme, then=_missed(f"{path}continues__", transfers - 1)))
    return total(absences, "enrolment", "hours") + Case(
        *before, default=0, output_field=models.IntegerField()
    )


def _used_of_limit(percent, strictly=False):
    """A condition: `absent` is at least (strictly: more than) so many per cent of the limit."""
    whole = models.IntegerField()  # the columns are small integers, their products are not
    used = F("absent") * Cast("course__absence_limit_denominator", whole) * 100
    limit = (
        Cast("course__total_hours", whole)
        * Cast("course__absence_limit_numerator", whole)
        * percent
    )
    return GreaterThan(used, limit) if strictly else GreaterThanOrEqual(used, limit)


class EnrolmentChildQuerySet(CourseScopedQuerySet):
    course_path = "enrolment__course"


class RollCallQuerySet(CourseScopedQuerySet):
    course_path = "session__course"


def count_of(rows, path):
    """An expression: how many of the rows lead by `path` to the queried row; 0 for none."""
    rows = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def with_roll(sessions):
    """Annotate sessions with `trainees` (how many are on the roll) and `absent` (marked so)."""
    from trainees.models import Absence, Enrolment

    on_roll = (
        Enrolment.objects.filter(course=OuterRef("course"), joined_on__lte=OuterRef("date"))
        .filter(Q(left_on=None) | Q(left_on__gt=OuterRef("date")))
        .order_by()
        .values("course")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return sessions.annotate(
        trainees=Coalesce(Subquery(on_roll), 0), absent=count_of(Absence.objects, "session")
    )
