"""A row as a desk: a head that stays, and under it tabs, each a page with an address of its own.

    class CourseAdmin(Desk, ModelAdmin):
        tabs = (Tab("lessons", _("Lessons"), lessons, "admin/courses/lessons.html"), FORM, HISTORY)

        def head(self, request, course):
            return Head(title=str(course), tag=Tag(course.get_state_display(), "now"))

The acts of the head are the `object_actions` of the ModelAdmin: the first whose `next_when` holds is the
one blue button, the others are in the menu, dangerous ones apart. An app above adds tabs by
`extend(CourseAdmin, tabs=[…], before="change")`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izmek.admin.extensions import say_after_act

TAB = "tab"  # in the address of an act: the tab from which it was opened


@dataclass(frozen=True)
class Tab:
    """A page of a desk.

    `slug`: its address under the row's, and the name of that address (`admin:courses_course_<slug>`).
    `view(admin, request, obj)` returns the context for `template` (which extends "admin/desk.html"; a
    `status` in it is that of the answer), or a response; without a view it is Django's page of that name.
    `may(user, obj)`: who sees it, without an object on any row at all; None: who sees the row.
    `count(obj)`: the number beside the label, of what `with_shown` has annotated. `when(obj)`: whether it
    stands in the row of tabs now; its address answers all the same.
    """

    slug: str
    label: str
    view: Callable | None = None
    template: str = ""
    may: Callable | None = None
    count: Callable | None = None
    when: Callable | None = None


def who_holds(permission):
    """The `may` of a tab for everybody with a permission, on the rows that they see."""
    return lambda user, obj=None: user.has_perm(permission)


FORM = Tab("change", _("Details"))
HISTORY = Tab("history", _("History"))


@dataclass(frozen=True)
class Tag:
    """A state in words and colour. `kind`: now, soon, last, past, wrong, or nothing."""

    label: str
    kind: str = ""


@dataclass(frozen=True)
class Fact:
    """What the head tells beside the title: a name and its value, with a link where it leads somewhere."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Meter:
    """How much of `whole` is taken, as a bar: `parts` one after the other, and all of it in `words`."""

    label: str
    words: str
    whole: int
    parts: Sequence[int]

    @property
    def bars(self):
        """(number of the part, where it begins, how long it is) in per cent, never beyond the whole."""
        begin = 0
        for number, part in enumerate(self.parts, 1):
            length = min(100 * part / self.whole, 100 - begin) if self.whole else 0
            yield number, f"{begin:.2f}", f"{length:.2f}"
            begin += length


@dataclass(frozen=True)
class Head:
    """The head of a desk; `notes` are sentences that need attention."""

    title: str
    tag: Tag | None = None
    facts: Sequence[Fact] = ()
    meter: Meter | None = None
    notes: Sequence[str] = ()


class Desk:
    """The part of a ModelAdmin that shows its rows as desks; stands before ModelAdmin."""

    tabs = (FORM, HISTORY)
    row_page = "desk"

    def head(self, request, obj):
        return Head(title=str(obj))

    # --- Addresses ----------------------------------------------------------------------------

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        *others, _former_address = super().get_urls()  # Django's last one catches all that is left
        return [
            *(
                path(
                    f"<path:object_id>/{tab.slug}/",
                    self.guarded(self.tab_view),
                    {"slug": tab.slug},
                    name=f"{name}_{tab.slug}",
                )
                for tab in self.tabs
                if tab.view
            ),
            *others,
            path("<path:object_id>/", self.guarded(self.desk_view), name=f"{name}_desk"),
        ]

    def tabs_of(self, request, obj):
        """The tabs that the user may open on the object, in order."""
        return [tab for tab in self.tabs if tab.may is None or tab.may(request.user, obj)]

    def page_of(self, request, obj):
        """The tab from which the user came, else the first that they may see."""
        tabs = [tab.slug for tab in self.tabs_of(request, obj)]
        asked = request.GET.get(TAB)
        return self.url(asked if asked in tabs else tabs[0], quote(obj.pk))

    def desk_view(self, request, object_id):
        """The address of the row alone leads to its first tab."""
        return HttpResponseRedirect(self.page_of(request, self._on_desk(request, object_id)))

    # --- Pages --------------------------------------------------------------------------------

    def _on_desk(self, request, object_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        return obj

    def tab_view(self, request, object_id, slug):
        """One tab: 403 without the right, 404 for a row whose tab is out of scope."""
        tab = next(tab for tab in self.tabs if tab.slug == slug)
        if tab.may is not None and not tab.may(request.user, None):
            raise PermissionDenied
        obj = self._on_desk(request, object_id)
        if tab.may is not None and not tab.may(request.user, obj):
            raise Http404
        since = timezone.now()
        found = tab.view(self, request, obj)
        if isinstance(found, HttpResponseBase):
            if request.method == "POST" and found.status_code == 302:
                say_after_act(request, since)
            return found
        return TemplateResponse(
            request,
            tab.template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": obj,
                "title": str(obj),
                "subtitle": tab.label,
                "media": self.media,
                "desk": self.desk(request, obj, tab.slug),
                **found,
            },
            status=found.get("status", 200),
        )

    def acts_on(self, request, obj, current):
        """The buttons of the object, asked once for a page; their acts lead back to the tab `current`."""
        if not hasattr(obj, "_acts_on_desk"):
            obj._acts_on_desk = self.buttons_in_list(request, [obj])[obj.pk]
            for button in obj._acts_on_desk:
                if not hasattr(
                    getattr(self, button["action"]), "address"
                ):  # a link has its own page
                    button["url"] += f"?{TAB}={current}"
        return obj._acts_on_desk

    def next_step(self, request, obj, buttons):
        """The only blue button of the head: of the buttons the first that is next, or one of its own."""
        return next((button for button in buttons if button["is_next"]), None)

    def desk(self, request, obj, current):
        """What the templates of a desk show: the head, the acts and the row of tabs."""
        buttons = self.acts_on(request, obj, current)
        following = self.next_step(request, obj, buttons)
        others = [button for button in buttons if button is not following]
        return {
            "head": self.head(request, obj),
            "next": following,
            "acts": [button for button in others if not button["danger"]],
            "dangers": [button for button in others if button["danger"]],
            "public_url": self.get_view_on_site_url(obj),
            "copy_url": self.copy_url(request, obj),
            "tabs": [
                {
                    "label": tab.label,
                    "url": self.url(tab.slug, quote(obj.pk)),
                    "count": tab.count(obj) if tab.count else None,
                    "current": tab.slug == current,
                }
                for tab in self.tabs
                if tab.slug == current
                or (
                    (tab.when is None or tab.when(obj))
                    and (tab.may is None or tab.may(request.user, obj))
                )
            ],
        }

    # Django's own pages, under the same head.

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj is not None:
            context["desk"] = self.desk(request, obj, FORM.slug)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request, object_id, extra_context=None):
        answer = super().history_view(request, object_id, extra_context)
        obj = answer.context_data["original"]
        answer.context_data["desk"] = self.desk(request, obj, HISTORY.slug)
        return answer
