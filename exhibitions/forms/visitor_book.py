"""The form of the visitor book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exhibitions.models import VisitorNote
from izmek.public.forms import LongTextField
from izmek.public.spam_checks import SpamCheckedForm
from izmek.text.names import NameFormField


class NoteForm(SpamCheckedForm):
    """A note for the visitor book. It asks for no contact data."""

    text = LongTextField(
        label=_("Your line"),
        most=VisitorNote._meta.get_field("text").max_length,
        error_messages={"required": _("Write a line.")},
    )
    name = NameFormField(
        as_typed=True,
        label=_("Name"),
        max_length=VisitorNote._meta.get_field("name").max_length,
        required=False,
        help_text=_("Shown under your line, if you give one."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
