"""The five roles (DESIGN.md §4): who may do what. Scope – on which rows – is `visible_to(user)`.

Roles are Django groups owned by code: `write_roles` runs after every migration and sets each group's
permissions to what stands here, so a permission changed by hand does not last.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MANAGER = "yonetici", _("Manager")
    OFFICER = "merkez-sorumlusu", _("Centre officer")
    TEACHER = "ogretmen", _("Teacher")
    CURATOR = "sergi-sorumlusu", _("Curator")
    AUDITOR = "denetci", _("Auditor")


STAFF = (Role.MANAGER, Role.OFFICER, Role.CURATOR, Role.AUDITOR)  # those who work in the admin

_COURSES = "neighbourhood coursecentre centreofficer room field programme module educationyear term"
_COURSES += " holiday teacher course coursemodule teacherchange timetableslot session"
_TRAINEES = (
    "trainee guardian consent noticetext application enrolment absence rollcall mark certificate"
)
_EXHIBITIONS = "technique work maker exhibition exhibitionday guest partner showing photo enquiry"
_EXHIBITIONS += " visitornote"
_KERNEL = "user accesslog counter letter override slugredirect"


def _may(app, models_, *actions):
    return {f"{app}.{action}_{model}" for model in models_.split() for action in actions}


EVERYTHING = ("view", "add", "change", "delete")
_VIEW_ALL = (
    _may("courses", _COURSES, "view")
    | _may("trainees", _TRAINEES, "view")
    | _may("exhibitions", _EXHIBITIONS, "view")
)

PERMISSIONS = {
    Role.MANAGER: _may("courses", _COURSES, *EVERYTHING)
    | _may("trainees", _TRAINEES, *EVERYTHING)
    | _may("exhibitions", _EXHIBITIONS, *EVERYTHING)
    | _may("izmek", "user", *EVERYTHING)
    | _may("izmek", _KERNEL, "view")
    | _may("izmek", "letter", "change"),  # to send one again
    Role.OFFICER: _may("courses", _COURSES, "view")
    | _may("courses", "room course timetableslot session", "add", "change")
    | _may("courses", "coursecentre", "change")
    | _may("courses", "timetableslot", "delete")
    | _may("trainees", _TRAINEES, "view")
    | _may("trainees", "trainee guardian", "add", "change")
    | _may("trainees", "application enrolment absence mark", "change")
    | _may("exhibitions", "exhibition work maker photo showing technique enquiry", "view")
    | _may("exhibitions", "enquiry", "change"),
    Role.TEACHER: set(),  # her pages are not the admin
    Role.CURATOR: _may("exhibitions", _EXHIBITIONS, *EVERYTHING)
    | _may("courses", "neighbourhood coursecentre programme educationyear teacher course", "view"),
    Role.AUDITOR: _VIEW_ALL | _may("izmek", _KERNEL, "view"),
}


def write_roles(using="default"):
    """Make the groups and set their permissions to those above; permissions not yet made are left."""
    from django.contrib.auth.models import Group, Permission

    ids = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role, codes in PERMISSIONS.items():
        group, _made = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set(ids[code] for code in codes if code in ids)
