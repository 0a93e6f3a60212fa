"""Sales: the acts on a work, the tab of an exhibition from which its desk sells, and the list of all."""

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from courses.admin import year_filter
from exhibitions import services
from exhibitions.admin.photos import first_photo
from exhibitions.enums import ExhibitionState, SaleStatus, WorkState
from exhibitions.forms.sales import DAY, SaleFields
from exhibitions.models import Maker, Sale, Work
from exhibitions.papers.works import approved
from exhibitions.rights import RIGHTS
from izmek.admin import ActionForm, ReadOnlyAdmin, RelatedFilter, Tab, object_action, who_holds
from izmek.admin.desk import TAB
from izmek.admin.header_search import every_word
from izmek.admin.widgets import DateInput
from izmek.secrets.identity import holds_number
from izmek.text.codes import row_key
from izmek.text.figures import lira
from izmek.text.search import first_words, typed

SLUG = "sales"
ROWS = 200


class SellForm(SaleFields, ActionForm):
    date = forms.DateField(label=DAY, widget=DateInput, initial=timezone.localdate)
    lines = (("price", "date"), ("paid_to", "exhibition"))

    def __init__(self, *args, request, obj=None, **kwargs):
        at = row_key(request.GET.get("exhibition", ""))
        super().__init__(*args, request=request, obj=obj, work=obj, at=at, **kwargs)


def can_be_sold(work):
    """Whether a sale can be recorded now; also of a work called sold before sales were recorded."""
    return (
        work.state != WorkState.WITHDRAWN
        and work.sale_status != SaleStatus.NOT_FOR_SALE
        and not hasattr(work, "sale")
    )


def what_was_sold(work):
    sale = work.sale
    said = _("Sold on %(day)s for %(price)s. The work is then again what it was before: %(state)s.")
    return said % {
        "day": f"{sale.date:%d.%m.%Y}",
        "price": lira(sale.price),
        "state": sale.get_status_before_display(),
    }


class Sells:
    """The part of WorkAdmin for sales. Acts opened from the tab of an exhibition lead back there."""

    def page_of(self, request, obj):
        exhibition = row_key(request.GET.get("exhibition", ""))
        if request.GET.get(TAB) == SLUG and exhibition:
            address = reverse("admin:exhibitions_exhibition_sales", args=[exhibition])
            kept = _kept(request)
            return f"{address}?{kept}" if kept else address
        return super().page_of(request, obj)

    @object_action(
        _("Record the sale"),
        may=RIGHTS.asks("sell_work"),
        form=SellForm,
        when=can_be_sold,
        text=_(
            "A note of what the work brought in; nothing is paid here. From now on its page, its label and "
            "the lists say that it is sold."
        ),
    )
    def sell(self, request, work, data):
        sale = services.sell_work(work=work, by=request.user, **data)
        said = _("Sold: %(work)s for %(price)s.")
        return said % {"work": work.title, "price": lira(sale.price)}

    @object_action(
        _("Take the sale back"),
        may=RIGHTS.asks("undo_sale"),
        when=lambda work: hasattr(work, "sale"),
        text=what_was_sold,
    )
    def undo_sale(self, request, work, data):
        services.undo_sale(work=work, by=request.user)
        return _("The sale is taken back: %(work)s.") % {"work": work.title}


# --- The tab of an exhibition -----------------------------------------------------------------


def _asked(request):
    """What is looked for: a number or words of a title; no identity number, since an address shows it."""
    text = typed(request.GET.get("q", ""))[0]
    return "" if holds_number(text) else text


def _kept(request, **more):
    """The part of the address that the next act leads back to: what is looked for, and the page."""
    kept = {"q": _asked(request), "p": row_key(request.GET.get("p", "")), **more}
    return urlencode({name: value for name, value in kept.items() if value})


def sales_tab(admin, request, exhibition):
    """What can be sold, each work with its button, and what was sold, with the sums of the days.

    `?q=`: only works with this number or these words in their titles.
    """
    user, text = request.user, _asked(request)
    found = every_word(
        first_words(text).split(), "folded", also=lambda word: Q(number__contains=word)
    )
    found = {"work__in": Work.objects.filter(found)} if text else {}
    shown = approved(exhibition, user).exclude(work__sale_status=SaleStatus.NOT_FOR_SALE)
    shown = shown.filter(work__sale=None, **found).select_related("work__centre")
    shown = shown.annotate(photo_key=first_photo("work"))
    shown = _with_makers(shown).order_by("work__number", "pk")
    page = Paginator(shown, ROWS).get_page(request.GET.get("p"))
    sales = Sale.objects.filter(exhibition=exhibition).visible_to(user)
    days = sales.order_by("-date").values("date").annotate(count=Count("pk"), total=Sum("price"))
    sold = _with_makers(sales.filter(**found).select_related("work"))
    sold = list(sold.order_by("-date", "-recorded_at", "-pk")[:ROWS])
    keys = [row.work_id for row in (*page, *sold)]
    may = RIGHTS.asks("sell_work").among(user, Work.objects.filter(pk__in=keys))
    published = exhibition.state == ExhibitionState.PUBLISHED
    for row in page:
        row.may = published and (may is None or row.work_id in may)
    for row in sold:
        row.may = may is None or row.work_id in may
    days = list(days)
    return {
        "page": page,
        "sold": sold,
        "days": days,
        "count": sum(day["count"] for day in days),
        "total": sum(day["total"] for day in days),
        "text": text,
        "published": published,
        "asked": _kept(request, p=None),
        "back": "?"
        + "&".join(filter(None, [f"{TAB}={SLUG}&exhibition={exhibition.pk}", _kept(request)])),
        "prints": RIGHTS.may(user, "print_papers", exhibition),
        "all": f"{reverse('admin:exhibitions_sale_changelist')}"
        f"?exhibition__id__exact={exhibition.pk}&year=all",
    }


def _with_makers(rows):
    makers = Maker.objects.select_related("trainee", "teacher")
    return rows.prefetch_related(Prefetch("work__makers", makers))


SALES = Tab(
    SLUG,
    _("Sales"),
    sales_tab,
    "admin/exhibitions/sales.html",
    may=who_holds("exhibitions.view_sale"),
)


# --- The list ---------------------------------------------------------------------------------


@admin.register(Sale)
class SaleAdmin(ReadOnlyAdmin):
    """Every sale; a sale is recorded and taken back on the page of its work."""

    list_display = ("date", "work", "exhibition", "price_shown", "paid_to")
    list_display_links = ("date",)
    exported = ("date", "work__number", "work__title", "exhibition", "price", "paid_to")
    exported_more = ("work__centre", "recorded_at")
    list_filter = (
        year_filter("exhibition__year", dates="date"),
        ("exhibition", RelatedFilter),
        ("work__centre", RelatedFilter),
        "paid_to",
    )
    list_select_related = ("work", "exhibition")
    search_fields = ("work__folded", "work__number")
    search_through = ("work",)
    date_hierarchy = "date"
    ordering = ("-date", "-pk")
    fields = ("work", ("date", "exhibition"), ("price", "paid_to"), "recorded_at")

    @admin.display(description=_("price (TL)"), ordering="price")
    def price_shown(self, sale):
        return lira(sale.price)
