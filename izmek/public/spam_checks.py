"""What keeps programs out of forms that everyone may send, without a puzzle (WCAG 3.3.8).

A field that people do not see and programs fill in, and a signed note of when the form was opened:
nobody fills it in within two seconds. Whoever is refused reads why, keeps what she typed and sends
the form again; a person gets through the second time.
"""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

FASTEST = 2  # seconds
LONGEST = 24 * 60 * 60

AGAIN = {
    "filled": _("A field that has to stay empty was filled in. Please send the form again."),
    "fast": _("The form came back very quickly. Please look it over and send it again."),
    "old": _("The page was open for very long. Please send the form again."),
}


class SpamCheckedForm(forms.Form):
    """A public form with both traps. `note`: a text that travels with the form, signed.

    `about` ties the note to what the form is for, so that one form's note is worth nothing in
    another. After validation `note` is what the sent form carried.
    """

    web = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, about, note="", **kwargs):
        super().__init__(data, **kwargs)
        self._signer = signing.TimestampSigner(salt=f"izmek.public.spam_checks:{about}")
        self.note = note
        self.initial["opened"] = self._signer.sign(note)

    @property
    def shown_fields(self):
        """The fields that people fill in."""
        return [field for field in self if field.name not in ("web", "opened")]

    def clean(self):
        data = super().clean()
        wrong = None if self.errors else self._sprung(data)  # one thing to mend at a time
        if wrong:
            self._renew()
            raise forms.ValidationError(AGAIN[wrong], code=wrong)
        return data

    def _sprung(self, data):
        """Which trap caught the form, or None."""
        if data.get("web"):
            return "filled"
        try:
            note = self._signer.unsign(data.get("opened", ""), max_age=LONGEST)
        except signing.BadSignature:  # SignatureExpired is one
            return "old"
        try:
            self._signer.unsign(data["opened"], max_age=FASTEST)
        except signing.SignatureExpired:
            self.note = note
            return None
        return "fast"

    def _renew(self):
        """Show the form again without what sprang the trap."""
        self.data = self.data.copy()
        self.data[self.add_prefix("web")] = ""
        try:
            self._signer.unsign(self.data.get(self.add_prefix("opened"), ""), max_age=LONGEST)
        except signing.BadSignature:
            self.data[self.add_prefix("opened")] = self.initial["opened"]
