"""Pairs of records that may be one person: why, side by side, and what staff say to it."""

from django.contrib import admin
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izmek.acts.merging import compare
from izmek.admin import ReadOnlyAdmin, object_action, object_link
from izmek.admin.exported import Out, together
from izmek.admin.tags import tag
from trainees import services
from trainees.admin.links import link_to
from trainees.enums import Certainty
from trainees.models import LookAlike, Trainee
from trainees.rights import RIGHTS
from trainees.services.merging import VALUES

COLOURS = {Certainty.HIGH: "wrong", Certainty.LIKELY: "last", Certainty.POSSIBLE: ""}


def may_merge(user, pair=None):
    """Whether the user may merge both; without a pair, anybody at all."""
    people = [None] if pair is None else [pair.one, pair.other]
    return all(RIGHTS.may(user, "merge_trainees", one) for one in people)


def merge_address(pair):
    return reverse("admin:trainees_trainee_merge_with", args=[pair.one_id, pair.other_id])


class CertaintyFilter(admin.SimpleListFilter):
    title = gettext_lazy("how sure")
    parameter_name = "sure"

    def lookups(self, request, model_admin):
        return Certainty.choices

    def queryset(self, request, queryset):
        if self.value() not in Certainty.values:
            return queryset
        least = int(self.value())
        above = [int(one) for one in Certainty.values if int(one) > least]
        rows = queryset.filter(score__gte=least)
        return rows.filter(score__lt=min(above)) if above else rows


class AnsweredFilter(admin.SimpleListFilter):
    """Pairs that wait for an answer, unless those are asked for that have one."""

    title = gettext_lazy("answer")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("yes", _("not the same person"))]

    def queryset(self, request, queryset):
        return queryset.answered() if self.value() == "yes" else queryset.open()


def _name(path, heading):
    """A column of an export with the name of one of the two people."""
    return Out(path, heading, (f"{path}__first_name", f"{path}__last_name"), together)


@admin.register(LookAlike)
class LookAlikeAdmin(ReadOnlyAdmin):
    help = "ayni-kisi"
    list_display = ("sure", "first_record", "second_record", "why_alike", "next_step")
    list_display_links = None
    list_filter = (CertaintyFilter, AnsweredFilter)
    list_per_page = 20
    exported = (
        "score",
        _name("one", gettext_lazy("first record")),
        _name("other", gettext_lazy("second record")),
    )
    ordering = ("-score", "-pk")
    object_actions = ("merge", "not_the_same")
    fields = ("one", "other", "why_alike", ("answered_by", "answered_at"))
    readonly_fields = ("why_alike",)
    merge = object_link(gettext_lazy("Merge"), merge_address, may=may_merge)

    def with_shown(self, request, rows):
        """With both people, as their own list shows them to this user, and whether they may answer."""
        people_admin = self.admin_site.get_model_admin(Trainee)
        people = people_admin.as_read(request, people_admin.seen(request))
        mine = [
            Exists(
                RIGHTS.rows(request.user, "not_the_same", Trainee.objects.filter(pk=OuterRef(one)))
            )
            for one in ("one", "other")
        ]
        rows = rows.prefetch_related(Prefetch("one", people), Prefetch("other", people))
        return rows.annotate(
            may_answer=Case(When(Q(mine[0]) & Q(mine[1]), then=True), default=False)
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A pair has no page of its own: both are looked at where they are merged."""
        pair = self.get_object(request, object_id)
        if pair is None:
            raise Http404
        return HttpResponseRedirect(merge_address(pair))

    def page_of(self, request, obj):
        return self.url("changelist")

    @admin.display(description=gettext_lazy("how sure"), ordering="score")
    def sure(self, pair):
        return tag(pair.certainty.label, COLOURS[pair.certainty])

    @admin.display(description=gettext_lazy("first record"))
    def first_record(self, pair):
        return _record(pair, 1)

    @admin.display(description=gettext_lazy("second record"))
    def second_record(self, pair):
        return _record(pair, 2)

    @admin.display(description=gettext_lazy("why they look alike"))
    def why_alike(self, pair):
        return format_html("<ul class='pair'>{}</ul>", _items((reason,) for reason in pair.why))

    @admin.display(description=gettext_lazy("next step"))
    def next_step(self, pair):
        links = [(merge_address(pair), _("Look at both"))]
        if pair.answered != pair.facts and pair.may_answer:
            links.append((self.url("act", pair.pk, "not_the_same"), _("Not the same")))
        named = ((url, f"{label}: {pair}", label) for url, label in links)
        return format_html(
            "<ul class='row-acts'>{}</ul>",
            format_html_join("", "<li><a href='{}' aria-label='{}'>{}</a></li>", named),
        )

    @object_action(
        gettext_lazy("Not the same person"),
        may=may_merge,
        when=lambda pair: pair.answered != pair.facts,
        text=gettext_lazy(
            "They are two people. The pair is not shown again until one of the two records changes."
        ),
    )
    def not_the_same(self, request, pair, data):
        services.not_the_same(pair=pair, by=request.user)
        return _("Noted: they are two people.")


def _items(items):
    return format_html_join("", "<li>{}</li>", items)


def _record(pair, which):
    """A record of a pair: its name and what is known; what differs from the other is marked."""
    person = pair.one if which == 1 else pair.other
    lines = []
    for label, *values, _question in compare(pair.one, pair.other, VALUES[2:]):
        value, other = values[which - 1], values[2 - which]
        if not value:
            continue
        mark = "<mark>{}</mark>" if other and value != other else "{}"
        lines.append((format_html("{}: " + mark, label, value),))
    if person.masked_number:
        label = capfirst(_("identity number"))
        lines.append((format_html("{}: {}", label, person.masked_number),))
    lines.append((_("courses now: %(count)d") % {"count": person.courses_now},))
    return format_html(
        "<strong>{}</strong><ul class='pair'>{}</ul>", link_to(person), _items(lines)
    )
