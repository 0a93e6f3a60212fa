"""Spam checks of forms that everyone may send, without a puzzle (WCAG 3.3.8).

A field that people do not see and programs fill in, and a signed time at which the form was opened:
nobody fills it in within two seconds. Whoever is refused reads why, nothing typed is lost, and a person
gets through the second time.
"""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from izmek.acts.refusal import show_refusal
from izmek.text.codes import new_code

FASTEST = 2  # seconds
LONGEST = 24 * 60 * 60

AGAIN = {
    "filled": _("A field that has to stay empty was filled in. Please send the form again."),
    "fast": _("The form came back very quickly. Please look it over and send it again."),
    "old": _("The page was open for very long. Please send the form again."),
}


class SpamCheckedForm(forms.Form):
    """A public form with both checks, which carries the `reference` of the row that it will make.

    `about`: what the form is for; a form that was opened for something else is refused. `typed`: what was
    written so far on the page in another language, to be shown again and not yet judged (`_lang.html`).
    After validation `reference` is the one that the sent form carried, so that a form sent twice makes
    one row (izmek/acts/sent_once.py).
    """

    web = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, about, typed=None):
        super().__init__(data)
        self._signer = signing.TimestampSigner(salt=f"izmek.public.spam_checks:{about}")
        self.reference = new_code()
        self.initial["opened"] = self._signer.sign(self.reference)
        if typed:
            self.initial |= {field.name: typed.get(field.name) for field in self.shown_fields}

    @property
    def shown_fields(self):
        """The fields that people fill in."""
        return [field for field in self if field.name not in ("web", "opened")]

    @property
    def request(self):
        """What the service takes of a valid form."""
        answers = {field.name: self.cleaned_data[field.name] for field in self.shown_fields}
        return answers | {"reference": self.reference}

    def clean(self):
        data = super().clean()
        wrong = None if self.errors else self._suspicion(data)  # one thing to mend at a time
        if wrong:
            self._renew()
            raise forms.ValidationError(AGAIN[wrong], code=wrong)
        return data

    def _suspicion(self, data):
        """Why a program may have sent the form (a key of AGAIN), or None."""
        if data.get("web"):
            return "filled"
        try:
            reference = self._signer.unsign(data.get("opened", ""), max_age=LONGEST)
        except signing.BadSignature:  # SignatureExpired is one
            return "old"
        try:
            self._signer.unsign(data["opened"], max_age=FASTEST)
        except signing.SignatureExpired:
            self.reference = reference
            return None
        return "fast"

    def refuse(self, refusal):
        """Show the refusal of a service. Sent again, the form is a new one: one form, one row."""
        show_refusal(self, refusal)
        self._renew()

    def _renew(self):
        """Let the form be sent again, as if it were opened now and without what was suspicious."""
        self.data = self.data.copy()
        self.data[self.add_prefix("web")] = ""
        self.data[self.add_prefix("opened")] = self.initial["opened"]
