"""Which rows a user may see in the exhibitions app."""

from django.db import models

from izmek.accounts.roles import Role


def sees_all_exhibitions(user):
    return user.has_role(Role.MANAGER, Role.AUDITOR, Role.CURATOR)


class ExhibitionChildQuerySet(models.QuerySet):
    def visible_to(self, user):
        from exhibitions.models import Exhibition

        if sees_all_exhibitions(user):
            return self
        return self.filter(exhibition__in=Exhibition.objects.visible_to(user).values("pk"))


class WorkChildQuerySet(models.QuerySet):
    def visible_to(self, user):
        from exhibitions.models import Work

        if sees_all_exhibitions(user):
            return self
        return self.filter(work__in=Work.objects.visible_to(user).values("pk"))
