"""The list of people to call, in the admin."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from izmek.admin import ReadOnlyAdmin, RelatedFilter, bulk_action, object_action, visible
from izmek.admin.masking import is_masked
from izmek.text import masks
from izmek.text.phones import show
from trainees import services
from trainees.models import Call
from trainees.rights import RIGHTS


class WaitingFilter(admin.SimpleListFilter):
    """Calls that still wait; all of them on request."""

    title = _("state")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _("to be called")), ("all", _("all"))]

    def value(self):
        return super().value() or "yes"

    def choices(self, changelist):
        for key, label in self.lookup_choices:
            yield {
                "selected": self.value() == key,
                "query_string": changelist.get_query_string({self.parameter_name: key}),
                "display": label,
            }

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.open()


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ("name", "phones", "what", "course", "created_at", "done_at", "done_by")
    list_filter = (WaitingFilter, "kind", ("course__centre", RelatedFilter))
    list_select_related = ("done_by",)
    search_fields = (
        "enrolment__trainee__folded",
        "application__folded",
        "course__programme__folded",
    )
    masked_columns = {"what": masks.words, "text": masks.all_of_it}
    ordering = ("created_at", "pk")
    actions = ("tick_all",)
    object_actions = ("tick",)
    fields = ("name", "phones", "course", "text", ("created_at", "done_at", "done_by"))
    readonly_fields = ("name", "phones")

    def with_shown(self, request, rows):
        return rows.with_people()

    @admin.display(description=_("name"))
    def name(self, call):
        return str(call.who)

    @admin.display(description=_("phone"))
    def phones(self, call):
        own, shown = str(call.who), masks.phone if is_masked(call) else show
        lines = ((shown(phone), "" if whose == own else whose) for whose, phone in call.phones)
        return format_html_join(" ", '<span class="nowrap">{}</span> {}', lines) or _("no phone")

    @object_action(
        _("Called"),
        may=RIGHTS.asks("tick_call"),
        when=lambda call: call.done_at is None,
    )
    def tick(self, request, call, data):
        services.tick_call(call=call, by=request.user)
        return _("Noted.")

    @bulk_action(
        _("Called"),
        may=RIGHTS.asks("tick_call"),
        done=lambda count: (
            ngettext("%(count)d call is noted.", "%(count)d calls are noted.", count)
            % {"count": count}
        ),
    )
    def tick_all(self, request, call, data):
        services.tick_call(call=call, by=request.user)


def say_whom_to_call(request, since):
    """After an act: how many people it concerns whom no letter reaches, with the way to their list."""
    count = visible(Call, request.user).open().filter(created_at__gte=since).count()
    if count:
        sentence = ngettext(
            "%(count)d person has no e-mail address and has to be called.",
            "%(count)d people have no e-mail address and have to be called.",
            count,
        ) % {"count": count}
        address = reverse("admin:trainees_call_changelist")
        link = format_html('{} <a href="{}">{}</a>', sentence, address, _("The list"))
        messages.warning(request, link)
