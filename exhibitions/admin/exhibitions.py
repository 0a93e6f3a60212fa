"""Exhibitions with their days, guests, partners, works and photos."""

from django import forms
from django.contrib import admin, messages
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from exhibitions import services
from exhibitions.admin.desk import CuratorsDesk
from exhibitions.admin.papers import PaperPages
from exhibitions.admin.photos import (
    ManyPhotosPage,
    PhotoInline,
    add_photos_link,
)
from exhibitions.enums import ExhibitionState
from exhibitions.models import Exhibition, ExhibitionDay, Guest, Partner, Showing
from exhibitions.queries.exhibitions import draft_soon
from exhibitions.rights import RIGHTS
from izmek.admin import (
    ActionForm,
    ModelAdmin,
    RelatedFilter,
    TabularInline,
    object_action,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.forms import LabelledInlineFormSet
from izmek.admin.history import Told
from izmek.admin.tags import tag
from izmek.admin.versions import rows_in_history
from izmek.admin.widgets import DateInput, DateTimeInput


class DayFormSet(LabelledInlineFormSet):
    def get_queryset(self):
        """The days, which the head of the page has read already; a sent form reads them anew."""
        if not self.is_bound and "days" in getattr(self.instance, "_prefetched_objects_cache", ()):
            self._queryset = self.instance.days.all()
        return super().get_queryset()


class DayInline(TabularInline):
    model = ExhibitionDay
    formset = DayFormSet


class GuestInline(TabularInline):
    model = Guest
    fields = ("name", "office", "office_en", "spoke", "order")


class PartnerInline(TabularInline):
    model = Partner
    fields = ("name", "role", "role_en", "order")
    copied = True


class ExhibitionPhotoInline(PhotoInline):
    fk_name = "exhibition"


class PublishForm(ActionForm):
    publish_from = forms.SplitDateTimeField(
        label=_("public from"),
        required=False,
        widget=DateTimeInput,
        help_text=_("Empty: at once."),
    )


class CloseEarlyForm(ActionForm):
    last_day = forms.DateField(label=_("last day"), widget=DateInput, initial=timezone.localdate)
    note = forms.CharField(
        label=_("note on the dates"),
        max_length=200,
        required=False,
        help_text=_("Visitors read it beside the dates."),
    )


def what_an_early_end_takes(exhibition):
    """What happens, and the days with other hours that go when they lie after the last day."""
    text = str(_("From the day after its last day on, its page says that it is over."))
    days = exhibition.days.filter(date__gt=timezone.localdate())
    if days:
        shown = ", ".join(formats.date_format(day.date) for day in days)
        text += " " + _("Days with other hours after it are deleted: %(days)s") % {"days": shown}
    return text


class OpensFilter(admin.SimpleListFilter):
    title = _("opening")
    parameter_name = "opens"

    def lookups(self, request, model_admin):
        return [("soon", _("soon, and a draft"))]

    def queryset(self, request, queryset):
        if self.value() == "soon":
            return queryset.filter(draft_soon(timezone.localdate()))
        return queryset


STATE_COLOURS = {
    ExhibitionState.PUBLISHED: "now",
    ExhibitionState.POSTPONED: "last",
    ExhibitionState.CANCELLED: "wrong",
}


@admin.register(Exhibition)
class ExhibitionAdmin(CuratorsDesk, PaperPages, ManyPhotosPage, ModelAdmin):
    tagged = {"state": STATE_COLOURS}
    help = "sergi-acmak"
    photos_of = "exhibition"
    inlines = (DayInline, GuestInline, PartnerInline, ExhibitionPhotoInline)
    list_display = ("title", "dates_shown", "venue", "kind", "work_count", "stands", "public_from")
    list_filter = (
        year_filter("year", dates="begin"),
        "state",
        OpensFilter,
        "kind",
        ("centres", RelatedFilter),
    )
    list_select_related = ("year",)
    search_fields = ("folded", "neighbourhood__folded", "centres__folded")
    ordering = ("-begin", "-pk")
    object_actions = (
        "approve_works",
        "publish",
        "preview",
        "add_photos",
        "close_early",
        "unpublish",
        "postpone",
        "cancel",
    )
    add_photos = add_photos_link("exhibition")
    copied = (
        "kind",
        "title",
        "title_en",
        "text",
        "text_en",
        "venue",
        "address",
        "neighbourhood",
        "latitude",
        "longitude",
        "opens_at",
        "closes_at",
        "access",
        "access_en",
        "entry",
        "entry_en",
        "centres",
    )
    fieldsets = (
        (
            None,
            {"fields": (("title", "title_en"), ("kind", "year"), "centres")},
        ),
        (
            _("Where it stands"),
            {"fields": (("state", "publish_from"), "state_reason")},
        ),
        (
            _("When"),
            {
                "fields": (
                    ("begin", "end", "date_precision"),
                    ("opens_at", "closes_at"),
                    "opening_at",
                    "date_note",
                )
            },
        ),
        (
            _("Where"),
            {
                "fields": (
                    ("venue", "neighbourhood"),
                    "address",
                    ("latitude", "longitude"),
                    "access",
                    "access_en",
                    ("entry", "entry_en"),
                )
            },
        ),
        (_("Public page"), {"fields": ("text", "text_en", "slug")}),
        (_("Afterwards"), {"fields": ("visitor_count",)}),
    )

    def with_shown(self, request, rows):
        return rows.select_related("neighbourhood").with_work_counts().prefetch_related("days")

    def told_in_history(self, request, obj):
        """With its works: which came and went, were approved, moved or hung elsewhere."""
        yield from super().told_in_history(request, obj)
        yield Told(
            rows_in_history(Showing, exhibition=obj.pk), name=lambda showing: str(showing.work)
        )

    def choice_label(self, exhibition):
        return f"{exhibition} · {exhibition.dates}"

    def save_row(self, request, obj):
        before = Exhibition.objects.filter(pk=obj.pk).values_list("begin", "end").first()
        obj.dates_moved = before not in (None, (obj.begin, obj.end))
        super().save_row(request, obj)

    def check_saved(self, request, obj):
        """Refuse what does not fit; a postponed exhibition with new dates is announced with them."""
        services.check_dates(obj)
        services.check_public_texts(obj)
        moved = getattr(obj, "dates_moved", False)  # unset where only a row of it is restored
        if obj.state == ExhibitionState.POSTPONED and moved:
            obj.state = services.publish_exhibition(exhibition=obj, by=request.user).state
            sentence = _("The exhibition is announced with its new dates: %(dates)s")
            self.message_user(request, sentence % {"dates": obj.dates}, messages.SUCCESS)

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("dates"), ordering="begin")
    def dates_shown(self, exhibition):
        return exhibition.dates

    @admin.display(description=_("works"), ordering="work_count")
    def work_count(self, exhibition):
        return exhibition.work_count

    def has_delete_permission(self, request, obj=None):
        """Only a draft can be deleted: a public exhibition would be restored as public."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.state == ExhibitionState.DRAFT)

    @admin.display(description=_("state"), ordering="state")
    def stands(self, exhibition):
        if exhibition.state != ExhibitionState.PUBLISHED:
            kind = STATE_COLOURS.get(exhibition.state, "")
            return tag(exhibition.get_state_display(), kind)
        if not exhibition.is_public():
            return tag(_("Waits for its hour"), "soon")
        return tag(*exhibition.status())

    @admin.display(description=_("public from"), ordering="publish_from")
    def public_from(self, exhibition):
        if exhibition.publish_from is None:
            return ""
        return formats.date_format(
            timezone.localtime(exhibition.publish_from), "SHORT_DATETIME_FORMAT"
        )

    # --- Acts ---------------------------------------------------------------------------------

    @object_action(
        _("Publish"),
        may=RIGHTS.asks("publish_exhibition"),
        form=PublishForm,
        when=lambda exhibition: (
            exhibition.state != ExhibitionState.PUBLISHED or not exhibition.is_public()
        ),
        next_when=lambda exhibition: exhibition.state == ExhibitionState.DRAFT,
        text=_("Its page, its approved works and their makers, as they consent, become public."),
    )
    def publish(self, request, exhibition, data):
        services.publish_exhibition(exhibition=exhibition, by=request.user, **data)
        if data["publish_from"] and data["publish_from"] > timezone.now():
            return _("The exhibition becomes public on %(moment)s.") % {
                "moment": formats.date_format(
                    timezone.localtime(data["publish_from"]), "SHORT_DATETIME_FORMAT"
                )
            }
        return _("The exhibition is public.")

    @object_action(
        _("Take off the site"),
        may=RIGHTS.asks("unpublish_exhibition"),
        when=lambda exhibition: exhibition.state in ExhibitionState.public(),
        text=_("Its page answers “not found” from the next request on; it is a draft again."),
    )
    def unpublish(self, request, exhibition, data):
        services.unpublish_exhibition(exhibition=exhibition, by=request.user)
        return _("The exhibition is a draft again.")

    @object_action(
        _("Close early"),
        may=RIGHTS.asks("close_exhibition_early"),
        form=CloseEarlyForm,
        when=lambda exhibition: (
            exhibition.is_open() and exhibition.begin < exhibition.end > timezone.localdate()
        ),
        text=what_an_early_end_takes,
    )
    def close_early(self, request, exhibition, data):
        services.close_exhibition_early(exhibition=exhibition, by=request.user, **data)
        return _("The exhibition ends on %(day)s.") % {"day": formats.date_format(data["last_day"])}

    @object_action(
        _("Postpone"),
        may=RIGHTS.asks("postpone_exhibition"),
        form=ReasonForm,
        when=lambda exhibition: (
            exhibition.state == ExhibitionState.PUBLISHED and exhibition.is_public()
        ),
        text=_("Its page stays and says that it does not take place on its dates."),
    )
    def postpone(self, request, exhibition, data):
        services.postpone_exhibition(exhibition=exhibition, by=request.user, **data)
        return _("The exhibition is postponed.")

    @object_action(
        _("Cancel the exhibition"),
        may=RIGHTS.asks("cancel_exhibition"),
        form=ReasonForm,
        when=lambda exhibition: (
            exhibition.state in (ExhibitionState.PUBLISHED, ExhibitionState.POSTPONED)
            and exhibition.is_public()
        ),
        text=_("Its page stays and says that it does not take place."),
        danger=True,
    )
    def cancel(self, request, exhibition, data):
        services.cancel_exhibition(exhibition=exhibition, by=request.user, **data)
        return _("The exhibition is cancelled.")
