from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trainees.enums import Channel, Purpose
from trainees.forms.fields import CalendarField
from trainees.models import Guardian
from trainees.services import Answers
from trainees.wording import QUESTIONS


class AsksConsents:
    """The consent questions as part of a form. None has a default answer, none is required.

    `purposes`: which are asked. `earlier`: the answers so far, from `answers_of`; they are shown next
    to the questions. A form that shows older ones is refused: it would bring back a consent that was
    withdrawn meanwhile.
    """

    purposes = tuple(Purpose)

    def __init__(self, *args, earlier=None, **kwargs):
        super().__init__(*args, **kwargs)
        for purpose in self.purposes:
            last = (earlier or {}).get(purpose)
            self.fields[_name(purpose)] = forms.ChoiceField(
                label=QUESTIONS[purpose],
                choices=[("yes", _("yes")), ("no", _("no"))],
                widget=forms.RadioSelect,
                required=False,
                help_text=last
                and _("Answer so far: %(answer)s, %(when)s")
                % {
                    "answer": last.get_answer_display(),
                    "when": timezone.localdate(last.at).strftime("%d.%m.%Y"),
                },
            )
        self._seen = ".".join(str(last.pk) for last in (earlier or {}).values() if last)
        self.fields["seen"] = forms.CharField(
            required=False, initial=self._seen, widget=forms.HiddenInput
        )
        self.fields["channel"] = forms.ChoiceField(
            label=_("How were they answered?"),
            choices=[(c.value, c.label) for c in (Channel.PAPER, Channel.IN_PERSON)],
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["signed_on"] = CalendarField(label=_("Signed on"), required=False)

    def clean(self):
        data = super().clean()
        seen = self.add_prefix("seen")
        if self.given() and self.data.get(seen, self._seen) != self._seen:
            self.data = self.data.copy()
            self.data[seen] = self._seen
            self.add_error(None, _("Meanwhile an answer was recorded. Look at the answers so far."))
        if self.given() and "channel" in data and not data["channel"]:
            self.add_error("channel", _("Choose how the questions were answered."))
        on_paper = self.given() and data.get("channel") == Channel.PAPER
        if on_paper and "signed_on" in data and data["signed_on"] is None:
            self.add_error("signed_on", _("Enter the day on which the paper was signed."))
        return data

    def given(self):
        chosen = {purpose: self.cleaned_data.get(_name(purpose)) for purpose in self.purposes}
        return {purpose: answer == "yes" for purpose, answer in chosen.items() if answer}

    @property
    def answers(self):
        """The Answers of a valid form, or None when nothing was asked."""
        if not self.given():
            return None
        channel = Channel(self.cleaned_data["channel"])
        signed_on = self.cleaned_data["signed_on"] if channel == Channel.PAPER else None
        return Answers(self.given(), channel, signed_on)

    @property
    def questions(self):
        """The bound fields of the purposes."""
        return [self[_name(purpose)] for purpose in self.purposes]


class ConsentsForm(AsksConsents, forms.Form):
    """The consents of a known person; under 18 the signing guardian is chosen."""

    guardian = forms.ModelChoiceField(
        Guardian.objects.none(), label=_("Guardian who answers"), required=False
    )

    def __init__(self, *args, trainee, **kwargs):
        super().__init__(*args, **kwargs)
        self.trainee = trainee
        if trainee.is_minor():
            self.fields["guardian"].queryset = trainee.guardians.all()
        else:
            del self.fields["guardian"]

    def clean(self):
        data = super().clean()
        if not self.given():
            raise forms.ValidationError(_("Choose an answer to at least one question."))
        if any(self.given().values()) and "guardian" in data and not data["guardian"]:
            self.add_error("guardian", _("Under 18: the guardian has to consent."))
        return data


def _name(purpose):
    return "consent_" + purpose.name.lower()
