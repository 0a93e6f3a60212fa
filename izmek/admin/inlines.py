"""Inlines of the admin."""

from django.contrib import admin

from izmek.admin.forms import LabelledInlineFormSet, ModelForm
from izmek.admin.masking import MaskedByRecord, masked_for
from izmek.admin.scope import ScopedChoices


class InlineMixin(MaskedByRecord, ScopedChoices):
    """Only rows in scope, and constraint errors at their fields.

    `copied`: whether copying the parent copies these rows. `restorable`: whether their versions can
    be restored by saving them; False when a row has files or is changed by services.
    """

    form = ModelForm
    extra = 0
    copied = False
    restorable = True
    tagged = {}

    @property
    def key_name(self):
        """The name of the foreign key by which the rows hang on the parent's."""
        parent = self.parent_model._meta.concrete_model
        return self.fk_name or next(
            field.name for field in self.opts.fields if field.related_model is parent
        )

    def proposed(self, request):
        """The initial values of rows that the form for a new parent begins with: [{field: value}]."""
        return []

    def get_readonly_fields(self, request, obj=None):
        fixed = [field.name for field in self.opts.fields if not field.editable]
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        rows = rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows
        return masked_for(request.user, rows)


class TabularInline(InlineMixin, admin.TabularInline):
    formset = LabelledInlineFormSet


class StackedInline(InlineMixin, admin.StackedInline):
    pass


class ReadOnlyInline(TabularInline):
    """A read-only table; its rows are changed by acts."""

    can_delete = False
    max_num = 0
    restorable = False

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
