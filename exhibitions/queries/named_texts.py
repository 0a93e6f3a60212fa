"""QuerySets of the names that stand in public texts without consent."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from courses.enums import CourseState
from exhibitions.enums import ExhibitionState, WorkState
from izmek.accounts.roles import Role

# Whose work it is to mend which texts; a manager mends all of them.
MENDED_BY = {Role.OFFICER: ("course", "coursecentre"), Role.CURATOR: ("work", "exhibition")}


class NamedTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those in texts that the user can mend; managers and auditors see all."""
        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        mended = Q(pk__in=[])
        for role, names in MENDED_BY.items():
            mended |= self._seen_through(names, user.only(role))
        return self.filter(mended)

    def with_who_is_seen(self, user):
        """Annotates `who_is_seen`: whether the user may know the person, wherever the text stands."""
        return self.annotate(who_is_seen=self._seen_through(self.model.PEOPLE, user))

    def _seen_through(self, names, user):
        """The rule: the user sees what one of the columns refers to. Findings are few."""
        rule = Q(pk__in=[])
        for name in names:
            rows = self.model._meta.get_field(name).related_model.objects.visible_to(user)
            rule |= Q(Exists(rows.filter(pk=OuterRef(name))))
        return rule

    def still_public(self):
        """Without those in a row that was taken off the site since."""
        return self.filter(
            Q(work=None) | Q(work__state=WorkState.APPROVED),
            Q(exhibition=None) | Q(exhibition__state__in=ExhibitionState.public()),
            Q(course=None) | ~Q(course__state=CourseState.PLANNED),
        )

    def in_row(self, row):
        return self.filter(**{row._meta.model_name: row.pk})

    def of(self, who):
        """Those that name a trainee or a teacher."""
        return self.filter(**{who._meta.model_name: who.pk})
