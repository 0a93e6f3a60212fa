"""People to call: the desk from which they are called, and the record of the calls."""

from dataclasses import dataclass, field

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from izmek.acts.rights import NotAllowed
from izmek.admin import (
    ChosenFilter,
    ReadOnlyAdmin,
    RelatedFilter,
    bulk_action,
    object_action,
    visible,
)
from izmek.admin.attention import may_open
from izmek.admin.masking import is_masked, mask, reads_masked
from izmek.admin.ready_sheets import hand_out
from izmek.text import masks
from izmek.text.codes import row_key
from izmek.text.phones import show
from trainees import services
from trainees.enums import REASONS_TO_CALL, CallAnswer
from trainees.models import Application, Call, CallAttempt, Certificate, phones_of
from trainees.models.calls import dialled, whom
from trainees.queries.calls import (
    count_people_to_call,
    most_urgent,
    people_to_call,
    reasons_to_call,
    what_to_say,
)
from trainees.rights import RIGHTS
from trainees.sheets.calls import call_list

PEOPLE = 25  # on a page
KINDS = REASONS_TO_CALL
SOURCES = ("call", "offer", "confirmation", "certificate")


@dataclass
class Person:
    """Whom one telephone call reaches, and all that they have to be told or asked."""

    key: str  # the first thing to say, for the page
    rows: list  # of `what_to_say`
    who: object = None  # Trainee or Application
    url: str = ""
    phones: list = field(default_factory=list)
    say: list = field(default_factory=list)
    attempts: list = field(default_factory=list)

    @property
    def since(self):
        return min(row["since"] for row in self.rows)

    @property
    def until(self):
        return min((row["until"] for row in self.rows if row["until"]), default=None)


def caller(user):
    """The user as the one who calls: with those roles alone that may answer, if there are any."""
    acting = RIGHTS.acting(user, "told_by_phone")
    return acting if acting.roles else user


def key_of(row):
    """What a form sends for one thing to say: "call-12", "offer-7", "certificate-3"."""
    return f"{row['source']}-{row['pk']}"


def asked_for(request):
    """Which course and which reason the address asks for."""
    kind = request.GET.get("kind", "")
    return {
        "course": row_key(request.GET.get("course", "")),
        "kind": kind if kind in KINDS else "",
    }


def keys_sent(sent):
    """{source: the keys of `key_of`} in what a form sent."""
    keys = {source: set() for source in SOURCES}
    for one in sent:
        source, _dash, key = one.partition("-")
        if source in keys and (pk := row_key(key)):
            keys[source].add(pk)
    return keys


def note_answer(page, request, people, **said):
    """Note what came of the call that a form tells, and say so.

    `page`: the ModelAdmin. `people`: more records of the person who was called. `said`: the calls, offers,
    confirmations and certificates of `answer_calls` that still have to be said. Raises NotAllowed.
    """
    answer = request.POST.get("answer", "")
    if answer not in CallAnswer.of_a_call() or not any(said.values()):
        sentence = _(
            "Nothing was noted: somebody else has called meanwhile, or nothing was ticked."
        )
        page.message_user(request, sentence, messages.WARNING)
        return
    about = [call.who for call in said["calls"]]
    about += [one for source in ("offers", "confirmations") for one in said.get(source, ())]
    about += [one.enrolment.trainee for one in said.get("certificates", ())]
    people = [*people, *about]
    who, phone = whom(people), dialled(people, request.POST.get("phone", ""))
    if phone is None:
        sentence = _(
            "Nothing was noted: the number that was dialled is not this person’s any more."
        )
        page.message_user(request, sentence, messages.WARNING)
        return
    try:
        services.answer_calls(answer=answer, phone=phone, by=request.user, **said)
    except NotAllowed:
        raise
    except ValidationError as refusal:
        for sentence in refusal.messages:
            page.message_user(request, f"{who}: {sentence}", messages.ERROR)
    else:
        page.message_user(request, f"{who}: {CallAnswer(answer).label}.", messages.SUCCESS)


def _who(thing):
    """Whom one calls about a Call, an Application or a Certificate."""
    if isinstance(thing, Certificate):
        return thing.enrolment.trainee
    return thing.who if isinstance(thing, Call) else thing


