"""Tables that only the system writes: access log, letters, tasks, overrides, counters, old addresses."""

import re
from contextlib import suppress
from datetime import timedelta

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from izmek.accounts.rights import RIGHTS
from izmek.acts import letters, seals, tasks
from izmek.acts.enums import PROTECTED, LetterChannel, LetterState, SealedDay, SealOutside
from izmek.acts.sms.signs import measure
from izmek.admin import ReadOnlyAdmin, bulk_action, object_action
from izmek.admin.attention import attention
from izmek.admin.exported import Out, together
from izmek.admin.masking import is_masked
from izmek.admin.scope import admin_of
from izmek.admin.tags import tag
from izmek.models import (
    AccessLog,
    AccessSeal,
    Counter,
    DestructionLog,
    Letter,
    Override,
    SlugRedirect,
    SmsDay,
    TaskWorker,
    Upkeep,
)
from izmek.privacy import destruction
from izmek.text.languages import capital
from izmek.text.order import sort_key

TOLD = timedelta(days=14)  # for so long the first page tells of a failure

# --- What the system writes -------------------------------------------------------------------


def _about(app, model, key):
    """The row that an entry is about, as `AboutAdmin.about` tells it, out of what the database reads."""
    if model is None:
        return ""
    with suppress(LookupError):  # a table that there is no more
        model = apps.get_model(app, model)._meta.verbose_name
    return together(model, key)


def about_link(row):
    """The row that an entry is about, with a link to its page where it has one."""
    if row.content_type is None:
        return ""
    label = f"{row.content_type.name} {row.object_id}".strip()
    model = row.content_type.model_class()
    if model is None:
        return label
    try:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[row.object_id]), label)
    except NoReverseMatch:
        return label


class AboutAdmin(ReadOnlyAdmin):
    """Rows about another row, of any table."""

    @admin.display(description=_("about"))
    def about(self, row):
        return about_link(row)


class WhoseFilter(admin.SimpleListFilter):
    """The entries about one person, to which other pages link; shown while it is chosen."""

    title = _("whose data")
    parameter_name = "whose"

    def lookups(self, request, model_admin):
        return ()

    def has_output(self):
        return self._chosen() is not None

    def choices(self, changelist):
        without = changelist.get_query_string(remove=[self.parameter_name])
        yield {"selected": False, "query_string": without, "display": _("All")}
        kind, key = self._chosen()
        label = f"{kind.name} {key}"
        yield {"selected": True, "query_string": changelist.get_query_string(), "display": label}

    def _chosen(self):
        """(content type, key) of an address such as `?whose=trainees.trainee:12`; None for another."""
        label, _colon, key = (self.value() or "").partition(":")
        if not re.fullmatch(r"[0-9]{1,18}", key):
            return None
        with suppress(LookupError, ValueError):
            return ContentType.objects.get_for_model(apps.get_model(label)), int(key)
        return None

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self._chosen() is None:
            return queryset.none()
        kind, key = self._chosen()
        return queryset.filter(whose_type=kind, whose_id=key)


@admin.register(AccessLog)
class AccessLogAdmin(AboutAdmin):
    list_display = ("at", "by", "action", "whose_name", "about", "of_fields", "reason")
    exported = (
        "at",
        "by",
        "action",
        Out(
            "about",
            _("about"),
            ("content_type__app_label", "content_type__model", "object_id"),
            _about,
        ),
        Out(
            "whose",
            _("whose data"),
            ("whose_type__app_label", "whose_type__model", "whose_id"),
            _about,
        ),
        Out("of_fields", _("fields"), ("fields",), lambda key: str(PROTECTED.get(key, key))),
        "reason",
    )
    list_filter = ("action", WhoseFilter)
    list_select_related = ("by", "content_type")
    search_fields = ("by__username", "by__last_name", "by__first_name", "reason", "fields")
    search_through = ("by",)
    date_hierarchy = "at"
    fields = (("at", "by"), "action", "whose_name", "about", "of_fields", "reason")
    readonly_fields = ("whose_name", "about", "of_fields")

    def get_list_queryset(self, request, rows):
        """With the people, of one table by one query."""
        return rows.prefetch_related("whose")

    @admin.display(description=_("whose data"))
    def whose_name(self, entry):
        found = entry.whose_id and entry.whose
        if not found:
            return ""
        own = admin_of(self.admin_site, type(found))
        label = str(found) or found.pk
        if own is None:
            return label
        return format_html('<a href="{}">{}</a>', own.url(own.row_page, found.pk), label)

    @admin.display(description=_("fields"))
    def of_fields(self, entry):
        return PROTECTED.get(entry.fields, entry.fields)


