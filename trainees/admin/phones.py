"""Search by phone in lists that show a phone."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from izmek.text.phones import searched


class FindsByPhone:
    """A ModelAdmin that finds rows by `phone`, in any notation, or by a part of it.

    Only for a user who sees the phone.
    """

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        digits = "" if "phone" in self.hidden_columns(request) else searched(search_term)
        if not digits:
            return found, duplicates
        # Cast to text: the phone field would reject a part of a number as invalid.
        rows = self.model._base_manager.alias(digits=Cast("phone", TextField()))
        by_phone = rows.filter(digits__contains=digits)
        return queryset.filter(
            Q(pk__in=found.values("pk")) | Q(pk__in=by_phone.values("pk"))
        ), False