class CallPages:
    """The part of CallAdmin with which people are called."""

    def get_urls(self):
        desk, undo = self.guarded(self.desk_view), self.guarded(self.undo_view)
        return [
            path("desk/", desk, name="trainees_call_desk"),
            path("desk/undo/", undo, name="trainees_call_undo"),
            path("desk/list/", self.guarded(self.sheet_view), name="trainees_call_sheet"),
            *super().get_urls(),
        ]

    def list_tools(self, request):
        return [(_("People to call"), self.url("desk")), *super().list_tools(request)]

    def desk_view(self, request):
        """Everyone who has to be called, one call for all that they have to be told."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._answered(request)
        user = caller(request.user)
        asked = asked_for(request)
        course, kind = request.GET.get("course", ""), asked["kind"]
        people, more = most_urgent(user, **asked)
        count = people_to_call(user, **asked).count() if more else len(people)
        whole = "print" in request.GET
        page = Paginator(people, len(people) or 1 if whole else PEOPLE).get_page(
            request.GET.get("p")
        )
        page.object_list = self._read(user, what_to_say(user, page.object_list))
        reasons = reasons_to_call(user)
        courses = Course.objects.filter(pk__in={pk for pk, _kind in reasons})
        kinds = {name for _pk, name in reasons}
        return TemplateResponse(
            request,
            "admin/trainees/calls.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("People to call"),
                "page": page,
                "count": count,
                "left": count - len(people),
                "courses": courses.select_related("programme", "centre").order_by("begin", "pk"),
                "kinds": [(name, label) for name, label in KINDS.items() if name in kinds],
                "course": course,
                "kind": kind,
                "asked": urlencode({k: v for k, v in (("course", course), ("kind", kind)) if v}),
                "answers": CallAnswer.of_a_call(),
                "may_answer": RIGHTS.may(user, "told_by_phone"),
                "done": self._done_lately(user) if page.number == 1 and not whole else [],
                "whole": whole,
            },
        )

    def sheet_view(self, request):
        """The same list as a spreadsheet: all that can be said, for whoever sits at the telephone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = caller(request.user)
        people, _more = most_urgent(user, **asked_for(request))
        table = call_list(self._read(user, what_to_say(user, people)))
        return hand_out(request, table, name=_("People to call"), about=Call)

    def _read(self, user, said):
        """The Persons of `what_to_say`: who they are, what to say and what came of earlier calls."""
        people = [Person(key_of(rows[0]), rows) for rows in said.values() if rows]
        rows = [row for one in people for row in one.rows]
        keys = {
            source: {row["pk"] for row in rows if row["source"] == source} for source in SOURCES
        }
        calls = Call.objects.with_people().in_bulk(keys["call"])
        applied = Application.objects.select_related("course__programme", "course__centre")
        applied = applied.in_bulk(keys["offer"] | keys["confirmation"])
        found = {"call": calls, "offer": applied, "confirmation": applied}
        found["certificate"] = Certificate.objects.with_people().in_bulk(keys["certificate"])
        masked = reads_masked(user)
        for one in people:
            things = [(row, found[row["source"]].get(row["pk"])) for row in one.rows]
            things = [(row, thing) for row, thing in things if thing]  # one was done meanwhile
            whos = [_who(thing) for _row, thing in things]
            if not whos:
                continue
            one.who = whom(whos)
            name = "application" if isinstance(one.who, Application) else "trainee"
            one.url = reverse(f"admin:trainees_{name}_change", args=[one.who.pk])
            shown = masks.phone if masked else show
            one.phones = [
                (
                    "" if whose == str(one.who) else whose,
                    masks.phone(phone) if masked else phone,
                    shown(phone),
                    wrong,
                )
                for whose, phone, wrong in phones_of(one.who)
            ]
            one.say = [self._say(row, thing, masked) for row, thing in things]
        self._attempts([one for one in people if one.who], masked)
        return people

    def _say(self, row, thing, masked):
        is_certificate = row["source"] == "certificate"
        course, until = (thing.enrolment if is_certificate else thing).course, row["until"]
        day = formats.date_format(until, "j F l") if until else ""
        if row["kind"] == "offer":
            sentence = gettext(
                "A seat is offered: %(course)s. Enrol in person at the course centre."
            )
        elif row["kind"] == "confirmation":
            sentence = gettext("Has applied for %(course)s: is the seat still wanted?")
        elif is_certificate:
            sentence = gettext("The certificate of %(course)s waits at the course centre.")
        else:
            sentence = masks.words(thing.what) if masked else thing.what
        return {
            "key": key_of(row),
            "kind": KINDS[row["kind"]],
            "what": sentence % {"course": course.programme.public_name}
            if row["source"] != "call"
            else sentence,
            "text": "" if masked else getattr(thing, "text", ""),
            "course": course,
            "until": until,
            "day": day,
            "asks": row["kind"] == "confirmation",
            "gives_up": reverse(
                "admin:trainees_application_act",
                args=[row["pk"], "withdraw" if row["kind"] == "confirmation" else "decline"],
            )
            if row["source"] in ("offer", "confirmation")
            else "",
            "certificate": thing.pk if is_certificate else None,
        }

    def _attempts(self, people, masked):
        by_name = {"trainee": {}, "application": {}}
        for one in people:
            name = "application" if isinstance(one.who, Application) else "trainee"
            by_name[name][one.who.pk] = one
        attempts = CallAttempt.objects.filter(trainee__in=by_name["trainee"]) | (
            CallAttempt.objects.filter(application__in=by_name["application"])
        )
        for attempt in attempts.select_related("by").order_by("-at"):
            name = "trainee" if attempt.trainee_id else "application"
            if masked:
                mask(attempt)
            by_name[name][attempt.trainee_id or attempt.application_id].attempts.append(attempt)

    def _done_lately(self, user):
        done = visible(Call, user).filter(done_at__isnull=False)
        done = done.select_related("done_by", "enrolment__trainee", "application")
        return done.order_by("-done_at")[:5]

    def _answered(self, request):
        """What came of one call. Who was reached was told what is ticked; else all of it waits on."""
        user, posted = request.user, request.POST
        ticked = "say" if posted.get("answer") == CallAnswer.REACHED else "about"
        keys = keys_sent(posted.getlist(ticked))
        calls = visible(Call, user).open().filter(pk__in=keys["call"]).with_people()
        applied = visible(Application, user).select_related("course", "trainee")
        note_answer(
            self,
            request,
            [],
            calls=list(calls),
            offers=list(applied.to_call().filter(pk__in=keys["offer"])),
            confirmations=list(applied.unconfirmed().filter(pk__in=keys["confirmation"])),
            certificates=list(
                visible(Certificate, user)
                .to_call()
                .filter(pk__in=keys["certificate"])
                .select_related("enrolment__trainee")
            ),
        )
        return self._back(request)

    def undo_view(self, request):
        """A call that was ticked by mistake waits again."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        call = visible(Call, request.user).filter(pk=row_key(request.POST.get("call", ""))).first()
        if call:
            services.reopen_call(call=call, by=request.user)
            self.message_user(request, _("It stands on the list again."), messages.SUCCESS)
        return self._back(request)

    def _back(self, request):
        """To the same filter and page of the desk."""
        asked = {
            name: request.POST[name] for name in ("course", "kind", "p") if request.POST.get(name)
        }
        return HttpResponseRedirect(f"{self.url('desk')}?{urlencode(asked)}".rstrip("?"))


def calls_in_menu(request):
    """{url, count, current} of the desk for the header of every page, or None."""
    if not may_open(request.user, Call):
        return None
    url = reverse("admin:trainees_call_desk")
    return {
        "url": url,
        "count": count_people_to_call(caller(request.user)),
        "current": request.path == url,
    }


class WaitingFilter(admin.SimpleListFilter):
    """Calls that still wait; all of them on request."""

    title = _("state")
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", _("to be called")), ("all", _("all"))]

    def value(self):
        return super().value() or "yes"

    def choices(self, changelist):
        for key, label in self.lookup_choices:
            yield {
                "selected": self.value() == key,
                "query_string": changelist.get_query_string({self.parameter_name: key}),
                "display": label,
            }

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.open()


@admin.register(Call)
class CallAdmin(CallPages, ReadOnlyAdmin):
    list_display = ("name", "phones", "what", "course", "created_at", "done_at", "done_by")
    list_filter = (
        WaitingFilter,
        "kind",
        ("course__centre", RelatedFilter),
        ("course", ChosenFilter),
    )
    list_select_related = ("done_by",)
    search_fields = (
        "enrolment__trainee__folded",
        "application__folded",
        "course__programme__folded",
    )
    ordering = ("created_at", "pk")
    actions = ("tick_all",)
    object_actions = ("tick",)
    fields = ("name", "phones", "course", "text", ("created_at", "done_at", "done_by"))
    readonly_fields = ("name", "phones")

    def with_shown(self, request, rows):
        return rows.with_people()

    @admin.display(description=_("name"))
    def name(self, call):
        return str(call.who)

    @admin.display(description=_("phone"))
    def phones(self, call):
        own, shown = str(call.who), masks.phone if is_masked(call) else show
        lines = (
            (shown(phone), "" if whose == own else whose) for whose, phone, _wrong in call.phones
        )
        return format_html_join(" ", '<span class="nowrap">{}</span> {}', lines) or _("no phone")

    @object_action(
        _("Called"),
        may=RIGHTS.asks("tick_call"),
        when=lambda call: call.done_at is None,
    )
    def tick(self, request, call, data):
        services.tick_call(call=call, by=request.user)
        return _("Noted.")

    @bulk_action(
        _("Called"),
        may=RIGHTS.asks("tick_call"),
        done=lambda count: (
            ngettext("%(count)d call is noted.", "%(count)d calls are noted.", count)
            % {"count": count}
        ),
    )
    def tick_all(self, request, call, data):
        services.tick_call(call=call, by=request.user)


def say_whom_to_call(request, since):
    """After an act: how many people it concerns whom no letter reaches, with the way to their list."""
    count = visible(Call, request.user).open().filter(created_at__gte=since).count()
    if count:
        sentence = ngettext(
            "%(count)d person is not reached in writing and has to be called.",
            "%(count)d people are not reached in writing and have to be called.",
            count,
        ) % {"count": count}
        address = reverse("admin:trainees_call_desk")
        link = format_html('{} <a href="{}">{}</a>', sentence, address, _("The list"))
        messages.warning(request, link)