HOLDS = {
    **dict.fromkeys([SealedDay.FEWER, SealedDay.MORE, SealedDay.CHANGED], "wrong"),
    **dict.fromkeys([SealOutside.OTHER, SealOutside.MISSING], "wrong"),
    **dict.fromkeys([SealedDay.HOLDS, SealOutside.SAME], "now"),
    **dict.fromkeys([SealedDay.DESTROYED, SealOutside.DESTROYED], "past"),
    SealOutside.UNREADABLE: "soon",
}


@admin.register(AccessSeal)
class AccessSealAdmin(ReadOnlyAdmin):
    """The seals of the access log: each page of the list reads the entries of its days again."""

    list_display = ("day", "count", "of_day", "of_file", "sealed_at", "head")
    date_hierarchy = "day"
    list_per_page = 31
    sortable_by = ()  # the days of a page lie side by side: their entries are one query
    exported = ("day", "count", "head", "sealed_at", "destroyed_at")
    fields = (("day", "count"), ("of_day", "of_file"), "head", ("sealed_at", "destroyed_at"))
    readonly_fields = ("of_day", "of_file")

    def get_changelist_instance(self, request):
        cl = super().get_changelist_instance(request)
        found = seals.proofs(cl.result_list)
        for seal in cl.result_list:
            seal.proof = found[seal]
        return cl

    @admin.display(description=_("the day’s entries today"))
    def of_day(self, seal):
        return self._tag(self._proof(seal).log)

    @admin.display(description=_("outside the database"))
    def of_file(self, seal):
        return self._tag(self._proof(seal).outside)

    def _proof(self, seal):
        """The list has proved its seals at once; a page proves its own."""
        if not hasattr(seal, "proof"):
            seal.proof = seals.proofs([seal])[seal]
        return seal.proof

    def _tag(self, state):
        return tag(state.label, HOLDS[state])


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return sorted(
            ((name, letters.in_words(name)) for name in letters.KINDS),
            key=lambda kind: sort_key(str(kind[1])),
        )

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


STATE_COLOURS = {
    LetterState.WAITING: "soon",
    LetterState.SENDING: "soon",
    LetterState.SENT: "now",
    LetterState.DELIVERED: "now",
    LetterState.FAILED: "wrong",
}


@admin.register(DestructionLog)
class DestructionLogAdmin(ReadOnlyAdmin):
    """What was destroyed when, in numbers alone."""

    list_display = ("begun_at", "what", "kept", "before", "rows", "by")
    list_select_related = ("by",)
    exported = (
        "begun_at",
        "ended_at",
        Out("what", _("what"), ("kind",), lambda kind: kind_in_words(kind)),
        "kept",
        "before",
        "rows",
        "by",
    )
    fields = ("what", ("begun_at", "ended_at"), ("kept", "before"), "by", "by_table")
    readonly_fields = ("what", "by_table")

    @admin.display(description=_("what"), ordering="kind")
    def what(self, entry):
        return kind_in_words(entry.kind)

    @admin.display(description=_("by table"))
    def by_table(self, entry):
        lines = ((table_in_words(label), number) for label, number in sorted(entry.counts.items()))
        return format_html_join("", "<div>{}: {}</div>", lines)


