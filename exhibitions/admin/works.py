"""Works and their makers in the admin."""

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.admin import year_filter
from courses.admin.columns import course_columns
from exhibitions import rights, services
from exhibitions.admin.approval import ApprovalPages, approval_address, approvals_address
from exhibitions.admin.photos import (
    ManyPhotosPage,
    PhotoInline,
    add_photos_link,
    first_photo,
    thumbnail,
)
from exhibitions.admin.sales import Sells
from exhibitions.enums import WorkState
from exhibitions.forms.works import ABOVE_ZERO, MEASURES, without_sold
from exhibitions.models import Maker, Photo, Sale, Showing, Technique, Work
from exhibitions.rights import RIGHTS
from exhibitions.wording import WORK_COLOURS
from izmek.admin import (
    ActionForm,
    ModelAdmin,
    ModelForm,
    RelatedFilter,
    RowChoice,
    TabularInline,
    bulk_action,
    object_action,
    object_link,
)
from izmek.admin.actions import ReasonForm
from izmek.admin.history import Told
from izmek.admin.merging import PlainMerges, merge_link
from izmek.admin.versions import rows_in_history
from izmek.text.order import tr_order


@admin.register(Technique)
class TechniqueAdmin(PlainMerges, ModelAdmin):
    list_display = ("name", "name_en", "gloss")
    search_fields = ("folded",)
    ordering = (tr_order("name"),)
    fields = (("name", "name_en"), "gloss", "gloss_en", "slug")
    object_actions = ("merge_with",)
    merge_rights, merge_act = rights, "merge_techniques"
    merge_with = merge_link(RIGHTS.asks("merge_techniques"))
    merge_service = services.merge_techniques
    merge_values = ("name", "name_en", "gloss", "gloss_en")


class WorkAdminForm(ModelForm):
    class Meta:
        localized_fields = MEASURES
        error_messages = ABOVE_ZERO

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "sale_status" in self.fields:
            without_sold(self)


class MakerInline(TabularInline):
    model = Maker
    fields = ("trainee", "teacher", "group_name", "form", "order")
    copied = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("trainee", "teacher")


class WorkShowingInline(TabularInline):
    """Where the work is or was shown."""

    model = Showing
    fields = ("exhibition", "place", "highlight", "handed_in", "given_back", "approved_at")
    readonly_fields = ("approved_at",)
    verbose_name_plural = _("exhibitions of the work")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("exhibition")


class WorkPhotoInline(PhotoInline):
    fk_name = "work"


