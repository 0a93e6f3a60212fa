"""Consents and notice texts in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from courses.models import Teacher
from izmek.admin import ModelAdmin, ReadOnlyAdmin, ReadOnlyInline, object_action
from trainees.admin.forms import ConsentForm, record_answer
from trainees.models import Application, Consent, NoticeText
from trainees.rights import RIGHTS


class ConsentInline(ReadOnlyInline):
    """Every recorded answer; the latest one for a purpose counts."""

    model = Consent
    fields = ("purpose", "answer", "guardian", "channel", "signed_on", "notice", "at", "by")
    verbose_name_plural = _("consents (the last answer to a purpose counts)")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("guardian", "notice", "by")


def may_record_answers(user, person=None):
    """Whether the user records the consents of a trainee or a teacher; without one, of anybody."""
    act = "answer_of_teacher" if isinstance(person, Teacher) else "give_consent"
    return RIGHTS.may(user, act, person)


class RecordsAnswers:
    """The act by which a trainee's or a teacher's answer is recorded."""

    @object_action(
        _("Record a consent"),
        form=ConsentForm,
        may=may_record_answers,
        text=_(
            "One purpose at a time. The answer counts on every page at once; the earlier ones stay "
            "in the records."
        ),
    )
    def record_consent(self, request, person, data):
        record_answer(by=request.user, **{self.opts.model_name: person}, **data)
        return _("The answer is recorded.")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """All answers, read-only; new ones are recorded on the person's page."""

    list_display = ("at", "person", "purpose", "answer", "channel", "signed_on", "by")
    list_filter = ("purpose", "answer", "channel")
    list_select_related = ("trainee", "teacher", "by")
    search_fields = ("trainee__folded", "teacher__folded")
    search_through = ("trainee", "teacher")
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
        return consent.trainee or consent.teacher


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
