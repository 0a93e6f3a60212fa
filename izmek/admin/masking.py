"""What an auditor reads masked: contact data, dates of birth, references (DESIGN.md §4).

Which columns and how, the record of processing says (`mask` of a Personal, izmek/privacy/record.py). The
rows that a ModelAdmin or an inline reads for an auditor come with these values masked, so that no column,
title, form or history of them shows more; and nobody searches or sorts by what they read masked.
"""

from django.db.models import Exists, OuterRef, Value
from django.db.models.query import ModelIterable

from izmek.accounts.roles import Role, with_roles_that
from izmek.admin.scope import visible
from izmek.privacy.record import masks_of


def reads_masked(user):
    """Whether the user reads rows masked; with another role beside, at least some."""
    return user.has_role(Role.AUDITOR) and not user.has_role(Role.MANAGER)


def in_clear(user, model):
    """An expression: whether the user reads a row of the model unmasked; None: they read all so."""
    if not reads_masked(user):
        return None
    reader = with_roles_that(user.only(*user.roles - {Role.AUDITOR}), model, "view")
    if not reader.roles:
        return Value(False)
    return Exists(visible(model, reader).filter(pk=OuterRef("pk")))


def masked_for(user, rows):
    """The rows as the user reads them: what they see as an auditor only comes masked."""
    columns = masks_of(rows.model)
    condition = in_clear(user, rows.model) if columns else None
    if condition is None:
        return rows
    rows = rows.annotate(in_clear=condition)
    rows._iterable_class = _Masked
    return rows


class MaskedByRecord:
    """Part of a ModelAdmin or an inline: `masked_columns`, {column: how an auditor reads it}."""

    @property
    def masked_columns(self):
        return masks_of(self.model)


def is_masked(row):
    """Whether the row was read masked."""
    return not getattr(row, "in_clear", True)


class _Masked(ModelIterable):
    """The rows of a QuerySet; masks those that are not `in_clear`."""

    def __iter__(self):
        for row in super().__iter__():
            if is_masked(row):
                mask(row)
            yield row


def mask(row, columns=None):
    """Mask the columns of a row that is only read; saving it would lose them."""
    for name, masked in (masks_of(type(row)) if columns is None else columns).items():
        if value := row.__dict__.get(name):  # a deferred column stays unread
            row.__dict__[name] = masked(value)  # past the descriptor, which would parse it
