"""The works of a person, a tab of their page (trainees/admin/person.py)."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from exhibitions.admin.photos import first_photo, thumbnail
from exhibitions.models import Maker, Showing, Work
from exhibitions.wording import WORK_COLOURS
from izmek.admin import Tab, visible
from izmek.admin.attention import may_open

ON_A_PAGE = 50


def works(self, request, trainee):
    """The works that the trainee made or helped to make, as far as the user sees them, newest first."""
    rows = visible(Work, request.user).filter(makers__trainee=trainee)
    rows = rows.select_related("technique", "centre", "year").annotate(photo_key=first_photo())
    rows = rows.prefetch_related(
        Prefetch("showings", Showing.objects.select_related("exhibition")),
        Prefetch("makers", Maker.objects.filter(trainee=trainee), to_attr="wishes"),
    )
    page = Paginator(rows.order_by("-year__begin", "-pk"), ON_A_PAGE).get_page(request.GET.get("p"))
    for work in page:
        work.picture = thumbnail(work.photo_key)
        work.colour = WORK_COLOURS.get(work.state, "")
    return {"page": page}


WORKS = Tab(
    "works",
    _("Works"),
    works,
    "admin/exhibitions/person_works.html",
    may=lambda user, _trainee: may_open(user, Work),
)
