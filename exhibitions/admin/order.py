"""The order of the works in an exhibition, a tab of its desk: by buttons, or by dragging with a script."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect, JsonResponse

from exhibitions import services
from exhibitions.admin.photos import first_photo
from exhibitions.models import Maker, Showing
from izmek.acts.refusal import sentence_of
from izmek.text.codes import row_key

ROWS = 200
MOVES = ("first", "up", "down", "last")


def hung(request, exhibition):
    """A page of the works of an exhibition as they hang, each with its first photo and its makers."""
    rows = exhibition.showings.order_by("order", "pk").select_related("work__centre")
    rows = rows.annotate(photo_key=first_photo("work")).prefetch_related(
        Prefetch("work__makers", Maker.objects.select_related("trainee", "teacher"))
    )
    return Paginator(rows, ROWS).get_page(request.GET.get("p"))


def order_tab(admin, request, exhibition):
    """All works in order: buttons move a work; with a script a row can also be dragged."""
    if request.method == "POST":
        return _move(admin, request, exhibition)
    return {"page": hung(request, exhibition)}


def _move(admin, request, exhibition):
    """Move one work; a script gets its new position, a form gets a redirect to it."""
    scripted = request.headers.get("Accept") == "application/json"
    move = next((move for move in MOVES if move in request.POST), "")
    key = request.POST.get(move or "work", "")
    try:
        showing = _showing(exhibition, key)
        if move:
            services.move_showing(showing=showing, move=move, by=request.user)
        else:
            before = _before(request, exhibition, showing)
            services.place_showing(showing=showing, before=before, by=request.user)
    except ValidationError as refusal:
        problem = sentence_of(refusal)
        admin.message_user(request, problem, messages.ERROR)  # a script loads the page anew
        if scripted:
            return JsonResponse({"problem": problem}, status=409)
    keys = list(exhibition.showings.order_by("order", "pk").values_list("pk", flat=True))
    place = next((place for place, pk in enumerate(keys, 1) if str(pk) == key), 1)
    if scripted:
        return JsonResponse({"place": place})
    page = (place - 1) // ROWS + 1
    return HttpResponseRedirect(f"{request.path}?p={page}#{move or 'up'}-{key}")


def _before(request, exhibition, showing):
    """The work before which the moved one goes, or None: it becomes the last."""
    if "before" in request.POST:
        return _showing(exhibition, request.POST["before"])
    after = _showing(exhibition, request.POST.get("after", ""))
    rows = list(exhibition.showings.exclude(pk=showing.pk).order_by("order", "pk"))
    return next(iter(rows[rows.index(after) + 1 :]), None) if after in rows else showing


def _showing(exhibition, key):
    """The showing with this key, of this exhibition; Refusal when it was removed meanwhile."""
    if row_key(key) is None:
        raise Http404
    found = Showing.objects.filter(pk=key).first()
    if found is None:
        raise services.order_has_changed()
    if found.exhibition_id != exhibition.pk:
        raise Http404
    return found