def kind_in_words(kind):
    """What a row of the destruction log is about."""
    known = {one.key: one.words for one in destruction.kinds()}
    return capital(str(known.get(kind, kind) if kind else _("the whole run")))


def table_in_words(label):
    """`trainees.Letter` as the admin calls it; of a history table too."""
    if label == destruction.LEFT:
        return str(_("People who stay until what is open is done"))
    with suppress(LookupError, ValueError):
        return capital(str(apps.get_model(label)._meta.verbose_name_plural))
    return label


@attention(
    "destruction",
    DestructionLog,
    _("the periodic destruction is due: none for six months"),
    place=15,
    urgent=True,
)
def destruction_due(runs, today):
    return runs.due(today)


@admin.register(Letter)
class LetterAdmin(AboutAdmin):
    tagged = {"state": STATE_COLOURS}
    help = "e-postalar"
    object_actions = ("resend",)
    actions = ("resend_chosen",)
    list_display = (
        "created_at",
        "of_kind",
        "channel",
        "address",
        "subject",
        "state",
        "attempts",
        "sent_at",
    )
    exported = (
        "created_at",
        Out("kind", _("kind"), ("kind",), lambda kind: str(letters.in_words(kind))),
        "channel",
        "to",
        "phone",
        "subject",
        "state",
        "attempts",
        "sent_at",
    )
    exported_more = ("parts", "delivered_at", "error")
    list_filter = ("state", "channel", KindFilter)
    search_fields = ("to", "subject")
    fields = (
        ("of_kind", "channel", "state"),
        "address",
        "subject",
        "text",
        "length",
        "about",
        ("created_at", "sent_at", "delivered_at"),
        ("attempts", "next_try"),
        "error",
    )
    readonly_fields = ("about", "of_kind", "next_try", "address", "length")

    def get_fields(self, request, letter=None):
        of_texts = letter is None or letter.channel == LetterChannel.SMS
        return [one for one in self.fields if of_texts or one != "length"]

    @admin.display(description=_("to"))
    def address(self, letter):
        if letter.channel == LetterChannel.SMS:
            return format_html('<span class="nowrap">{}</span>', letter.address)
        return letter.address

    @admin.display(description=_("length"))
    def length(self, letter):
        """Of a text message: how many parts are paid for."""
        if is_masked(letter):
            return letter.parts
        return length_in_words(measure(letter.text))

    @admin.display(description=_("kind"), ordering="kind")
    def of_kind(self, letter):
        return letters.in_words(letter.kind)

    @admin.display(description=_("next try"))
    def next_try(self, letter):
        return letter.next_try_at if letter.state == LetterState.WAITING else None

    @object_action(
        _("Send the letter again"),
        may=RIGHTS.asks("resend"),
        text=_(
            "It goes to the address that it was written to, in the same words. Until when a seat is kept "
            "and the place on the waiting list are those of now."
        ),
    )
    def resend(self, request, letter, data):
        letters.resend(letter=letter, by=request.user)
        return _("The letter is on its way: %(address)s") % {"address": letter.address}

    @bulk_action(
        _("Send the chosen letters again"),
        may=RIGHTS.asks("resend"),
        done=lambda count: (
            ngettext(
                "%(count)d letter is on its way.", "%(count)d letters are on their way.", count
            )
            % {"count": count}
        ),
    )
    def resend_chosen(self, request, letter, data):
        letters.resend(letter=letter, by=request.user)


@attention("failed-letter", Letter, _("letters that could not be sent"), place=610)
def failed_letters(letters, today):
    return letters.filter(state=LetterState.FAILED, next_try_at__date__gt=today - TOLD)


