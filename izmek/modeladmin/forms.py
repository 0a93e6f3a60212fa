"""The forms of the admin: what a service or the database refuses stands at its field."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.utils.translation import gettext as _

from izmek.modeladmin.scope import keep_chosen


class ModelForm(forms.ModelForm):
    """A ModelForm that shows constraints and refusals at a field of the form.

    `refusal`: a ValidationError that the first attempt to save ended with; set by ModelAdmin.
    """

    refusal = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if getattr(field, "scoped", False):
                keep_chosen(field, self.initial.get(name))
        label_parts(self.fields)

    def _post_clean(self):
        super()._post_clean()
        if self.refusal is not None:
            show_refusal(self, self.refusal)

    def validate_constraints(self):
        """As Django's, but each violation at the field that the constraint is about."""
        exclude = self._get_validation_exclusions()
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude)
                except ValidationError as error:
                    self.add_error(field_of(constraint, self.fields), error)


def label_parts(fields):
    """Say at each of the two inputs of a moment what it is: one label names only their pair."""
    for field in fields.values():
        if isinstance(field.widget, forms.SplitDateTimeWidget):
            for part, name in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {name}"


def show_refusal(form, refusal):
    """Add the errors of a ValidationError to a form; those at unknown fields to the whole form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def field_of(constraint, fields):
    """The form field where a violated constraint is shown: the last that it names, or None.

    `end >= begin` is mended at the end; unique (centre, name) at the name.
    """
    named = [name for name in _names(constraint) if name in fields]
    return named[-1] if named else None


def _names(constraint):
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
    """The forms stand in the rows of a table, so each input says its column itself (WCAG 1.3.1)."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # inside Django's wrapper
            widget.attrs["aria-label"] = str(field.label)


class LabelledInlineFormSet(LabelledFormSet, BaseInlineFormSet):
    pass
