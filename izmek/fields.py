"""Fields of our own: text stored encrypted, search keys that keep themselves, names of people, amounts."""

import re

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import signals
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek import identity
from izmek.turkish import fold, without_unseen


class EncryptedTextField(models.TextField):
    """Text that the database holds only encrypted (by `izmek.identity`, with IDENTITY_KEYS).

    Python sees plain text; "" and NULL are stored as they are. Each encryption of one text differs,
    so the database can find nothing by it: every lookup but `isnull` raises FieldError, and what
    must be found or be unique has a keyed hash beside it. Saving a row encrypts under the newest
    key. Reading raises `identity.Unreadable` when no key fits.
    """

    def from_db_value(self, value, expression, connection):
        return identity.decrypt(value) if value else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return identity.encrypt(value) if value else value

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: nothing can be looked up by it")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name):
        raise FieldError(f"{self.name} is encrypted: nothing can be looked up by it")


class FoldedField(models.TextField):
    """The search key (`turkish.fold`) of other attributes of the row, kept by the field itself.

    `source`: their names, joined with a blank. Computed in `pre_save`: by `save()`, and by
    `bulk_create`. It cannot be computed where Django does not ask it: `save(update_fields=…)` that
    names a source but not this field raises ValueError, and `bulk_update` of a source goes through
    `izmek.bulk` (`QuerySet.update` of one is never right).
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


def clean_name(text):
    """A person's name with single blanks and without what no one sees.

    Raises ValidationError when letters are lacking.
    """
    name = " ".join(without_unseen(text).split())
    if name and not any(map(str.isalpha, name)):
        raise ValidationError(_("Write the name with letters."), code="name")
    return name


class NameFormField(forms.CharField):
    """Where the name of a person is typed."""

    def to_python(self, value):
        return clean_name(super().to_python(value))


class NameField(models.CharField):
    """The name of a person. To the database it is a CharField like any other."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NameFormField, **kwargs})

    def clean(self, value, model_instance):
        return super().clean(clean_name(self.to_python(value) or ""), model_instance)


# 1.250,50 and 1250,50 as we write them; 1250.50 as a calculator gives it. A point before three
# digits parts thousands (DOMAIN.md §7).
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{1,2})?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")


class AmountFormField(forms.DecimalField):
    """Where an amount of money is typed, in the notation of Turkish."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the amount in digits, for example 1.250,50."),
        "max_digits": gettext_lazy("This amount is too high."),
        "max_whole_digits": gettext_lazy("This amount is too high."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "localize": True})

    def to_python(self, value):
        return super().to_python(self._as_computers_write(value))

    def _as_computers_write(self, value):
        if not isinstance(value, str):
            return value
        text = " ".join(value.split())
        if _THOUSANDS.fullmatch(text):
            return text.replace(".", "").replace(" ", "").replace(",", ".")
        if not text or _PLAIN.fullmatch(text):
            return text.replace(",", ".")
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class AmountField(models.DecimalField):
    """An amount of money. To the database it is a DecimalField like any other."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": AmountFormField, **kwargs})
