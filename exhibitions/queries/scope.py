"""Which rows a user may see in the exhibitions app."""

from courses.queries.scope import ChildQuerySet
from izmek.accounts.roles import Role

SEE_ALL = (Role.MANAGER, Role.AUDITOR, Role.CURATOR)


class ExhibitionChildQuerySet(ChildQuerySet):
    parent = "exhibition"
    seen_by_all = SEE_ALL


class WorkChildQuerySet(ChildQuerySet):
    parent = "work"
    seen_by_all = SEE_ALL
