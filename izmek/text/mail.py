"""E-mail addresses: form field, database field and cleaning."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


def mail_address(text):
    """The address as it is stored: in small letters, without blanks around it.

    Raises ValidationError for a letter that no address of a mailbox has. Django lets ı and İ pass,
    because they look like i and I to a pattern without letter case; lower() would then make `i` and
    a second sign (U+0307) of İ, which is another address.
    """
    text = text.strip()
    strange = next((letter for letter in text if not letter.isascii()), None)
    if strange:
        raise ValidationError(
            _("An e-mail address has no “%(letter)s”. Look at this letter again."),
            params={"letter": strange},
            code="letter",
        )
    return text.lower()  # ASCII by now


class MailFormField(forms.EmailField):
    def to_python(self, value):
        return mail_address(super().to_python(value))


class MailField(models.EmailField):
    """An e-mail address, stored by `mail_address`. In migrations it is an ordinary EmailField."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": MailFormField, **kwargs})

    # Not in `to_python`: lookups call it too, and whoever searches may write what they like.
    def clean(self, value, model_instance):
        return super().clean(mail_address(value or ""), model_instance)

    def pre_save(self, instance, add):
        value = mail_address(super().pre_save(instance, add) or "")
        setattr(instance, self.attname, value)
        return value
