"""A form sent late: somebody else changed meanwhile what it showed."""

from django import forms
from django.utils.translation import gettext as _

from izmek.acts.refusal import Conflict


def saved_meanwhile():
    """The refusal of a whole form; the page shows both versions."""
    return Conflict(
        _(
            "Somebody else saved this in the meantime, so nothing was saved yet. What you typed "
            "still stands below."
        ),
        code="conflict",
    )


class RemembersShown:
    """A form that is refused when a value that it showed was changed meanwhile.

    Each field is sent together with the value that it showed (Django's `show_hidden_initial`), which
    is compared with the present one, the field's `initial`. The form then has both versions: what
    the user typed stays and the error names the present value; a field that the user left alone has
    the present value and the error names the old one. Saving again is a deliberate decision.

    Call `remember_shown()` when the form has all its fields. The caller locks the row before making
    the form, so that it does not change between the comparison and the saving.
    """

    def remember_shown(self):
        for field in self.fields.values():
            # Only values of one part: hidden parts of a date and time have no value to compare.
            field.show_hidden_initial = field.hidden_widget is forms.HiddenInput

    def full_clean(self):
        found = self._take_over_present() if self.is_bound else {}
        super().full_clean()
        for name, error in found.items():
            self.add_error(name, error)
        if found:
            self.add_error(None, saved_meanwhile())

    def _take_over_present(self):
        """Give the sent data the present values; {field: error} of those that were changed."""
        found = {}
        for name, field in self.fields.items():
            bound = self[name]
            hidden = field.hidden_widget()
            sent_as = bound.html_initial_name
            if not field.show_hidden_initial or sent_as not in self.data:
                continue
            hidden.is_localized = field.localize
            shown = _one_newline(self.data[sent_as])
            now = _one_newline(hidden.format_value(field.prepare_value(bound.initial)))
            if shown == now:
                continue
            if not found:
                self.data = self.data.copy()
            self.data[sent_as] = now
            typed = _one_newline(bound.data)
            if typed == shown:
                self._put(bound, now)
                said = _("Somebody else has changed this. On your page it was: %(value)s")
                found[name] = said % {"value": in_words(field, shown)}
            elif typed != now:
                said = _("Somebody else has changed this. At present it is: %(value)s")
                found[name] = said % {"value": in_words(field, now)}
        return found

    def _put(self, bound, value):
        """Set a sent field to the text of a value."""
        if isinstance(bound.field, forms.BooleanField) and value != "True":
            self.data.pop(bound.html_name, None)
        else:
            self.data[bound.html_name] = value


def in_words(field, value):
    """A value of a form's field for people: of a choice its label; a dash for nothing."""
    for key, label in getattr(field, "choices", ()):
        if value and str(key) == str(value):
            return str(label)
    if isinstance(field, forms.BooleanField):
        return _("yes") if str(value) == "True" else _("no")
    return value or "–"


def _one_newline(value):
    """The text of a value; browsers send line ends in another form than they get them."""
    return "" if value is None else str(value).replace("\r\n", "\n")
