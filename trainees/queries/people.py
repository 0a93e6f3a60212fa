"""QuerySets of trainees: which ones a user may see, and their age."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from courses.queries.scope import ChildQuerySet
from izmek.accounts.roles import Role
from izmek.text.fold import fold


def adulthood(today=None):
    """The latest birth date of people who are adults (18 or older) on the day (DOMAIN.md §5)."""
    return birthday_limit(18, today)


def birthday_limit(years, today=None):
    """The latest birth date of people who are at least this many years old on the day (today)."""
    today = today or timezone.localdate()
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return date(today.year - years, 2, 28)


class TraineeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see trainees of their centres' courses, teachers their own ones (DOMAIN.md §5).

        For officers, applications count too. A trainee without any enrolment or application (just
        typed in) is visible to all officers.
        """
        from courses.models import Course
        from trainees.models import Application, Enrolment

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        if not user.has_role(Role.OFFICER, Role.TEACHER):
            return self.none()
        courses = Course.objects.with_people_seen_by(user).values("pk")
        enrolments = Enrolment.objects.filter(trainee=OuterRef("pk"))
        attends = Exists(enrolments.filter(course__in=courses))
        if not user.has_role(Role.OFFICER):
            return self.filter(attends)
        applications = Application.objects.filter(trainee=OuterRef("pk"))
        applied = Exists(applications.filter(course__in=courses))
        unknown = ~Exists(enrolments) & ~Exists(applications)
        return self.filter(attends | applied | unknown)

    def pickable_by(self, user):
        """Trainees that a user may choose as maker or on a photo.

        A curator all, others those they see.

        The list shows name, neighbourhood and course to tell people apart; it gives no access to
        their pages.
        """
        if user.has_role(Role.CURATOR):
            return self.filter(anonymised_at=None)
        return self.visible_to(user)

    def similar(self, *, first_name, last_name, birth_date=None, phone=""):
        """Possible duplicates: the same folded name, and the same birth date or phone."""
        same = Q(pk__in=[])
        if birth_date:
            same |= Q(birth_date=birth_date)
        if phone:
            same |= Q(phone=phone)
        return self.filter(same, folded=fold(f"{first_name} {last_name}"))

    def adults(self, today=None):
        return self.filter(birth_date__lte=adulthood(today))


class TraineeChildQuerySet(ChildQuerySet):
    parent = "trainee"
