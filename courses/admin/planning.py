"""The ways to the pages on which a year is planned, for the admin's first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.rights import RIGHTS


def plan_links(user):
    """[{label, url}] of the pages that the user may open."""
    looks, plans = user.has_perm("courses.view_session"), RIGHTS.may(user, "save_course")
    years = RIGHTS.may(user, "make_year")
    links = [
        (looks, _("Week of the rooms"), "coursecentre_weeks"),
        (looks, _("Find free times"), "room_free"),
        (plans, _("New course"), "course_add"),
        (plans, _("Copy the courses of a term"), "course_copy"),
        (years, _("New education year"), "educationyear_new"),
    ]
    return [
        {"label": label, "url": reverse(f"admin:courses_{name}")}
        for may, label, name in links
        if may
    ]
