"""The letters about an application or a seat, and sending one again."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from izmek.admin import ActionForm, object_action
from izmek.admin.masking import is_masked, mask
from izmek.models import Letter
from trainees import services
from trainees.rights import RIGHTS


def letters_about(row):
    """The letters about a row, newest first."""
    kind = ContentType.objects.get_for_model(row)
    return Letter.objects.filter(content_type=kind, object_id=str(row.pk))


def _line(letter):
    """When, to whom, about what, and whether it was sent."""
    when = date_format(timezone.localtime(letter.created_at), "SHORT_DATETIME_FORMAT")
    return f"{when} · {letter.address} · {letter.subject} · {letter.get_state_display()}"


class ResendForm(ActionForm):
    letter = forms.ModelChoiceField(
        label=_("letter"),
        queryset=Letter.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, **kwargs)
        self.fields["letter"].queryset = letters_about(obj)
        self.fields["letter"].label_from_instance = _line


class TellsLetters:
    """The part of a ModelAdmin that lists a row's letters (`letters_shown`) and sends one again."""

    @admin.display(description=_("letters"))
    def letters_shown(self, row):
        found = letters_about(row)
        if not found:
            return _("none")
        if is_masked(row):
            for letter in found:
                mask(letter)
        lines = format_html_join("", "<li>{}</li>", ((_line(letter),) for letter in found))
        return format_html('<ul class="letters">{}</ul>', lines)

    @object_action(
        _("Send a letter again"),
        form=ResendForm,
        may=RIGHTS.asks("resend_letter"),
        text=_(
            "It goes to the address that it was written to, in the same words. Until when a seat is kept "
            "and the place on the waiting list are those of now."
        ),
    )
    def resend(self, request, row, data):
        services.resend_letter(about=row, letter=data["letter"], by=request.user)
        return _("The letter is on its way: %(address)s") % {"address": data["letter"].address}
