"""The database column that holds text encrypted, and the manager that leaves it closed."""

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from izmek.secrets import encryption


class Token(str):
    """Encrypted text as the database holds it."""


class Opened(DeferredAttribute):
    """The attribute of a row: decrypts its token when it is read first, and remembers the text."""

    def __set__(self, row, value):
        row.__dict__[self.field.attname] = value

    def __get__(self, row, model=None):
        value = super().__get__(row, model)
        if isinstance(value, Token):
            value = row.__dict__[self.field.attname] = encryption.decrypt(value)
        return value


class EncryptedTextField(models.TextField):
    """Text that the database holds only encrypted (by `izmek.secrets.encryption`, with IDENTITY_KEYS).

    Python sees plain text; "" and NULL are stored as they are. Each encryption of one text differs,
    so the database can find nothing by it: every lookup but `isnull` raises FieldError, and what
    must be found or be unique has a keyed hash beside it. Saving a row encrypts under the newest
    key. Reading the attribute raises `encryption.Unreadable` when no key fits; the rows of a query come
    all the same. `values` and the like give the token.
    """

    descriptor_class = Opened

    def from_db_value(self, value, expression, connection):
        return Token(value) if value else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if isinstance(value, Token):
            return encryption.rotate(value)
        return encryption.encrypt(value) if value else value

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: nothing can be looked up by it")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name):
        raise FieldError(f"{self.name} is encrypted: nothing can be looked up by it")


class SealedManager(models.Manager):
    """Rows whose encrypted columns stay encrypted until one is read (`row.number`: one more query).

    For a table that others point to or are pointed at from: following the relation, or listing the
    rows that go with a deletion, decrypts nothing. A list that shows the column names the relation in
    `select_related`, which reads it at once.
    """

    def get_queryset(self):
        columns = self.model._meta.concrete_fields
        sealed = [field.name for field in columns if isinstance(field, EncryptedTextField)]
        return super().get_queryset().defer(*sealed)
