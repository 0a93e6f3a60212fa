"""The five roles (DESIGN.md §4): who may do what. For which rows, see `visible_to(user)`.

Roles are Django groups that the code controls: each app grants permissions on its own tables
(`<app>/permissions.py`). `write_roles` runs after every migration and resets each group to these
permissions, so a manual change does not last.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MANAGER = "yonetici", _("Manager")
    OFFICER = "merkez-sorumlusu", _("Centre officer")
    TEACHER = "ogretmen", _("Teacher")
    CURATOR = "sergi-sorumlusu", _("Curator")
    AUDITOR = "denetci", _("Auditor")


STAFF = (Role.MANAGER, Role.OFFICER, Role.CURATOR, Role.AUDITOR)  # roles that use the admin

EVERYTHING = ("view", "add", "change", "delete")

_granted = {role: set() for role in Role}


def codes(app, tables, *acts):
    """Django's permission codes ("courses.view_room") for tables of an app.

    The tables are one string.
    """
    return {f"{app}.{act}_{table}" for table in tables.split() for act in acts}


def grant(permissions):
    """Give roles their permissions, {Role: codes}; each app calls this once for its own tables."""
    for role, granted in permissions.items():
        _granted[role] |= granted


def granted_to(role):
    """All permissions of a role, as codes."""
    return frozenset(_granted[role])


def with_roles_that(user, model, *acts):
    """The user with those of their roles alone that grant one of the acts on the model's table."""
    app, name = model._meta.app_label, model._meta.model_name
    codes = {f"{app}.{act}_{name}" for act in acts}
    return user.only(*(role for role in user.roles if codes & granted_to(role)))


def who_writes(user, model):
    """The user as the one who fills in rows of the model: what these roles see can be chosen there.

    A table that only acts write is filled in by who sees it, but for the auditor, who only reads.
    """
    writer = with_roles_that(user, model, "add", "change")
    if writer.roles:
        return writer
    return with_roles_that(user.only(*user.roles - {Role.AUDITOR}), model, "view")


_TABLES = (
    "user accesslog counter letter smsday override slugredirect merge destructionlog accessseal "
    "upkeep"
)
grant(
    {
        Role.MANAGER: codes("izmek", _TABLES, "view")
        | codes("izmek", "user", *EVERYTHING)
        | codes("izmek", "letter", "change")  # to send one again
        | codes("django_tasks_database", "dbtaskresult", "view"),
        Role.OFFICER: codes("izmek", "merge", "view"),  # their own, to undo them
        Role.AUDITOR: codes("izmek", _TABLES, "view"),
    }
)


def write_roles(using="default"):
    """Create the groups and set their permissions; permissions that do not exist yet are skipped."""
    from django.contrib.auth.models import Group, Permission

    ids = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role in Role:
        group, _made = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set(ids[code] for code in granted_to(role) if code in ids)
