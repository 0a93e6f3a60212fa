"""The public pages of courses, applications, certificates; `stable` has one address for both languages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from trainees.views import applications as application
from trainees.views import certificates as check
from trainees.views import courses as public
from trainees.views import own_certificate, timetable

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
    path(_("certificate/"), check.certificates, name="certificates"),
    path(_("certificate/verify/"), check.verify, name="verify_certificate"),
    path(_("certificate/mine/"), own_certificate.mine, name="own_certificate"),
    path(_("certificate/<str:code>/"), check.certificate, name="certificate"),
]

stable = [
    path("belge/anahtarlar.json", check.keys_json, name="certificate_keys_json"),
    path("belge/anahtarlar.txt", check.keys_text, name="certificate_keys_text"),
]
