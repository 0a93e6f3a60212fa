"""The forms of the admin: errors from a service or the database are shown at their field."""

from contextlib import suppress

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, Q
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.utils.translation import gettext as _

from izmek.acts.refusal import show_refusal
from izmek.acts.sent_late import RemembersShown
from izmek.admin.scope import keep_chosen


class ModelForm(forms.ModelForm):
    """A ModelForm that shows constraints and refusals at a field of the form.

    `refusal`: the ValidationError of a first attempt to save; set by ModelAdmin.
    """

    refusal = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not getattr(field, "scoped", False) or not self.initial.get(name):
                continue
            if self.instance.pk:
                keep_chosen(field, self.initial[name])
            elif not _can_be_chosen(field, self.initial[name]):
                del self.initial[name]  # of a new row it may come out of the address
        label_parts(self.fields)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self.refusal is not None:
            show_refusal(self, self.refusal)

    def add_error(self, field, error):
        """As Django's, but a violated constraint stands at the field that it is about."""
        found = getattr(error, "error_dict", {})
        for each in found.pop(NON_FIELD_ERRORS, ()):
            found.setdefault(self._place(each), []).append(each)
        super().add_error(field, error)

    def _place(self, error):
        """The field where the user can correct an error of the whole row, or NON_FIELD_ERRORS."""
        named = (error.params or {}).get("unique_check", ())
        for constraint in self.instance._meta.constraints:
            if constraint.violation_error_message == error.message:
                named = _names(constraint)
        named = [name for name in named if name in self.fields]
        return named[-1] if named else NON_FIELD_ERRORS  # end ≥ begin is mended at the end


class ListForm(RemembersShown, ModelForm):
    """A row of a list that is edited in place."""

    keeps_untouched = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.remember_shown()


def label_parts(fields):
    """Label both inputs of a date and time; one label would name only the pair."""
    for field in fields.values():
        if isinstance(field.widget, forms.SplitDateTimeWidget):
            for part, name in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"


def _names(constraint):
    """The fields in a constraint, in its order."""
    if condition := getattr(constraint, "condition", None):
        yield from _names_in(condition)
    yield from getattr(constraint, "fields", ())
    for expression in getattr(constraint, "expressions", ()):
        yield from (part.name for part in expression.flatten() if isinstance(part, F))


def _names_in(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from _names_in(child)
        else:
            yield child[0].split("__")[0]


class LabelledFormSet(BaseModelFormSet):
    """Forms in table rows: each input has its own label, the column's name (WCAG 1.3.1)."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # inside Django's wrapper
            widget.attrs["aria-label"] = str(field.label)


class LabelledInlineFormSet(LabelledFormSet, BaseInlineFormSet):
    def validate_unique(self):
        """Like Django's, which marks the row, but without the technical message above the table."""
        with suppress(ValidationError):
            super().validate_unique()

    def get_form_error(self):
        return _("This stands in the table already: take out one of the two rows.")


def _can_be_chosen(field, chosen):
    """Whether the user may choose all of these rows."""
    if isinstance(chosen, list):
        chosen = [getattr(row, "pk", row) for row in chosen]
    try:
        field.clean(chosen)
    except forms.ValidationError:
        return False
    return True
