"""Forms that only the admin uses."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from izmek.admin import ActionForm, ModelForm, visible
from izmek.admin.actions import ReasonForm
from izmek.admin.widgets import DateInput
from izmek.secrets.identity import IdentityKind, normalise
from trainees import services
from trainees.enums import Channel, Purpose
from trainees.forms.consents import AsksConsents
from trainees.forms.names import read_names
from trainees.models import Application, Trainee
from trainees.wording import about


class NumberFields(forms.Form):
    """Kind, number and country of an identity number, validated at its field.

    `cleaned_data["identity"]`: all three in the form that the services take, or None when no number
    is asked and none was typed.
    """

    identity_kind = forms.ChoiceField(
        label=_("kind of identity number"), choices=IdentityKind, initial=IdentityKind.TCKN
    )
    identity_number = forms.CharField(
        label=_("identity number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "size": 20}),
    )
    identity_country = forms.CharField(
        label=_("country of the passport"),
        max_length=2,
        min_length=2,
        required=False,
        widget=forms.TextInput(attrs={"size": 3}),
        help_text=_("Two letters, for a passport only: DE, SY …"),
    )

    def full_clean(self):
        """As Django's; the kind of the number says how names in capitals are read."""
        read_names(self, self.data.get(self.add_prefix("identity_kind")))
        super().full_clean()

    def clean(self):
        data = super().clean()
        data["identity"] = None
        number, kind = data.get("identity_number"), data.get("identity_kind")
        if not number or not kind:
            return data
        country = data.get("identity_country") or ""
        if kind != IdentityKind.PASSPORT:
            country = ""
        elif not (country.isascii() and country.isalpha()):
            self.add_error("identity_country", _("A passport needs its country."))
            return data
        try:
            number = normalise(kind, number)
        except ValidationError as error:
            self.add_error("identity_number", error)
        data["identity"] = {"kind": kind, "number": number, "country": country.upper()}
        return data


class FindForm(NumberFields, ActionForm):
    """Find a trainee by the identity number. Sent by POST, to keep the number out of the URL."""


class IdentityActForm(NumberFields, ActionForm):
    """Record the number of a trainee."""


class CorrectIdentityForm(NumberFields, ReasonForm):
    """Replace an identity number that was recorded wrongly."""

    field_order = ("identity_kind", "identity_number", "identity_country", "reason")


class NewTraineeForm(NumberFields, ModelForm):
    """A new trainee, with the identity number if the card is there.

    If somebody on record may be the same person, the form says who and asks before it saves.
    """

    somebody_else = forms.BooleanField(
        label=_("It is somebody else"), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Trainee
        exclude = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["identity_number"].required = False
        self.fields["identity_number"].help_text = _("Only from the identity card itself.")

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        similar = Trainee.objects.similar(
            name=f"{data['first_name']} {data['last_name']}",
            birth_date=data["birth_date"],
            phone=data["phone"],
        )
        if similar:
            self.fields["somebody_else"].widget = forms.CheckboxInput()
            if not data["somebody_else"]:
                self.add_error("somebody_else", self._who(similar))
        return data

    def _who(self, similar):
        """Who is on record, each with a link where the user may open it."""
        seen = set(visible(Trainee, self.request.user).filter(pk__in=[one.pk for one in similar]))
        return format_html(
            "{} {}",
            _("Somebody on record may be the same person; if it is somebody else, tick the box:"),
            format_html_join(
                "; ",
                "{}",
                ([self._link(one) if one in seen else about(one)] for one in similar),
            ),
        )

    def _link(self, trainee):
        address = reverse("admin:trainees_trainee_change", args=[trainee.pk])
        born = trainee.birth_date.year if trainee.birth_date else "–"
        return format_html('<a href="{}">{}, {}</a>', address, trainee, born)


class SupportForm(ActionForm):
    support = forms.CharField(
        label=_("support needed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What helps the trainee to take part; no diagnosis, no percentage. It replaces what"
            " was recorded; leave it empty to delete that."
        ),
    )


class ConsentForm(ActionForm):
    """An answer to one purpose; for a trainee under 18 it is the guardian's."""

    purpose = forms.ChoiceField(label=_("purpose"), choices=Purpose)
    answer = forms.TypedChoiceField(
        label=_("answer"),
        choices=[("yes", _("yes: consents")), ("no", _("no: refuses or withdraws"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(label=_("channel"), choices=Channel)
    guardian = forms.ModelChoiceField(
        label=_("guardian who answered"),
        queryset=None,
        required=False,
        help_text=_("For a trainee under 18."),
    )
    signed_on = forms.DateField(label=_("signed on"), required=False, widget=DateInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if isinstance(self.obj, Application):  # the others are asked of who attends
            self.fields["purpose"].choices = [(Purpose.CONTACT.value, Purpose.CONTACT.label)]
        guardians = getattr(self.obj, "guardians", None)  # a teacher has none
        if guardians is None or not self.obj.is_minor():
            del self.fields["guardian"]
        else:
            self.fields["guardian"].queryset = guardians.all()


class AskConsentsForm(AsksConsents, ActionForm):
    """Every purpose on one page, each a question of its own; under 18 the guardian answers."""

    def __init__(self, *args, obj, **kwargs):
        super().__init__(*args, obj=obj, earlier=services.answers_of(obj), **kwargs)
        self.fields["channel"].choices = Channel.choices
        if obj.is_minor():
            self.fields["guardian"] = forms.ModelChoiceField(
                obj.guardians.all(), label=_("guardian who answered"), required=False
            )

    def clean(self):
        data = super().clean()
        if not self.given():
            raise ValidationError(_("Choose an answer to at least one question."))
        if self.errors:
            return data
        return {"answers": self.answers, "guardian": data.get("guardian")}


def record_answer(*, by, answer, guardian=None, **data):
    """Give or withdraw a consent, according to a ConsentForm."""
    if answer:
        return services.give_consent(by=by, guardian=guardian, **data)
    return services.withdraw_consent(by=by, **data)


class OverrideField(forms.CharField):
    """An officer's reason to set aside an admission rule (trainees.services.OVERRIDABLE)."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("reason to set a rule aside"),
            max_length=250,
            required=False,
            empty_value=None,
            help_text=_(
                "Only where a rule refuses the seat and you decide otherwise; it is written down."
            ),
            **kwargs,
        )


class LookForm(ActionForm):
    """Why someone looks at protected data; the reason goes into the access log."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is logged with your name and the time."),
    )