def length_in_words(measured):
    """How long a text message is: `2 SMS, 171 characters`."""
    return ngettext(
        "%(parts)d SMS, %(signs)d character", "%(parts)d SMS, %(signs)d characters", measured.signs
    ) % {"parts": measured.parts, "signs": measured.signs}


@admin.register(SmsDay)
class SmsDayAdmin(ReadOnlyAdmin):
    """How many text messages were paid for on each day."""

    list_display = ("day", "parts", "over")
    date_hierarchy = "day"


@attention("sms-limit", SmsDay, _("the daily limit of SMS is reached"), place=605)
def sms_over_limit(days, today):
    return days.over_limit(today)


@admin.register(DBTaskResult)
class TaskAdmin(ReadOnlyAdmin):
    """Work that no request waits for; on a trial it is done at once and nothing is recorded."""

    object_actions = ("run_again",)
    actions = ("run_chosen_again",)
    list_display = ("enqueued_at", "name", "status", "finished_at")
    list_filter = ("status",)
    ordering = ("-enqueued_at",)
    fields = ("name", "status", ("enqueued_at", "started_at", "finished_at"), "error")
    readonly_fields = ("name", "error")

    def get_search_fields(self, request):
        return ()

    @admin.display(description=_("task"), ordering="task_path")
    def name(self, result):
        return result.task_path

    @admin.display(description=_("error"))
    def error(self, result):
        """What kind of error; what it said may name people, and stands in no log either."""
        return result.exception_class_path

    @object_action(
        _("Do the task again"),
        when=lambda result: result.status == tasks.FAILED,
        may=RIGHTS.asks("run_task_again"),
    )
    def run_again(self, request, result, data):
        tasks.run_task_again(task=result, by=request.user)
        return _("A worker does it again.")

    @bulk_action(
        _("Do the chosen tasks again"),
        may=RIGHTS.asks("run_task_again"),
        done=lambda count: (
            ngettext("%(count)d task is done again.", "%(count)d tasks are done again.", count)
            % {"count": count}
        ),
    )
    def run_chosen_again(self, request, result, data):
        tasks.run_task_again(task=result, by=request.user)


@attention("failed-task", DBTaskResult, _("tasks that failed"), place=620)
def failed_tasks(results, today):
    return results.failed().filter(finished_at__date__gt=today - TOLD)


@attention("late-task", DBTaskResult, _("tasks that wait for long: does a worker run?"), place=615)
def late_tasks(results, today):
    return tasks.late(results)


@admin.register(Upkeep)
class UpkeepAdmin(ReadOnlyAdmin):
    """The page of the status tells the same in words."""

    list_display = ("command", "began_at", "ended_at", "good_at")
    fields = ("command", "since", "began_at", "ended_at", "good_at")

    def get_search_fields(self, request):
        return ()


def status_page(user):
    return reverse("admin:status")


@attention("old-backup", Upkeep, _("the last backup is too old"), place=16, page=status_page)
def old_backup(rows, today):
    return rows.old_backup()


@attention(
    "worker-gone", Upkeep, _("long work stands still: no worker runs"), place=17, page=status_page
)
def worker_gone(rows, today):
    return rows.worker_gone(TaskWorker.objects)


@admin.register(Override)
class OverrideAdmin(AboutAdmin):
    list_display = ("at", "by", "act", "about", "reason")
    list_select_related = ("by", "content_type")
    search_fields = ("act", "reason", "by__last_name")
    fields = ("at", "by", "act", "about", "reason")
    readonly_fields = ("about",)


@admin.register(Counter)
class CounterAdmin(ReadOnlyAdmin):
    list_display = ("kind", "year", "last")
    list_filter = ("kind",)
    ordering = ("-year", "kind")


@admin.register(SlugRedirect)
class SlugRedirectAdmin(AboutAdmin):
    list_display = ("slug", "about")
    list_select_related = ("content_type",)
    search_fields = ("slug",)
    ordering = ("slug",)
    fields = ("slug", "about")
    readonly_fields = ("about",)
