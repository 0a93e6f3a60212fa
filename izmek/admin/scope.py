"""Which rows a user may see and choose in the admin; uses the rules of the QuerySets."""

from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db.models import Q, UUIDField
from django.db.models.fields import BLANK_CHOICE_DASH

from izmek.accounts.roles import who_writes
from izmek.admin.widgets import WIDGETS
from izmek.text.codes import row_key


def visible(model, user):
    """The rows of a model that the user may see (`visible_to`); all if the model has no scope."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def choosable(model, user):
    """The rows to which the user may refer: `pickable_by`, else the visible ones."""
    rows = model._default_manager.all()
    return rows.pickable_by(user) if hasattr(rows, "pickable_by") else visible(model, user)


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


class KnowsChosen:
    """The part of an autocomplete that shows what is chosen.

    `known`: rows that the form has read already; Django would query for each of them. When a form is shown
    again, an invalid key selects nothing; Django would query for it too.
    """

    known = ()

    def optgroups(self, name, value, attr=None):
        keys = [str(key) for key in value if is_key(self.choices.queryset.model, key)]
        known = {str(row.pk): row for row in self.known}
        if not known.keys() >= set(keys):
            return super().optgroups(name, keys, attr)
        groups = super().optgroups(name, [], attr)  # the empty choice; asks nothing
        options = groups[0][1]
        for key in keys:
            label = self.choices.field.label_from_instance(known[key])
            options.append(self.create_option(name, known[key].pk, label, keys, len(options)))
        return groups


class RowInput(KnowsChosen, AutocompleteSelect):
    """One row by autocomplete; its first choice is none, which HTML asks of a required one as well."""

    def optgroups(self, name, value, attr=None):
        groups = super().optgroups(name, value, attr)
        rows = [option for option in groups[0][1] if option["value"] != ""]
        groups[0][1][:] = [self.create_option(name, *BLANK_CHOICE_DASH[0], not rows, 0), *rows]
        return groups


class RowsInput(KnowsChosen, AutocompleteSelectMultiple):
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

    formfield_overrides = WIDGETS

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


def know_chosen(field, rows):
    """Let the autocomplete of a field, if it is one, show these rows without asking for them."""
    widget = getattr(field.widget, "widget", field.widget)  # inside Django's wrapper
    if isinstance(widget, KnowsChosen):
        widget.known = rows


def keep_chosen(field, chosen):
    """Let a scoped field keep its current choice, even if the user cannot see it elsewhere."""
    keys = [getattr(row, "pk", row) for row in (chosen if isinstance(chosen, list) else [chosen])]
    keys = [key for key in keys if key]
    if keys:
        rows = field.queryset.model._default_manager
        field.queryset = rows.filter(Q(pk__in=field.queryset.values("pk")) | Q(pk__in=keys))
