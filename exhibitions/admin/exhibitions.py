"""Exhibitions with their days, guests, partners, works and photos."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.db.models import Count
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.admin import year_filter
from exhibitions import services
from exhibitions.admin.desk import CuratorsDesk
from exhibitions.admin.papers import PaperPages
from exhibitions.admin.photos import (
    ManyPhotosPage,
    PhotoInline,
    add_photos_link,
    first_photo,
    thumbnail,
)
from exhibitions.enums import ExhibitionState
from exhibitions.models import Exhibition, ExhibitionDay, Guest, Partner, Showing
from exhibitions.queries.exhibitions import draft_soon
from exhibitions.rights import RIGHTS
from izmek.acts.refusal import Refusal, show_refusal
from izmek.admin import (
    ActionForm,
    ModelAdmin,
    ModelForm,
    RelatedFilter,
    TabularInline,
    object_action,
)
from izmek.admin.actions import ReasonForm

MOST_INLINE = 60  # works in the exhibition's own form; with more, use the list of showings


class DayInline(TabularInline):
    model = ExhibitionDay
    classes = ("collapse",)


class GuestInline(TabularInline):
    model = Guest
    fields = ("name", "office", "office_en", "spoke", "order")


class PartnerInline(TabularInline):
    model = Partner
    fields = ("name", "role", "role_en", "order")
    copied = True


class ShowingForm(ModelForm):
    """A saved row shows its work as text; only a new row has a field to choose it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "work" in self.fields:
            self.fields["work"].widget = forms.HiddenInput()
            self.fields["work"].disabled = True

    def clean(self):
        data = super().clean()
        if data.get("highlight") and "highlight" in self.changed_data and self.instance.approved_at:
            try:
                services.check_public_texts(self.instance.work)
            except Refusal as refusal:
                show_refusal(self, refusal)
        return data


class ShowingInline(TabularInline):
    """The works of the exhibition. They are approved by an act; here they are only ordered."""

    model = Showing
    form = ShowingForm
    fields = ("picture", "work", "order", "place", "highlight", "approved")
    readonly_fields = ("picture", "approved")
    verbose_name = _("work")
    verbose_name_plural = _("works")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        rows = rows.select_related("work", "exhibition")
        return rows.annotate(photo_key=first_photo("work"))

    @admin.display(description=_("photo"))
    def picture(self, showing):
        if showing is None or showing.work_id is None:
            return ""
        return format_html(
            '<a href="{}" class="with-thumb">{} {}</a>',
            reverse("admin:exhibitions_work_change", args=[showing.work_id]),
            thumbnail(showing.photo_key),
            showing.work,
        )

    @admin.display(description=_("approved"), boolean=True)
    def approved(self, showing):
        return showing.approved_at is not None


class ExhibitionPhotoInline(PhotoInline):
    fk_name = "exhibition"


class PublishForm(ActionForm):
    publish_from = forms.SplitDateTimeField(
        label=_("public from"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("Empty: at once."),
    )


class CloseEarlyForm(ActionForm):
    last_day = forms.DateField(
        label=_("last day"), widget=AdminDateWidget, initial=timezone.localdate
    )
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


@admin.register(Exhibition)
class ExhibitionAdmin(CuratorsDesk, PaperPages, ManyPhotosPage, ModelAdmin):
    photos_of = "exhibition"
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
        "publish",
        "preview",
        "order",
        "add_photos",
        "papers",
        "close_early",
        "unpublish",
        "postpone",
        "cancel",
    )
    add_photos = add_photos_link("exhibition")
    readonly_fields = ("work_list",)
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
            {"fields": (("title", "title_en"), ("kind", "year"), "centres", "work_list")},
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
        return rows.annotate(work_count=Count("showings", distinct=True))

    def get_list_queryset(self, request, rows):
        return rows.prefetch_related("days")

    def get_inlines(self, request, obj):
        inlines = [PartnerInline, GuestInline, DayInline, ExhibitionPhotoInline]
        if obj is None or obj.work_count <= MOST_INLINE:
            inlines.append(ShowingInline)
        return inlines

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

    @admin.display(description=_("works"))
    def work_list(self, exhibition):
        approved = exhibition.showings.filter(approved_at__isnull=False).count()
        sentence = ngettext("%(count)d work", "%(count)d works", exhibition.work_count) % {
            "count": exhibition.work_count
        }
        return format_html(
            '<a href="{}?exhibition__id__exact={}&year=all">{}</a>',
            reverse("admin:exhibitions_showing_changelist"),
            exhibition.pk,
            _("%(works)s, %(approved)d of them approved: places and approvals")
            % {"works": sentence, "approved": approved},
        )

    @admin.display(description=_("state"), ordering="state")
    def stands(self, exhibition):
        if exhibition.state != ExhibitionState.PUBLISHED:
            return exhibition.get_state_display()
        if not exhibition.is_public():
            return _("Waits for its hour")
        status, _kind = exhibition.status()
        return f"{exhibition.get_state_display()} · {status}"

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
        _("Cancel"),
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
