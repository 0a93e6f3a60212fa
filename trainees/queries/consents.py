"""QuerySets of notices and consents: which consents are valid now (DOMAIN.md §5)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from izmek.acts.queries import in_any
from trainees.queries.people import TraineeChildQuerySet, adulthood


class ConsentQuerySet(TraineeChildQuerySet):
    """Consents are append-only: the latest answer counts, earlier ones are kept (DOMAIN.md §5).

    Only whose they are changes when two records of one person are merged (`services/merging.py`).
    """

    def visible_to(self, user):
        """Consents of the trainees, teachers and applicants that the user may see."""
        from courses.models import Teacher
        from trainees.models import Application, Trainee

        if user.has_role(*self.seen_by_all):
            return self
        everybodys = self.model._base_manager
        trainees = Trainee.objects.keys_seen_by(user)
        teachers = Teacher.objects.visible_to(user).values("pk")
        applied = Application.objects.visible_to(user).values("pk")
        return in_any(
            self,
            everybodys.filter(trainee__in=trainees).values("pk"),
            everybodys.filter(teacher__in=teachers).values("pk"),
            everybodys.filter(application__in=applied).values("pk"),
        )

    def delete(self):
        raise TypeError("A consent is never deleted; withdraw it by adding the answer no.")

    def update(self, **kwargs):
        raise TypeError("A consent is never changed; add the new answer.")

    def latest_answers(self):
        """The latest answer of each person to each purpose."""
        from trainees.models import Consent

        later = Consent.objects.filter(
            Q(trainee=OuterRef("trainee"))
            | Q(teacher=OuterRef("teacher"))
            | Q(application=OuterRef("application")),
            purpose=OuterRef("purpose"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(~Exists(later))

    @staticmethod
    def holds(purpose, *, trainee=None, teacher=None, today=None):
        """An expression: true if the person's consent to the purpose is valid today.

        `trainee` or `teacher` is the lookup path from the queried row to the person's key. The
        latest answer must be yes, and the data not restricted to being stored. Under 18, only the
        guardian's answer counts. At 18 it expires and the trainee is asked again, so for an adult
        only their own answer counts (DOMAIN.md §5).
        """
        from trainees.models import Consent

        if teacher is not None:
            last = Consent.objects.filter(teacher=OuterRef(teacher), purpose=purpose)
            return Coalesce(Subquery(last.order_by("-pk").values("answer")[:1]), False)
        last = Consent.objects.filter(trainee=OuterRef(trainee), purpose=purpose)
        grown_up = Q(trainee__birth_date__lte=adulthood(today))
        counts = models.Case(
            models.When(trainee__restricted_at__isnull=False, then=False),
            models.When(grown_up, then=Q(answer=True, guardian=None)),
            default=Q(answer=True, guardian__isnull=False),
            output_field=models.BooleanField(),
        )
        return Coalesce(Subquery(last.order_by("-pk").annotate(y=counts).values("y")[:1]), False)


def consenting_teachers(purpose):
    """Teachers whose consent to a purpose is valid now."""
    from courses.models import Teacher
    from trainees.models import Consent

    return Teacher.objects.annotate(
        consents_now=Consent.objects.holds(purpose, teacher="pk")
    ).filter(consents_now=True)


class NoticeTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.roles else self.none()

    def current(self, kind, language="tr"):
        """The current text of a kind, in the language or else in Turkish; None if there is none."""
        latest = self.filter(kind=kind).order_by("-version")
        return latest.filter(language=language).first() or latest.filter(language="tr").first()

    def in_force_on(self, day, kind, language="tr"):
        """The text of a kind that was valid on a day, or None."""
        return self.filter(written_on__lte=day).current(kind, language)
