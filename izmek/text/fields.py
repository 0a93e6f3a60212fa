"""A database column that stores a search key and keeps it up to date."""

from django.db import models
from django.db.models import signals

from izmek.text.fold import fold


class FoldedField(models.TextField):
    """The search key (`text.fold.fold`) of other attributes of the row, joined with spaces.

    `source`: the names of these attributes. The field computes its value in `pre_save`, so `save()`
    and `bulk_create` keep it right. Django does not call `pre_save` elsewhere:
    `save(update_fields=…)` with a source but without this field raises ValueError; for a
    `bulk_update` of a source use `izmek.acts.bulk`; never use `QuerySet.update` on a source.
    """

    def __init__(self, *args, source=(), **kwargs):
        self.source = tuple(source)
        super().__init__(*args, **{"editable": False, "default": "", "blank": True} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        if not cls._meta.abstract:
            signals.pre_save.connect(self._refuse_half_a_save, sender=cls)

    def _refuse_half_a_save(self, sender, instance, update_fields, **kwargs):
        if update_fields and self.name not in update_fields:
            changed = sorted(set(self.source) & set(update_fields))
            if changed:
                raise ValueError(
                    f"update_fields names {', '.join(changed)} but not {self.name}, which is made "
                    "of it"
                )

    def pre_save(self, instance, add):
        value = fold(" ".join(getattr(instance, name) or "" for name in self.source))
        setattr(instance, self.attname, value)
        return value
