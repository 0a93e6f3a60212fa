"""Phones in lists: how they are shown, and the search by them."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.html import format_html
from django.utils.translation import gettext as _

from izmek.admin.scope import visible
from izmek.text.phones import searched, show
from izmek.text.search import typed


class FindsByPhone:
    """A ModelAdmin that finds rows by `phone`, in any notation, or by a part of it.

    Only for a user who sees the phone.
    """

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        digits = "" if "phone" in self.hidden_columns(request) else searched(typed(search_term)[0])
        if not digits:
            return found, duplicates
        # Cast to text: the phone field would reject a part of a number as invalid.
        rows = self.model._base_manager.alias(digits=Cast("phone", TextField()))
        by_phone = rows.filter(digits__contains=digits)
        if getattr(request, "is_choosing", False):  # also among people whom the user does not see
            by_phone = by_phone.filter(pk__in=visible(self.model, request.user).values("pk"))
        return queryset.filter(
            Q(pk__in=found.values("pk")) | Q(pk__in=by_phone.values("pk"))
        ), False


def phone_cell(who):
    """The phone of a Trainee or an Application, and whether it, or the guardian's, proved wrong."""
    cell = show(who.phone)
    if who.phone_is_wrong:
        cell = _tagged(cell, _("wrong number"))
    if getattr(who, "guardian_phone_is_wrong", False):
        cell = _tagged(cell, _("guardian’s wrong number"))
    return cell


def _tagged(cell, what):
    return format_html('{} <strong class="tag tag--wrong">{}</strong>', cell, what)
