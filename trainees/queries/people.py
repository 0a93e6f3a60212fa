"""QuerySets of trainees: which ones a user may see, and their age."""

import re
from datetime import date
from itertools import combinations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from courses.queries.scope import ChildQuerySet, in_any
from izmek.accounts.roles import Role
from izmek.text.fold import fold

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


MOST_WORDS_MORE = 2  # a second first name, a second last name


def may_be_one_name(one, other):
    """Whether two names may be those of one person, written in two ways.

    Marks, blanks, hyphens and the order of the names do not count ("Ayşe Nur Kaya", "Kaya Ayşenur"),
    and one may have up to MOST_WORDS_MORE names more ("Ayşe Kaya-Ak"). It says "maybe", never "is":
    together with a phone or a birth date it is a reason to ask.
    """
    wanted, longer = sorted((_letters(one), _letters(other)), key=len)
    words = re.findall(r"\w+", fold(one if longer == _letters(one) else other))
    return any(
        _letters("".join(kept)) == wanted
        for more in range(min(MOST_WORDS_MORE, len(words) - 1) + 1)
        for kept in combinations(words, len(words) - more)
    )


def _letters(name):
    """The letters of a name, folded and in alphabetical order."""
    return "".join(sorted(filter(str.isalnum, fold(name))))


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
        attending = Enrolment.objects.filter(course__in=courses).values("trainee")
        if not user.has_role(Role.OFFICER):
            return self.filter(pk__in=attending)
        applied = Application.objects.filter(course__in=courses, trainee__isnull=False)
        return in_any(self, attending, applied.values("trainee"), self._unknown().values("pk"))

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

        A name that may be theirs (`may_be_one_name`), and the same birth date or phone.
        """
        same = Q(pk__in=[])
        if birth_date:
            same |= Q(birth_date=birth_date)
        if phone:
            same |= Q(phone=phone)
        names = self.filter(same).values_list("pk", "first_name", "last_name")
        alike = [
            pk for pk, first, last in names if may_be_one_name(name, f"{first} {last}".strip())
        ]
        return list(self.filter(pk__in=alike).order_by("pk"))

    def adults(self, today=None):
        return self.filter(birth_date__lte=adulthood(today))


class TraineeChildQuerySet(ChildQuerySet):
    parent = "trainee"
