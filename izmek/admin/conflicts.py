"""Two users edit the same row: the second one sees what the first one saved, and nothing is lost.

The form has a stamp: a hash of the values of the row and its inlines when it was shown. On submit,
the row is locked and the hash is computed again. If it differs, nothing is saved; a message says
who changed what and when, and the typed values stay. The form then has the new stamp, so a second
save is a deliberate decision.
"""

import hashlib
from datetime import UTC, datetime
from itertools import chain

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from izmek.admin.versions import has_history, versions

STAMP = "_stamp"


class ConflictMixin:
    """The part of ModelAdmin that detects an outdated form."""

    def stamp(self, request, obj):
        """`<digest>.<now>`: a hash of the values that the form shows, and the time of reading."""
        values = [_values(self.model, pk=obj.pk)]
        for inline, foreign_key in self._followed(request, obj):
            values.append(_values(inline.model, **{foreign_key: obj.pk}))
        digest = hashlib.sha256(repr(values).encode()).hexdigest()[:32]
        return f"{digest}.{int(timezone.now().timestamp())}"

    def conflict(self, request, object_id):
        """What others saved since the form was shown: {since, versions, entries}; None if nothing.

        Locks the row, so that it does not change after the comparison until the transaction ends.
        """
        sent = request.POST.get(STAMP, "")
        obj = self.get_object(request, unquote(object_id))
        if obj is None or "." not in sent:
            return None
        self.model._base_manager.select_for_update().filter(pk=obj.pk).first()
        digest, _dot, moment = sent.partition(".")
        if self.stamp(request, obj).startswith(f"{digest}."):
            return None
        try:
            since = datetime.fromtimestamp(int(moment), UTC)
        except (ValueError, OverflowError, OSError):  # no moment that we wrote
            return None
        return {"since": since, **self._changes_since(request, obj, since)}

    def _changes_since(self, request, obj, since):
        found = versions(self.model, since=since, pk=obj.pk) if has_history(self.model) else []
        for inline, foreign_key in self._followed(request, obj):
            if has_history(inline.model):
                found += versions(inline.model, since=since, **{foreign_key: obj.pk})
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=str(obj.pk),
            action_time__gte=since,
        ).select_related("user")
        # The admin's own log tells of rows whose model has no history.
        return {"versions": sorted(found, key=lambda v: v.at), "entries": [] if found else entries}

    def _followed(self, request, obj):
        """The inlines whose rows the form can change, with the names of their foreign keys."""
        for inline in self.get_inline_instances(request, obj):
            if inline.has_change_permission(request, obj):
                yield inline, inline.key_name


def _values(model, **lookup):
    """The editable values of the rows that match the lookup, in a fixed order."""
    names = [field.attname for field in model._meta.concrete_fields if field.editable]
    rows = list(model._base_manager.filter(**lookup).order_by("pk").values_list("pk", *names))
    many = [
        sorted(
            chain.from_iterable(
                field.remote_field.through._base_manager.filter(
                    **{f"{field.m2m_field_name()}__in": [row[0] for row in rows]}
                ).values_list(field.m2m_column_name(), field.m2m_reverse_name())
            ),
            key=str,
        )
        for field in model._meta.many_to_many
    ]
    return rows, many
