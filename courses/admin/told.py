"""Who hears of an act, in figures, before it is done."""

from django.db.models import Q
from django.utils.translation import gettext as _


def who_is_told(course, applications=None):
    """A sentence: how many people of a course get an e-mail, and how many have to be called.

    Those who attend; with `applications` (a QuerySet) also who wrote these.
    """
    seats = course.enrolments.current()
    reached = ~Q(trainee__email="") | (Q(application__isnull=False) & ~Q(application__email=""))
    everyone, written = seats.count(), seats.filter(reached).count()
    if applications is not None:
        everyone += applications.count()
        written += applications.exclude(email="").count()
    if not everyone:
        return _("There is nobody to tell.")
    return _("%(written)d people get an e-mail, %(called)d are to be called.") % {
        "written": written,
        "called": everyone - written,
    }
