"""The form of whoever verifies a certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    """The text of a QR code, as a scanner or a telephone gives it."""

    text = forms.CharField(
        label=_("Text of the QR code"),
        help_text=_("The whole address that the code leads to, or the part after the # in it."),
        max_length=4000,
        error_messages={
            "required": _("Scan the code or paste its text."),
            "max_length": _("This is far longer than the text of a certificate."),
        },
        widget=forms.Textarea(
            attrs={
                "rows": "6",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
    )
