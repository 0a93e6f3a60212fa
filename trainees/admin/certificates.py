"""Certificates in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from courses.admin.columns import course_columns
from izmek.admin import ReadOnlyAdmin, RelatedFilter
from izmek.text import masks
from izmek.text.order import tr_order
from trainees.admin.columns import name_columns
from trainees.admin.links import link_to
from trainees.enums import CertificateState
from trainees.models import Certificate

STATE_COLOURS = {
    CertificateState.VALID: "now",
    CertificateState.REPLACED: "past",
    CertificateState.REVOKED: "wrong",
}


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    tagged = {"state": STATE_COLOURS}
    help = "ders-basladiktan-sonra"
    list_display = ("number", "who", "course", "state", "issued_at")
    exported = (
        "number",
        *name_columns("enrolment__trainee__"),
        *course_columns("enrolment__course__"),
        "state",
        "issued_at",
    )
    exported_more = ("code", "issued_by")
    list_filter = (
        year_filter("enrolment__course__term__year"),
        "state",
        ("enrolment__course__centre", RelatedFilter),
    )
    list_select_related = (
        "enrolment__trainee",
        "enrolment__course__programme",
        "enrolment__course__centre",
    )
    search_fields = ("number", "code", "enrolment__trainee__folded")
    search_through = ("enrolment__trainee",)
    masked_columns = {"code": masks.code, "state_reason": masks.words}
    ordering = ("-issued_at", "-pk")
    fields = (
        "enrolment",
        ("number", "code"),
        ("state", "state_reason", "replaces"),
        ("issued_at", "issued_by"),
    )

    @admin.display(description=_("trainee"), ordering=tr_order("enrolment__trainee__last_name"))
    def who(self, certificate):
        return link_to(certificate.enrolment.trainee)

    @admin.display(description=_("course"), ordering=tr_order("enrolment__course__programme__name"))
    def course(self, certificate):
        return certificate.enrolment.course
