"""The form of who fetches their own certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from izmek.text.codes import read_code
from trainees.certificate_text import CODE_LENGTH


class OwnCertificateForm(forms.Form):
    """What the holder of a certificate knows. A code that is none is as unknown as any other."""

    code = forms.CharField(
        label=_("Check code"),
        help_text=_("16 signs in groups of four, as on the certificate"),
        max_length=40,
        error_messages={"required": _("Enter the check code of the certificate.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    phone_digits = forms.CharField(
        label=_("Last four digits of your phone"),
        help_text=_("Of the phone number that the course centre has of you"),
        max_length=8,
        error_messages={"required": _("Enter the last four digits of your phone.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--4"}
        ),
    )

    def clean_code(self):
        return read_code(self.cleaned_data["code"], CODE_LENGTH)
