"""The curator's extra pages for an exhibition: the order of works and the preview link."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exhibitions import previews, services
from exhibitions.admin.photos import first_photo
from exhibitions.models import Exhibition, Maker, Showing
from exhibitions.rights import RIGHTS
from izmek.admin import object_link
from izmek.text.codes import row_key

ROWS = 200
MOVES = ("first", "up", "down", "last")


def is_public(exhibition):
    return Exhibition.objects.public().filter(pk=exhibition.pk).exists()


class CuratorsDesk:
    """The part of ExhibitionAdmin with these pages."""

    order = object_link(
        gettext_lazy("Order of the works"),
        lambda exhibition: reverse("admin:exhibitions_exhibition_order", args=[exhibition.pk]),
        may=RIGHTS.asks("move_showing"),
    )
    preview = object_link(
        gettext_lazy("Preview link"),
        lambda exhibition: reverse("admin:exhibitions_exhibition_preview", args=[exhibition.pk]),
        may=RIGHTS.asks("preview_exhibition"),
        when=lambda exhibition: not is_public(exhibition),
    )

    def get_urls(self):
        name = "exhibitions_exhibition"
        return [
            path("<int:pk>/order/", self.guarded(self.order_view), name=f"{name}_order"),
            path("<int:pk>/preview/", self.guarded(self.preview_view), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    # --- The order of the works ---------------------------------------------------------------

    def order_view(self, request, pk):
        """All works in order: buttons move a work; with a script a row can also be dragged."""
        exhibition = self.object_to_act(request, self.order, str(pk))
        if request.method == "POST":
            return self._move(request, exhibition)
        rows = exhibition.showings.order_by("order", "pk").select_related("work__centre")
        rows = rows.annotate(photo_key=first_photo("work")).prefetch_related(
            Prefetch("work__makers", Maker.objects.select_related("trainee", "teacher"))
        )
        page = Paginator(rows, ROWS).get_page(request.GET.get("p"))
        return self._desk_page(
            request,
            "admin/exhibitions/order.html",
            exhibition,
            title=_("Order of the works"),
            page=page,
            places=reverse("admin:exhibitions_showing_changelist")
            + f"?exhibition__id__exact={exhibition.pk}&year=all",
        )

    def _move(self, request, exhibition):
        """Move one work; a script gets its new position, a form gets a redirect to it."""
        scripted = request.headers.get("Accept") == "application/json"
        move = next((move for move in MOVES if move in request.POST), "")
        key = request.POST.get(move or "work", "")
        try:
            showing = self._showing(exhibition, key)
            if move:
                services.move_showing(showing=showing, move=move, by=request.user)
            else:
                before = self._before(request, exhibition, showing)
                services.place_showing(showing=showing, before=before, by=request.user)
        except ValidationError as refusal:
            problem = " ".join(refusal.messages)
            self.message_user(request, problem, messages.ERROR)  # a script loads the page anew
            if scripted:
                return JsonResponse({"problem": problem}, status=409)
        keys = list(exhibition.showings.order_by("order", "pk").values_list("pk", flat=True))
        place = next((place for place, pk in enumerate(keys, 1) if str(pk) == key), 1)
        if scripted:
            return JsonResponse({"place": place})
        page = (place - 1) // ROWS + 1
        return HttpResponseRedirect(f"{request.path}?p={page}#{move or 'up'}-{key}")

    def _before(self, request, exhibition, showing):
        """The work before which the moved one goes, or None: it becomes the last."""
        if "before" in request.POST:
            return self._showing(exhibition, request.POST["before"])
        after = self._showing(exhibition, request.POST.get("after", ""))
        rows = list(exhibition.showings.exclude(pk=showing.pk).order_by("order", "pk"))
        return next(iter(rows[rows.index(after) + 1 :]), None) if after in rows else showing

    def _showing(self, exhibition, key):
        """The showing with this key, of this exhibition; Refusal when it was removed meanwhile."""
        if row_key(key) is None:
            raise Http404
        found = Showing.objects.filter(pk=key).first()
        if found is None:
            raise services.order_has_changed()
        if found.exhibition_id != exhibition.pk:
            raise Http404
        return found

    # --- The preview --------------------------------------------------------------------------

    def preview_view(self, request, pk):
        """Make a link for people without an account. It changes nothing in the database."""
        exhibition = self.object_to_act(request, self.preview, str(pk))
        link = None
        if not is_public(exhibition):
            address = reverse("preview", args=[previews.token_for(exhibition)])
            link = request.build_absolute_uri(address)
        return self._desk_page(
            request,
            "admin/exhibitions/preview.html",
            exhibition,
            title=_("Preview link"),
            link=link,
            until=timezone.now() + previews.LASTS,
        )

    def _desk_page(self, request, template, exhibition, **context):
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": exhibition,
                **context,
            },
        )
