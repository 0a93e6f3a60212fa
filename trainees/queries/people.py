"""QuerySets of trainees: which ones a user may see, and their age."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from courses.queries.scope import ChildQuerySet
from izmek.accounts.roles import Role
from izmek.acts.queries import in_any
from izmek.text.phones import as_stored
from trainees.queries.same_person import PersonFacts, likeness

ADULT = 18


def adulthood(today=None):
    """The latest birth date of people who are adults (18 or older) on the day (DOMAIN.md §5)."""
    return birthday_limit(ADULT, today)


def birthday_limit(years, today=None):
    """The latest birth date of people who are at least this many years old on the day (today)."""
    today = today or timezone.localdate()
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return date(today.year - years, 2, 28)


class TraineeQuerySet(models.QuerySet):
    def as_facts(self):
        """Tuples of the key and what `PersonFacts.known` takes; for reading thousands.

        The phone as text: its field would parse each number, which takes longer than all the rest.
        """
        as_text = Cast("phone", models.TextField())
        columns = ("pk", "folded", "birth_date", "as_text", "email", "neighbourhood")
        return self.annotate(as_text=as_text).values_list(*columns)

    def visible_to(self, user):
        """Officers see trainees of their centres' courses, teachers their own ones (DOMAIN.md §5).

        For officers, applications count too. A trainee without any enrolment or application (just
        typed in) is visible to all officers.
        """
        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        return in_any(self, *self._seen_by(user))

    def keys_seen_by(self, user):
        """The keys of whom an officer or a teacher sees, without a look at the people themselves.

        A record that was found to be somebody's second one has neither seat nor application left.
        """
        first, *others = (keys.order_by() for keys in self._seen_by(user))
        return first.union(*others, all=True) if others else first

    def _seen_by(self, user):
        """The keys as several QuerySets of one column."""
        from courses.models import Course
        from trainees.models import Application, Enrolment

        if not user.has_role(Role.OFFICER, Role.TEACHER):
            return [self.none().values("pk")]
        courses = Course.objects.with_people_seen_by(user).values("pk")
        attending = Enrolment.objects.filter(course__in=courses).values("trainee")
        if not user.has_role(Role.OFFICER):
            return [attending]
        applied = Application.objects.filter(course__in=courses, trainee__isnull=False)
        return [attending, applied.values("trainee"), self._unknown().values("pk")]

    def _unknown(self):
        """Trainees without any enrolment or application."""
        from trainees.models import Application, Enrolment, Trainee

        enrolments = Enrolment.objects.filter(trainee=OuterRef("pk"))
        applications = Application.objects.filter(trainee=OuterRef("pk"))
        return Trainee.objects.filter(~Exists(enrolments), ~Exists(applications), newcomer=True)

    def pickable_by(self, user):
        """Trainees that a user may choose as maker or on a photo.

        A curator all, others those they see.

        The list shows name, neighbourhood and course to tell people apart; it gives no access to
        their pages.
        """
        if user.has_role(Role.CURATOR):
            return self.filter(anonymised_at=None)
        return self.visible_to(user)

    def similar(self, *, name, birth_date=None, phone=""):
        """Who on record may be the person of this name, birth date and phone: a list of Trainees.

        What may be one person is decided in `queries/same_person.py`.
        """
        same = Q(pk__in=[])
        if birth_date:
            same |= Q(birth_date=birth_date)
        if phone:
            same |= Q(phone=phone)
        asked = PersonFacts.named(name, birth_date=birth_date, phone=as_stored(phone))
        rows = self.filter(same).as_facts()
        alike = [pk for pk, *known in rows if likeness(asked, PersonFacts.known(*known))]
        return list(self.filter(pk__in=alike).order_by("pk"))

    def adults(self, today=None):
        return self.filter(birth_date__lte=adulthood(today))


class PeopleManager(models.Manager.from_queryset(TraineeQuerySet)):
    """Without the records that were found to be somebody's second one: `Trainee.everyone` has these too."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None)


class TraineeChildQuerySet(ChildQuerySet):
    parent = "trainee"

    def visible_to(self, user):
        from trainees.models import Trainee

        if user.has_role(*self.seen_by_all):
            return self
        return self.filter(trainee__in=Trainee.objects.keys_seen_by(user))
