"""Lists that show a phone are searched by it too."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from izmek.text.phones import searched


class FindsByPhone:
    """A ModelAdmin whose rows are found by their `phone`, however it is written, or a part of it."""

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        digits = searched(search_term)
        if not digits:
            return found, duplicates
        # As text: the column itself would take the part of a number for a wrong number.
        rows = self.model._base_manager.alias(digits=Cast("phone", TextField()))
        by_phone = rows.filter(digits__contains=digits)
        return queryset.filter(
            Q(pk__in=found.values("pk")) | Q(pk__in=by_phone.values("pk"))
        ), False
