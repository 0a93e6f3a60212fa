"""The forms of an applicant: asking for a seat, and giving it up (DESIGN.md §3, §5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from izmek.public.spam_checks import SpamCheckedForm
from izmek.text.mail import MailFormField
from izmek.text.names import LastNameFormField, NameFormField
from izmek.text.phones import PhoneFormField
from trainees.forms.fields import BirthYearField


class AsksSamePerson(forms.Form):
    """Asks whether somebody of a similar name is the same person, once the service has asked it."""

    same_person = forms.TypedChoiceField(
        label=_("Somebody of a similar name applied with this phone. Is it the same person?"),
        choices=[
            ("yes", _("Yes, it is the same person")),
            ("no", _("No, this application is for somebody else: the course centre calls")),
        ],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": _("Choose no or yes.")},
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, **facts):
        super().__init__(data, **facts)
        self._question = self.fields.pop("same_person")
        if data and "same_person" in data:
            self.fields["same_person"] = self._question

    def ask_if_similar(self, refusal):
        """Add the question whether it is the same person where the service asks it."""
        if getattr(refusal, "reason", "") == "similar":
            self.fields["same_person"] = self._question


class ApplicationForm(AsksSamePerson, SpamCheckedForm):
    """A request for a seat; it asks for no identity number (DOMAIN.md §4)."""

    first_name = NameFormField(
        label=_("First name"),
        max_length=80,
        error_messages={"required": _("Enter your first name.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = LastNameFormField(
        label=_("Last name"),
        max_length=80,
        error_messages={"required": _("Enter your last name, or “-” if you have only one name.")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone = PhoneFormField(
        label=_("Phone"),
        help_text=_("Without an e-mail address we call you here to confirm the application."),
        error_messages={
            "required": _("Enter a phone: it is how we reach you."),
        },
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "input--11"}),
    )
    email = MailFormField(
        label=_("E-mail"),
        required=False,
        help_text=_(
            "With it you confirm the application yourself and hear by letter of a free seat."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    birth_year = BirthYearField(
        label=_("Year of birth"),
        help_text=_("For example 1985"),
        error_messages={"required": _("Enter the year of your birth.")},
        autocomplete="bday-year",
    )
    already_certified = forms.TypedChoiceField(
        label=_("Have you a certificate in this programme already?"),
        help_text=_("If so, those who have none go first on the waiting list."),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": _("Choose no or yes.")},
        widget=forms.RadioSelect,
    )

    def refuse(self, refusal):
        self.ask_if_similar(refusal)
        super().refuse(refusal)


class WithdrawForm(forms.Form):
    """The applicant proves who they are with the last digits of the phone number."""

    phone_digits = forms.CharField(
        label=_("Last four digits of your phone"),
        help_text=_("Of the phone number you applied with"),
        max_length=8,
        error_messages={"required": _("Enter the last four digits of your phone.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--4"}
        ),
    )
