"""Which rows a user may see and choose in the admin; uses the rules of the QuerySets."""

from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db.models import Q, UUIDField

from izmek.accounts.roles import Role, granted_to
from izmek.text.codes import row_key


def visible(model, user):
    """The rows of a model that the user may see (`visible_to`); all if the model has no scope."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def choosable(model, user):
    """The rows to which the user may refer: `pickable_by`, else the visible ones."""
    rows = model._default_manager.all()
    return rows.pickable_by(user) if hasattr(rows, "pickable_by") else visible(model, user)


def with_roles_that(user, model, *acts):
    """The user with those of their roles alone that grant one of the acts on the model's table."""
    app, name = model._meta.app_label, model._meta.model_name
    codes = {f"{app}.{act}_{name}" for act in acts}
    return user.only(*(role for role in user.roles if codes & granted_to(role)))


def who_writes(user, model):
    """The user as the one who fills in rows of the model: what these roles see can be chosen there.

    A table that only acts write is filled in by who sees it, but for the auditor, who only reads.
    """
    writer = with_roles_that(user, model, "add", "change")
    if writer.roles:
        return writer
    return with_roles_that(user.only(*user.roles - {Role.AUDITOR}), model, "view")


def admin_of(site, model):
    """The model's own admin on the site, or None."""
    return site.get_model_admin(model) if site.is_registered(model) else None


def is_key(model, text):
    """Whether a text can be a key of the model: the right type and not too long."""
    field = model._meta.pk
    try:
        field.to_python(text)
    except ValidationError:
        return False
    return isinstance(field, UUIDField) or row_key(str(text)) is not None


class RowInput(AutocompleteSelect):
    """One row by autocomplete.

    When shown again, an invalid key selects nothing; Django would query for it.
    """

    def optgroups(self, name, value, attr=None):
        model = self.choices.queryset.model
        return super().optgroups(name, [key for key in value if is_key(model, key)], attr)


class RowsInput(AutocompleteSelectMultiple):
    """Several rows by autocomplete, without select2's button that clears all.

    That button would be inside the list, where only the rows may be. Each row has its own button.
    """

    def value_from_datadict(self, data, files, name):
        keys = super().value_from_datadict(data, files, name)
        return [key for key in keys if is_key(self.choices.queryset.model, key)]

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class ScopedChoices:
    """For model admins and inlines: choices in the user's scope, mostly by autocomplete."""

    def get_autocomplete_fields(self, request):
        """Every foreign key and many-to-many field whose related admin can be searched.

        Short lists (`choose_from_list` there) stay a plain select.
        """
        names = []
        for field in (*self.opts.fields, *self.opts.many_to_many):
            target = admin_of(self.admin_site, getattr(field.remote_field, "model", None))
            if target and target.search_fields and not getattr(target, "choose_from_list", False):
                names.append(field.name)
        return names

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Only "add" beside a choice: rows are changed on their own page and never deleted here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field

    def choices_of(self, field, request):
        """The rows that the user may choose for a field of the form."""
        return choosable(field.remote_field.model, who_writes(request.user, self.model))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowInput(db_field, self.admin_site))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.scoped = True
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowsInput(db_field, self.admin_site))
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.scoped = True
        return field


def keep_chosen(field, chosen):
    """Let a scoped field keep its current choice, even if the user cannot see it elsewhere."""
    keys = [getattr(row, "pk", row) for row in (chosen if isinstance(chosen, list) else [chosen])]
    keys = [key for key in keys if key]
    if keys:
        rows = field.queryset.model._default_manager
        field.queryset = rows.filter(Q(pk__in=field.queryset.values("pk")) | Q(pk__in=keys))
