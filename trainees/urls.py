"""The public pages of courses and applications, in both languages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from trainees.views import applications as application
from trainees.views import courses as public
from trainees.views import timetable

urlpatterns = [
    path(_("courses/"), public.courses, name="courses"),
    path(_("courses/<int:pk>-<slug:slug>/"), public.course, name="course"),
    path(_("courses/<int:pk>/timetable.ics"), timetable.timetable, name="timetable"),
    path(_("courses/<int:pk>/apply/"), application.apply, name="apply"),
    path(_("my-application/<str:reference>/"), application.application, name="application"),
    path(
        _("my-application/<str:reference>/confirm/<str:code>/"), application.confirm, name="confirm"
    ),
    path(_("my-application/<str:reference>/withdraw/"), application.withdraw, name="withdraw"),
]
