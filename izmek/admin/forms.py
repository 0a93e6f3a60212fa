"""The forms of the admin: errors from a service or the database are shown at their field."""

from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import F, Q, prefetch_related_objects
from django.forms.models import BaseInlineFormSet, BaseModelFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from izmek.acts.refusal import show_refusal
from izmek.acts.sent_late import RemembersShown
from izmek.admin.scope import keep_chosen, know_chosen


class ModelForm(forms.ModelForm):
    """A ModelForm that shows constraints and refusals at a field of the form.

    `refusal`: the ValidationError of a first attempt to save; set by ModelAdmin.
    """

    refusal = None

    def __init__(self, *args, instance=None, **kwargs):
        if (
            instance is not None and instance.pk
        ):  # read once, for the form, its choices and its stamp
            many = (field.name for field in instance._meta.many_to_many)
            prefetch_related_objects(
                [instance], *(name for name in many if name in self.base_fields)
            )
        super().__init__(*args, instance=instance, **kwargs)
        for name, field in self.fields.items():
            if not getattr(field, "scoped", False) or not self.initial.get(name):
                continue
            if self.instance.pk:
                keep_chosen(field, self.initial[name])
                know_chosen(field, self._read(name))
            elif not _can_be_chosen(field, self.initial[name]):
                del self.initial[name]  # of a new row it may come out of the address
        label_parts(self.fields)

    def _read(self, name):
        """The rows to which a column of the row leads, as far as they were read with it."""
        chosen = self.initial[name]
        if isinstance(chosen, list):
            return chosen
        if self.instance._meta.get_field(name).is_cached(self.instance):
            return [getattr(self.instance, name)]
        return []

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


@dataclass(frozen=True)
class Wrong:
    """One thing to correct: `place` is its anchor in the page, or empty where it has none."""

    label: str
    sentence: str
    place: str = ""


def what_is_wrong(adminform, formsets=()):
    """What is to be corrected in a sent form and its tables (Wrong), in the order of the page."""
    names = flatten_fieldsets(fieldset for fieldset in adminform.fieldsets)
    yield from _wrong_in(adminform.form, names)
    for formset in formsets:
        title = capfirst(formset.model._meta.verbose_name_plural)
        for sentence in formset.non_form_errors():
            yield Wrong(title, sentence, f"{formset.prefix}-heading")
        for number, form in enumerate(formset.forms):
            where = _("%(table)s, row %(number)d") % {"table": title, "number": number + 1}
            yield from _wrong_in(form, list(form.fields), where, f"{formset.prefix}-{number}")


def _wrong_in(form, names, where="", row=""):
    for sentence in form.non_field_errors():
        yield Wrong(where, sentence, row)
    in_order = {name: number for number, name in enumerate(names)}
    for name in sorted(form.errors, key=lambda name: in_order.get(name, len(names))):
        if name not in form.fields:
            continue
        field = form[name]
        label = capfirst(field.label)
        place = row if field.is_hidden else (field.id_for_label or field.auto_id)
        for sentence in field.errors:
            yield Wrong(f"{where}: {label}" if where else label, sentence, place)


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

    tells_help = (
        False  # whether the template says the help of each input, to which the input points
    )

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            field.help_text = field.help_text if self.tells_help else ""
            widget = getattr(field.widget, "widget", field.widget)  # inside Django's wrapper
            if not widget.is_hidden:
                widget.attrs["aria-label"] = str(field.label)


class LabelledInlineFormSet(LabelledFormSet, BaseInlineFormSet):
    tells_help = True

    def get_queryset(self):
        """The rows, each with its parent, which is at hand: its name may ask for it."""
        rows = super().get_queryset()
        for row in rows:
            setattr(row, self.fk.name, self.instance)
        return rows

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
