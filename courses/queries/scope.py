"""Which rows a user may see, by centre (DESIGN.md §4)."""

from django.contrib.admin.utils import get_fields_from_path
from django.db import models
from django.db.models import Q

from izmek.accounts.roles import Role


def seen_by_centre(queryset, user, *, centre, teacher=None, everything=(), **also):
    """Rows of a table that belongs to centres, for one user; the scope rule is only here.

    Managers and auditors see all (and the roles in `everything`). An officer sees the rows of their
    centres (`centre` is the lookup path to the centre), a teacher those of the Q that the function
    `teacher` gives: it is built for teachers alone. Others see none (DESIGN.md §4).
    """
    if user.has_role(Role.MANAGER, Role.AUDITOR, *everything):
        return queryset
    mine = Q(pk__in=[])
    if user.has_role(Role.OFFICER):
        mine |= Q(**{f"{centre}__in": centres_of(user)})
    if teacher is not None and user.has_role(Role.TEACHER):
        mine |= teacher()
    return queryset.filter(mine)


def centres_of(user):
    """The centres that the user runs as an officer (a subquery of ids)."""
    from courses.models import CentreOfficer

    return CentreOfficer.objects.filter(user=user).values("centre")


def reach_of(user):
    """The keys of the centres, courses and lessons from which the rows follow that the user sees."""
    from courses.models import Course, CourseCentre, Session
    from courses.queries.teachers import teacher_of

    if user.has_role(Role.MANAGER):
        return []
    user = user.only(Role.OFFICER, Role.TEACHER)  # other roles see all or nothing
    found = [CourseCentre.objects.visible_to(user), Course.objects.with_people_seen_by(user)]
    if user.has_role(Role.TEACHER):
        found.append(Session.objects.filter(teacher__in=teacher_of(user)))
    return [sorted(rows.order_by().values_list("pk", flat=True)) for rows in found]


class ChildQuerySet(models.QuerySet):
    """Rows of a parent row, to which `parent` leads; visible to those who may see the parent."""

    parent = None
    seen_by_all = (Role.MANAGER, Role.AUDITOR)

    def visible_parents(self, user):
        """The parents that the user may see."""
        model = get_fields_from_path(self.model, self.parent)[-1].related_model
        return model.objects.visible_to(user)

    def visible_to(self, user):
        if user.has_role(*self.seen_by_all):
            return self
        return self.filter(**{f"{self.parent}__in": self.visible_parents(user).values("pk")})


class ReferenceQuerySet(models.QuerySet):
    """Tables that all staff may read and managers edit: fields, programmes, years, holidays."""

    def visible_to(self, user):
        return self if user.roles else self.none()
