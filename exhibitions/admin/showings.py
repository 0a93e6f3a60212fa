"""Works in exhibitions, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.admin import year_filter
from exhibitions import services
from exhibitions.admin.photos import first_photo, thumbnail
from exhibitions.models import Showing
from exhibitions.rights import RIGHTS
from izmek.admin import ModelAdmin, RelatedFilter, bulk_action
from izmek.text.order import tr_order


class ApprovedFilter(admin.SimpleListFilter):
    title = _("approval")
    parameter_name = "approved"

    def lookups(self, request, model_admin):
        return [("yes", _("approved")), ("no", _("waiting"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(approved_at__isnull=self.value() == "no")
        return queryset


@admin.register(Showing)
class ShowingAdmin(ModelAdmin):
    """The works of an exhibition in order; what happens to each in the hall is typed in the list.

    The order is changed on the exhibition's desk alone (exhibitions/admin/order.py).
    """

    list_display = (
        "picture",
        "work",
        "centre",
        "exhibition",
        "place",
        "highlight",
        "handed_in",
        "given_back",
        "approved",
    )
    list_display_links = ("work",)
    list_editable = ("place", "highlight", "handed_in", "given_back")
    exported = (
        "exhibition",
        "order",
        "work__number",
        "work",
        "work__centre",
        "place",
        "highlight",
        "approved_at",
    )
    exported_more = ("handed_in", "given_back")
    list_filter = (
        year_filter("exhibition__year", dates="exhibition__begin"),
        ApprovedFilter,
        ("exhibition", RelatedFilter),
        ("work__centre", RelatedFilter),
        "highlight",
    )
    list_select_related = ("work__centre", "exhibition")
    search_fields = ("work__folded", "work__number", "exhibition__folded", "place")
    ordering = ("-exhibition__begin", "exhibition", "order", "pk")
    actions = ("approve_selected",)
    fields = (
        ("exhibition", "work"),
        ("place", "highlight"),
        ("handed_in", "given_back"),
        ("approved_at", "approved_by"),
    )
    copied = ("exhibition", "place")

    @admin.display(description=_("photo"))
    def picture(self, showing):
        return thumbnail(showing.photo_key)

    @admin.display(description=_("course centre"), ordering=tr_order("work__centre__name"))
    def centre(self, showing):
        return showing.work.centre

    @admin.display(description=_("approved"), boolean=True, ordering="approved_at")
    def approved(self, showing):
        return showing.approved_at is not None

    def get_list_queryset(self, request, rows):
        return rows.annotate(photo_key=first_photo("work"))

    def check_saved(self, request, obj):
        if obj.highlight and obj.approved_at:
            services.check_public_texts(obj.work)

    @bulk_action(
        _("Approve the selected works"),
        may=RIGHTS.asks("approve_work"),
        done=lambda count: (
            ngettext("%(count)d work approved.", "%(count)d works approved.", count)
            % {"count": count}
        ),
    )
    def approve_selected(self, request, showing, data):
        services.approve_work(work=showing.work, exhibition=showing.exhibition, by=request.user)
