"""List filters of the admin."""

from django.contrib import admin
from django.contrib.admin.utils import get_model_from_relation

from izmek.admin.scope import is_key, visible


class ChosenFilter(admin.RelatedFieldListFilter):
    """A filter by foreign key that other pages link to; the list shows it while it is chosen."""

    def field_choices(self, field, request, model_admin):
        model = get_model_from_relation(field)
        keys = [key for key in self.lookup_val or [] if is_key(model, key)]
        return [(row.pk, str(row)) for row in visible(model, request.user).filter(pk__in=keys)]

    def has_output(self):
        return self.lookup_val is not None


class RelatedFilter(admin.RelatedFieldListFilter):
    """A filter by foreign key, as a select with the rows that the user may see."""

    template = "admin/filter_select.html"

    def field_choices(self, field, request, model_admin):
        rows = visible(get_model_from_relation(field), request.user)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in rows.order_by(*ordering)]

    def has_output(self):
        return len(self.lookup_choices) > 1 or self.lookup_val is not None

    def choices(self, changelist):
        """What the template needs: the options of the select and the other URL parameters."""
        own = {self.lookup_kwarg, self.lookup_kwarg_isnull, "p"}
        self.others = [
            (name, value)
            for name, value in changelist.get_filters_params().items()
            if name not in own
            for value in (value if isinstance(value, list) else [value])
        ]
        if changelist.query:
            self.others.append(("q", changelist.query))
        chosen = {str(value) for value in self.lookup_val or []}
        yield {"selected": not chosen, "value": "", "display": "", "query_string": ""}
        for key, label in self.lookup_choices:
            yield {
                "selected": str(key) in chosen,
                "value": key,
                "display": label,
                "query_string": changelist.get_query_string({self.lookup_kwarg: key}),
            }
