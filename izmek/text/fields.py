"""The database column that holds a search key and keeps it up to date."""

from django.db import models
from django.db.models import signals

from izmek.text.fold import fold


class FoldedField(models.TextField):
    """The search key (`turkish.fold`) of other attributes of the row, kept by the field itself.

    `source`: their names, joined with a blank. Computed in `pre_save`: by `save()`, and by
    `bulk_create`. It cannot be computed where Django does not ask it: `save(update_fields=…)` that
    names a source but not this field raises ValueError, and `bulk_update` of a source goes through
    `izmek.acts.bulk` (`QuerySet.update` of one is never right).
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
