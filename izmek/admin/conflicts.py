"""Two users edit the same row: the second one sees what the first one saved, and nothing is lost.

The form has a stamp: a hash of the values of the row and its inlines when it was shown. On submit,
the row is locked and the hash is computed again. If it differs, nothing is saved; a message says
who changed what and when, and the typed values stay; what the user had left alone is taken over from the
row, as far as its history tells what they were shown. The form then has the new stamp, so a second save is
a deliberate decision.
"""

import hashlib
from datetime import UTC, datetime

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.forms import CheckboxInput, MultiWidget
from django.utils import timezone

from izmek.admin.versions import has_history, history_of, read_versions, rows_in_history

STAMP = "_stamp"
VERSIONS = 50  # so many versions back it is looked for what a form has shown


class ConflictMixin:
    """The part of ModelAdmin that detects an outdated form."""

    def stamp(self, request, obj, formsets=()):
        """`<digest>.<now>.<head>`: hashes of all that the form shows and of the row alone; the time.

        `formsets`: those of the inlines, if they hold the rows as they were read; others are read now.
        """
        read = {formset.model: formset.get_queryset() for formset in formsets}
        values = [_values([obj])]
        for inline, foreign_key in self._followed(request, obj):
            rows = read.get(inline.model)
            if rows is None:
                rows = inline.get_queryset(request).filter(**{foreign_key: obj.pk})
            values.append(_values(rows))
        digest = hashlib.sha256(repr(values).encode()).hexdigest()[:32]
        return f"{digest}.{int(timezone.now().timestamp())}.{_head(obj)}"

    def conflict(self, request, object_id):
        """What others saved since the form was shown: {versions, entries, tables, head}; None if nothing.

        Locks the row, so that it does not change after the comparison until the transaction ends.
        """
        sent = request.POST.get(STAMP, "")
        obj = self.get_object(request, unquote(object_id))
        if obj is None or "." not in sent:
            return None
        self.model._base_manager.select_for_update().filter(pk=obj.pk).first()
        now = self.get_object(request, unquote(object_id)) or obj
        digest, moment, head = (*sent.split("."), "")[:3]
        if self.stamp(request, now).startswith(f"{digest}."):
            return None
        try:
            since = datetime.fromtimestamp(int(moment), UTC)
        except (ValueError, OverflowError, OSError):  # no moment that we wrote
            return None
        return {"head": head, **self._changes_since(request, obj, since)}

    def take_over(self, request, form, head):
        """Put what others saved into the fields of the row that the user had left as they were shown.

        Else a second save would take it back. What was shown is the version with the hash `head`. Returns
        the labels of these fields; rows of inlines stay as they were sent.
        """
        if not has_history(self.model):
            return []
        rows = rows_in_history(self.model, pk=form.instance.pk).order_by(
            "-history_date", "-history_id"
        )
        shown = next((row for row in rows[:VERSIONS] if _head(row, self.model) == head), None)
        now = self.get_object(request, str(form.instance.pk))
        if shown is None or now is None:
            return []
        taken, form.data = [], form.data.copy()
        for field in self.opts.concrete_fields:
            if field.name not in form.cleaned_data or not hasattr(shown, field.attname):
                continue
            typed, before, after = (
                _plain(field, value)
                for value in (
                    getattr(form.cleaned_data[field.name], "pk", form.cleaned_data[field.name]),
                    getattr(shown, field.attname),
                    getattr(now, field.attname),
                )
            )
            if typed == before != after:
                _type_in(form, form[field.name], getattr(now, field.attname))
                taken.append(str(form[field.name].label))
        return taken

    def _changes_since(self, request, obj, since):
        rows = [("pk", self.model), *((key, i.model) for i, key in self._followed(request, obj))]
        keys = {
            model: rows_in_history(model, **{key: obj.pk})
            .filter(history_date__gt=since)
            .values_list("history_id", flat=True)
            for key, model in rows
            if has_history(model)
        }
        found = read_versions(keys).values()
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=str(obj.pk),
            action_time__gte=since,
        ).select_related("user")
        # The admin's own log tells of rows whose model has no history.
        tables = {v.model._meta.verbose_name_plural for v in found if v.model is not self.model}
        return {
            "versions": sorted(found, key=lambda v: v.at),
            "entries": [] if found else entries,
            "tables": sorted(map(str, tables)),
        }

    def _followed(self, request, obj):
        """The inlines whose rows the form can change, with the names of their foreign keys."""
        for inline in self.get_inline_instances(request, obj):
            if inline.has_change_permission(request, obj):
                yield inline, inline.key_name


def _head(row, model=None):
    """A hash of the editable columns of a row that its history has; of a version of it the same."""
    model = model or type(row)
    if not has_history(model):
        return ""
    kept = {field.attname for field in history_of(model).model._meta.concrete_fields}
    fields = (one for one in model._meta.concrete_fields if one.editable and one.attname in kept)
    text = repr([one.value_to_string(row) for one in fields])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(field, value):
    """A value as it can be compared, however it came: nothing is nothing, a line ends in one way."""
    value = value if field.is_relation else field.get_prep_value(value)
    return value.replace("\r\n", "\n") if isinstance(value, str) and value else value or None


def _type_in(form, bound, value):
    """Put a value into the sent data of a form, as if it had been typed."""
    widget, name = bound.field.widget, bound.html_name
    if isinstance(widget, MultiWidget):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)
        for suffix, part, text in parts:
            form.data[name + suffix] = part.format_value(text) or ""
    elif isinstance(widget, CheckboxInput):
        form.data.setlist(name, ["on"] if value else [])
    else:
        text = widget.format_value(bound.field.prepare_value(value))
        form.data.setlist(name, text if isinstance(text, list) else [text or ""])


def _values(rows):
    """The editable values of the rows, in a fixed order.

    What leads to many rows is one of them; but a table of its own (the works of an exhibition) only where
    the form reads it with the row.
    """
    return sorted((str(row.pk), *map(str, _columns(row)), *_many(row)) for row in rows)


def _columns(row):
    fields = (field for field in row._meta.concrete_fields if field.editable)
    return (field.value_to_string(row) for field in fields)


def _many(row):
    read = getattr(row, "_prefetched_objects_cache", {})
    for field in row._meta.many_to_many:
        if field.remote_field.through._meta.auto_created or field.name in read:
            yield str(sorted(str(one.pk) for one in field.value_from_object(row)))
