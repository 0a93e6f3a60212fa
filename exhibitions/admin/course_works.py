"""The works of a course, a tab of its desk."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exhibitions.admin.photos import first_photo, thumbnail
from exhibitions.models import Maker, Showing, Work
from exhibitions.wording import WORK_COLOURS
from izmek.admin import Tab, Tag, visible, who_holds


def works_tab(admin, request, course):
    """Photo, title, makers, state and where each is shown; those who may add one do it here."""
    works = visible(Work, request.user).filter(course=course)
    works = works.select_related("technique").annotate(photo_key=first_photo())
    works = works.prefetch_related(
        Prefetch("makers", Maker.objects.select_related("trainee", "teacher")),
        Prefetch("showings", Showing.objects.select_related("exhibition")),
    )
    rows = list(works.order_by("-pk"))
    for work in rows:
        work.tag = Tag(work.get_state_display(), WORK_COLOURS.get(work.state, ""))
        work.thumb = thumbnail(work.photo_key)
        work.made_by = ", ".join(str(maker) for maker in work.makers.all())
        work.shown_at = ", ".join(str(one.exhibition) for one in work.showings.all())
    may_add = request.user.has_perm("exhibitions.add_work")
    add = reverse("admin:exhibitions_work_add") + f"?course={course.pk}" if may_add else None
    return {"works": rows, "add": add}


WORKS_OF_COURSE = Tab(
    "works",
    _("Works"),
    works_tab,
    "admin/exhibitions/course_works.html",
    may=who_holds("exhibitions.view_work"),
)