class ApproveForm(ActionForm):
    """For one work that has no maker it asks whether that is meant."""

    exhibition = RowChoice(Showing, "exhibition")
    without_makers = forms.BooleanField(
        label=_("Approve it without a maker: nobody knows who made it"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.obj is None or self.obj.makers.exists():
            del self.fields["without_makers"]


class ReturnForm(ActionForm):
    note = forms.CharField(
        label=_("What should be mended"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The teacher reads it."),
    )


class PhotosFilter(admin.SimpleListFilter):
    title = _("photos")
    parameter_name = "photos"

    def lookups(self, request, model_admin):
        return [("none", _("none")), ("undescribed", _("without a description"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(photos=None)
        if self.value() == "undescribed":
            undescribed = Photo.objects.undescribed().filter(work=OuterRef("pk"))
            return queryset.filter(Exists(undescribed))
        return queryset


@admin.register(Work)
class WorkAdmin(Sells, ApprovalPages, ManyPhotosPage, ModelAdmin):
    tagged = {"state": WORK_COLOURS}
    help = "sergi-acmak"
    photos_of = "work"
    form = WorkAdminForm
    list_display = (
        "picture",
        "title",
        "number",
        "made_by",
        "technique",
        "centre",
        "state",
        "shown_at",
    )
    list_display_links = ("title",)
    exported = (
        "number",
        "title",
        "made_by",
        "technique",
        "centre",
        "state",
        "shown_at",
        "sale_status",
        "price",
    )
    exported_more = (
        "year",
        *course_columns("course__")[:2],
        "teacher",
        "materials",
        "width",
        "height",
        "depth",
        "title_en",
        "materials_en",
        "submitted_at",
    )
    list_filter = (
        year_filter("year"),
        "state",
        ("centre", RelatedFilter),
        ("technique", RelatedFilter),
        PhotosFilter,
        "sale_status",
    )
    list_select_related = ("technique", "centre")
    search_fields = (
        "folded",
        "number",
        "technique__folded",
        "centre__folded",
        "makers__trainee__folded",
        "makers__teacher__folded",
        "makers__group_folded",
    )
    search_through = ("technique", "centre", "makers__trainee", "makers__teacher", "makers")
    ordering = ("-year__begin", tr_order("title"), "pk")
    inlines = (MakerInline, WorkPhotoInline, WorkShowingInline)
    actions = ("approve_selected",)
    object_actions = (
        "submit",
        "look_and_approve",
        "approve",
        "return_it",
        "sell",
        "add_photos",
        "undo_sale",
        "withdraw",
        "readmit",
    )
    look_and_approve = object_link(
        _("Look at it and approve"),
        lambda work: approval_address(work.pk),
        may=RIGHTS.asks("approve_work"),
        when=lambda work: work.state == WorkState.SUBMITTED,
    )
    add_photos = add_photos_link("work")
    copied = (
        "title",
        "title_en",
        "course",
        "centre",
        "year",
        "technique",
        "teacher",
        "materials",
        "materials_en",
        "width",
        "height",
        "depth",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "title_en"),
                    "course",
                    ("technique", "teacher"),
                    ("centre", "year"),
                )
            },
        ),
        (
            _("Where it stands"),
            {"fields": (("number", "state", "submitted_at"), "state_note")},
        ),
        (
            _("The piece"),
            {
                "fields": (
                    ("materials", "materials_en"),
                    ("width", "height", "depth"),
                    "text",
                    "text_en",
                )
            },
        ),
        (
            _("Sale"),
            {
                "fields": (("sale_status", "price"),),
                "description": _(
                    "Nothing is paid here; who asks is answered by the centre. That it is sold, the button "
                    "“Record the sale” says."
                ),
            },
        ),
    )

    def with_shown(self, request, rows):
        return rows.select_related("technique", "centre", "year", "teacher", "sale").select_related(
            "course__programme", "course__centre"
        )

    def get_list_queryset(self, request, rows):
        return rows.annotate(photo_key=first_photo()).prefetch_related(
            Prefetch("makers", Maker.objects.select_related("trainee", "teacher")),
            Prefetch("showings", Showing.objects.select_related("exhibition")),
        )

    def with_labels(self, request, rows):
        return rows.select_related("centre")

    def choice_label(self, work):
        return f"{work} · {work.centre}"

    def save_row(self, request, obj):
        services.check_sale_status(obj)
        super().save_row(request, obj)

    def check_saved(self, request, obj):
        services.check_public_texts(obj)

    def told_in_history(self, request, obj):
        """With its sale, also one that was taken back."""
        yield from super().told_in_history(request, obj)
        sales = rows_in_history(Sale, work=obj.pk)
        yield Told(sales, name=lambda sale: str(Sale._meta.verbose_name))

    def list_tools(self, request):
        tools = super().list_tools(request)
        if not RIGHTS.may(request.user, "approve_work"):
            return tools
        return [(_("Approve works"), approvals_address()), *tools]

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=_("photo"))
    def picture(self, work):
        return thumbnail(work.photo_key)

    @admin.display(description=_("makers"))
    def made_by(self, work):
        return ", ".join(str(maker) for maker in work.makers.all())

    @admin.display(description=_("exhibitions"))
    def shown_at(self, work):
        return ", ".join(str(showing.exhibition) for showing in work.showings.all())

    # --- Acts ---------------------------------------------------------------------------------

    @object_action(
        _("Submit"),
        may=RIGHTS.asks("submit_work"),
        when=lambda work: work.state in (WorkState.DRAFT, WorkState.RETURNED),
        text=_("It gets its inventory number and waits for the curator."),
    )
    def submit(self, request, work, data):
        work = services.submit_work(work=work, by=request.user)
        return _("Submitted with the number %(number)s.") % {"number": work.number}

    @object_action(
        _("Approve for an exhibition"),
        may=RIGHTS.asks("approve_work"),
        form=ApproveForm,
        when=lambda work: work.state not in (WorkState.SUBMITTED, WorkState.WITHDRAWN),
    )
    def approve(self, request, work, data):
        services.approve_work(work=work, by=request.user, **data)
        return _("Approved for: %(exhibition)s") % data

    @object_action(
        _("Return to the teacher"),
        may=RIGHTS.asks("return_work"),
        form=ReturnForm,
        when=lambda work: work.state == WorkState.APPROVED,
    )
    def return_it(self, request, work, data):
        services.return_work(work=work, by=request.user, **data)
        return _("The work is returned.")

    @object_action(
        _("Withdraw"),
        may=RIGHTS.asks("withdraw_work"),
        form=ReasonForm,
        when=lambda work: work.state != WorkState.WITHDRAWN,
        text=_("It leaves every public page at once and stays in the records."),
        danger=True,
    )
    def withdraw(self, request, work, data):
        services.withdraw_work(work=work, by=request.user, **data)
        return _("The work is withdrawn.")

    @object_action(
        _("Take the withdrawal back"),
        may=RIGHTS.asks("readmit_work"),
        when=lambda work: work.state == WorkState.WITHDRAWN,
        text=_("It waits for the curator again; nobody sees it before it is approved."),
    )
    def readmit(self, request, work, data):
        services.readmit_work(work=work, by=request.user)
        return _("The work is back.")

    @bulk_action(
        _("Approve the selected works for an exhibition"),
        may=RIGHTS.asks("approve_work"),
        form=ApproveForm,
        done=lambda count: (
            ngettext("%(count)d work approved.", "%(count)d works approved.", count)
            % {"count": count}
        ),
    )
    def approve_selected(self, request, work, data):
        services.approve_work(work=work, by=request.user, **data)
