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


def check_shown(*, shown, now, typed, history, by):
    """Raise Conflict when one value that a page showed was changed by somebody else meanwhile.

    All three are texts. `shown`: None when the page did not tell. `history`: the versions of the
    row. Who changed it themselves may change it again: the answer may have been lost on the way.
    """
    if shown is None or now in (shown, typed):
        return
    last = history.order_by("history_date", "history_id").last()
    if last is None or by is None or last.history_user_id != by.pk:
        raise Conflict(changed_to(now), code="conflict")


def changed_to(value):
    """The sentence that tells the present value."""
    said = _("Somebody else has changed this. At present it is: %(value)s")
    return said % {"value": value or "–"}


class ShownValue(forms.HiddenInput):
    """A value as it was shown. Nobody reads it, so it has no description, which HTML would not allow."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {name: value for name, value in attrs.items() if not name.startswith("aria-")}


class RemembersShown:
    """A form that is refused when a value that it showed was changed meanwhile.

    Each field is sent together with the value that it showed (Django's `show_hidden_initial`), which
    is compared with the present one, the field's `initial`. The form then has both versions: what
    the user typed stays and the error names the present value; a field that the user left alone has
    the present value and the error names the old one. Saving again is a deliberate decision.

    `keeps_untouched`: fields that the user left alone just keep the present value, as in a list
    whose rows have nothing to do with each other.

    Call `remember_shown()` when the form has all its fields. The caller locks the row before making
    the form, so that it does not change between the comparison and the saving.
    """

    keeps_untouched = False

    def remember_shown(self):
        for field in self.fields.values():
            # Only values of one part: hidden parts of a date and time have no value to compare.
            field.show_hidden_initial = field.hidden_widget is forms.HiddenInput
            if field.show_hidden_initial:
                field.hidden_widget = ShownValue

    def full_clean(self):
        found = self._take_over_present() if self.is_bound else {}
        super().full_clean()
        for name, error in found.items():
            self.add_error(name, error)
        if found:
            self.add_error(None, saved_meanwhile())

    def _take_over_present(self):
        """Give the sent data the present values; {field: error} of those that were changed."""
        found, self.data = {}, self.data.copy()
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
            self.data[sent_as] = now
            typed = _one_newline(bound.data)
            if typed == shown:
                self._put(bound, now)
                if not self.keeps_untouched:
                    said = _("Somebody else has changed this. On your page it was: %(value)s")
                    found[name] = said % {"value": in_words(field, shown)}
            elif typed != now:
                found[name] = changed_to(in_words(field, now))
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
