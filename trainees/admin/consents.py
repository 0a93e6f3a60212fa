"""Consents and notice texts in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from izmek.admin import ModelAdmin, ReadOnlyAdmin, ReadOnlyInline, object_action
from izmek.admin.exported import Out, together
from trainees.admin.forms import ConsentForm, record_answer
from trainees.admin.links import link_to
from trainees.models import Application, Consent, NoticeText
from trainees.rights import RIGHTS


class ConsentInline(ReadOnlyInline):
    """Every recorded answer; the latest one for a purpose counts."""

    model = Consent
    fields = ("purpose", "answer", "guardian", "channel", "signed_on", "notice", "at", "by")
    verbose_name_plural = _("consents (the last answer to a purpose counts)")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("guardian", "notice", "by")


def records_answers(right, **more):
    """The act by which a person's answer is recorded; `right`: who may do it.

    `more`: as for `object_action`.
    """

    @object_action(
        _("Record a consent"),
        form=ConsentForm,
        may=RIGHTS.asks(right),
        text=_(
            "One purpose at a time. The answer counts on every page at once; the earlier ones stay "
            "in the records."
        ),
        **more,
    )
    def record_consent(self, request, person, data):
        record_answer(by=request.user, **{self.opts.model_name: person}, **data)
        return _("The answer is recorded.")

    return record_consent


PERSON = Out(
    "person",
    _("person"),
    tuple(
        f"{who}__{name}" for who in ("trainee", "teacher") for name in ("first_name", "last_name")
    ),
    together,
)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """All answers, read-only; new ones are recorded on the person's page."""

    list_display = ("at", "person", "purpose", "answer", "channel", "signed_on", "by")
    exported = ("at", PERSON, "purpose", "answer", "channel", "signed_on", "by")
    list_filter = ("purpose", "answer", "channel")
    list_select_related = ("trainee", "teacher", "application", "by")
    search_fields = ("trainee__folded", "teacher__folded", "application__folded")
    search_through = ("trainee", "teacher", "application")
    ordering = ("-pk",)
    fields = (
        "person",
        ("purpose", "answer"),
        ("guardian", "channel", "signed_on"),
        "notice",
        ("at", "by"),
    )
    readonly_fields = ("person",)

    @admin.display(description=_("person"))
    def person(self, consent):
        if consent.trainee:
            return link_to(consent.trainee)
        return consent.teacher or consent.application


@admin.register(NoticeText)
class NoticeTextAdmin(ModelAdmin):
    """A text that somebody was shown is never changed: add a new version."""

    list_display = ("kind", "version", "language", "written_on")
    list_filter = ("kind", "language")
    search_fields = ("text",)
    choose_from_list = True
    fields = (("kind", "version", "language"), "written_on", "text")

    def _used(self, notice):
        return (
            Consent.objects.filter(notice=notice).exists()
            or Application.objects.filter(notice=notice).exists()
        )

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        if obj is not None and self._used(obj):
            return (*fixed, "kind", "version", "language", "written_on", "text")
        return fixed
