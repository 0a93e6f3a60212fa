"""The approval of works, one at a time: the curator sees a work as a whole, decides, and sees the next one.

The queue is `WorkQuerySet.waiting_for_approval`, of all exhibitions or of `?exhibition=`. A page sends
along what its work waited for, so that of two curators the second one is told and goes on.
"""

from bisect import bisect
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exhibitions import services
from exhibitions.enums import ExhibitionState, PeopleOn, Surface
from exhibitions.models import Exhibition, Maker, Showing, Work
from exhibitions.queries.makers import agrees_to
from exhibitions.rights import RIGHTS
from izmek.acts.refusal import Conflict, sentence_of
from izmek.admin.extensions import say_after_act
from izmek.text.codes import row_key
from trainees.enums import Purpose

MOST_OFFERED = 30  # exhibitions to choose from for a work that is in none
TAKE_BACK = "take_back"  # of a button: what to undo, as `_undo_code` writes it


class ApprovalForm(forms.Form):
    """For which exhibitions a work is approved: those where it waits, or else those ahead."""

    exhibitions = forms.ModelMultipleChoiceField(
        Exhibition.objects.none(),
        label=gettext_lazy("Approve for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose the exhibition.")},
    )
    without_makers = forms.BooleanField(
        label=gettext_lazy("Approve it without a maker: nobody knows who made it"), required=False
    )

    def __init__(self, *args, work, offered, at, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["exhibitions"]
        field.queryset = Exhibition.objects.filter(pk__in=[one.pk for one in offered])
        field.choices = [(one.pk, f"{one} · {one.dates}") for one in offered]
        waiting = {row.exhibition_id for row in work.showings.all()}
        chosen = [one.pk for one in offered if at is None or one == at]
        self.initial["exhibitions"] = chosen if waiting or len(offered) == 1 else []
        if work.makers.all():
            del self.fields["without_makers"]


class ApprovalPages:
    """The part of WorkAdmin with these pages."""

    def get_urls(self):
        name = "exhibitions_work"
        return [
            path("approval/", self.guarded(self.approvals_view), name=f"{name}_approvals"),
            path("approval/<int:pk>/", self.guarded(self.approval_view), name=f"{name}_approval"),
            *super().get_urls(),
        ]

    def approvals_view(self, request):
        """Leads to the first work that waits; a POST takes one's last decision back."""
        at = self._asked(request)
        if request.method == "POST":
            return self._take_back(request, at)
        queue = self._queue(request, at)
        if queue:
            return HttpResponseRedirect(approval_address(queue[0][1], at))
        return self._approval_page(request, at, {"title": _("Approve works"), "work": None})

    def approval_view(self, request, pk):
        """One work that waits. GET shows it, POST approves or returns it."""
        at = self._asked(request)
        work = self._work(request, pk)
        queue = self._queue(request, at)
        if request.method == "POST":
            found = self._decide(request, work, at)
            if not isinstance(found, dict):
                return self._go_on(request, work, queue, at)
        elif (work.submitted_at, work.pk) not in queue:
            self._say_decided(request, work)
            return self._go_on(request, work, queue, at)
        else:
            found = {}
        return self._approval_page(request, at, self._shown(work, queue, at) | found)

    # --- The queue ----------------------------------------------------------------------------

    def _asked(self, request):
        """The exhibition of the address, or None; 403 for whoever approves nothing."""
        if not RIGHTS.may(request.user, "approve_work"):
            raise PermissionDenied
        key = request.GET.get("exhibition")
        if key is None:
            return None
        found = row_key(key) and Exhibition.objects.visible_to(request.user).filter(pk=key).first()
        if not found:
            raise Http404
        return found

    def _queue(self, request, at):
        """[(when it was submitted, key)] of the works that wait, in order."""
        works = RIGHTS.rows(request.user, "approve_work", Work.objects.all())
        rows = works.visible_to(request.user).waiting_for_approval(at)
        return list(rows.values_list("submitted_at", "pk"))

    def _work(self, request, pk):
        works = Work.objects.visible_to(request.user).filter(pk=pk)
        related = ("technique", "centre", "year", "course__programme")
        places = Prefetch("showings", Showing.objects.select_related("exhibition"))
        works = works.select_related(*related).prefetch_related(places)
        work = services.with_texts(works).first()
        if work is None:
            raise Http404
        if not RIGHTS.may(request.user, "approve_work", work):
            raise PermissionDenied
        return work

    def _go_on(self, request, work, queue, at):
        """To the work that comes after this one, from the beginning again after the last."""
        following, _before, _place = _neighbours(work, queue)
        address = approval_address(following, at) if following else approvals_address(at)
        return HttpResponseRedirect(address)

    # --- Deciding -----------------------------------------------------------------------------

    def _decide(self, request, work, at):
        """Do what was pressed. Returns what the page shows of a refusal, or None when it is done."""
        since, shown = timezone.now(), request.POST.get("shown")
        act = self._return if "return" in request.POST else self._approve
        try:
            with transaction.atomic():
                found = act(request, work, at, shown)
        except Conflict:
            work.refresh_from_db()
            self._say_decided(request, work)
            return None
        except PermissionDenied:
            raise
        except ValidationError as refusal:
            return {"refused": refusal.messages, "note": request.POST.get("note", "")}
        say_after_act(request, since)
        return found

    def _approve(self, request, work, at, shown):
        form = ApprovalForm(request.POST, work=work, offered=self._offered(work), at=at)
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        without_makers = form.cleaned_data.get("without_makers", False)
        exhibitions = list(form.cleaned_data["exhibitions"])
        for exhibition in exhibitions:
            services.approve_work(
                work=work,
                exhibition=exhibition,
                by=request.user,
                without_makers=without_makers,
                shown=shown,
            )
            shown = None  # the others are one act with the first
        names = ", ".join(str(exhibition) for exhibition in exhibitions)
        said = _("%(work)s is approved: %(exhibitions)s") % {"work": work, "exhibitions": names}
        self._say_done(request, said, _undo_code("approved", work, exhibitions))

    def _return(self, request, work, at, shown):
        note = request.POST.get("note", "")
        services.return_work(work=work, note=note, by=request.user, shown=shown)
        said = _("%(work)s is returned to the teacher.") % {"work": work}
        self._say_done(request, said, _undo_code("returned", work))

    def _say_done(self, request, said, code):
        """What was done, with the button that undoes it; its form stands on every page of these."""
        button = '{} <button type="submit" form="take-back" name="{}" value="{}">{}</button>'
        told = format_html(button, said, TAKE_BACK, code, _("Take it back"))
        self.message_user(request, told, messages.SUCCESS)

    def _say_decided(self, request, work):
        """Who decided about the work meanwhile, and what."""
        last = work.history.select_related("history_user").first()
        who = (last and last.history_user) or _("The system")
        said = _("%(work)s does not wait any more: %(state)s (%(who)s).") % {
            "work": work,
            "state": work.get_state_display(),
            "who": who,
        }
        self.message_user(request, said, messages.WARNING)

    def _take_back(self, request, at):
        act, work, exhibitions = self._undone(request)
        try:
            if act == "approved":
                services.take_approval_back(work=work, exhibitions=exhibitions, by=request.user)
            else:
                services.take_return_back(work=work, by=request.user)
        except ValidationError as refusal:
            self.message_user(request, sentence_of(refusal), messages.WARNING)
            return HttpResponseRedirect(approvals_address(at))
        self.message_user(request, _("Taken back: %(work)s") % {"work": work}, messages.SUCCESS)
        return HttpResponseRedirect(approval_address(work.pk, at))

    def _undone(self, request):
        """(act, work, keys of exhibitions) of the pressed button; 404 for one that we did not make."""
        act, *keys = request.POST.get(TAKE_BACK, "").split() or [""]
        if act not in ("approved", "returned") or not keys or None in map(row_key, keys):
            raise Http404
        return act, self._work(request, keys[0]), keys[1:]

    # --- The page -----------------------------------------------------------------------------

    @staticmethod
    def _offered(work):
        waiting = [row.exhibition for row in work.showings.all() if row.approved_at is None]
        if waiting:
            return waiting
        ahead = Exhibition.objects.not_over().exclude(state=ExhibitionState.CANCELLED)
        return list(ahead[:MOST_OFFERED])

    def _shown(self, work, queue, at):
        following, before, place = _neighbours(work, queue)
        offered = self._offered(work)
        edit = self.url("change", work.pk)
        photos = list(work.photos.all())
        return {
            "title": str(work),
            "work": work,
            "edit": edit,
            "photos": photos,
            "facts": _facts(work),
            "makers": _makers(work),
            "texts": _texts(work),
            "warnings": _warnings(work, photos, edit),
            "form": ApprovalForm(work=work, offered=offered, at=at),
            "elsewhere": [row.exhibition for row in work.showings.all() if row.approved_at],
            "shown": services.waits_for(work),
            "place": place,
            "count": len(queue),
            "before": before and approval_address(before, at),
            "following": following and approval_address(following, at),
        }

    def _approval_page(self, request, at, context):
        return TemplateResponse(
            request,
            "admin/exhibitions/approval.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "at": at,
                "take_back": approvals_address(at),
                **context,
            },
        )


def approvals_address(at=None):
    """The page that leads to the first work that waits, of all exhibitions or of one."""
    return _with(reverse("admin:exhibitions_work_approvals"), at)


def approval_address(key, at=None):
    """The page that shows the work with this key to whoever approves it."""
    return _with(reverse("admin:exhibitions_work_approval", args=[key]), at)


def _with(address, at):
    return f"{address}?{urlencode({'exhibition': at.pk})}" if at else address


def _undo_code(act, work, exhibitions=()):
    return " ".join([act, str(work.pk), *(str(one.pk) for one in exhibitions)])


def _neighbours(work, queue):
    """The keys of the works after and before a work, and its place among them; the queue is a ring."""
    others = [row for row in queue if row[1] != work.pk]
    place = bisect(others, _in_order((work.submitted_at, work.pk)), key=_in_order)
    if not others:
        return None, None, place + 1
    return others[place % len(others)][1], others[place - 1][1], place + 1


def _in_order(row):
    """As the database orders the queue: without a moment first."""
    moment, key = row
    return (moment is not None, moment.timestamp() if moment else 0, key)


def _facts(work):
    """[(what, words)] of a work, without what it does not tell."""
    rows = [
        (_("technique"), work.technique),
        (_("measures"), work.size),
        (_("course"), work.course and f"{work.course.programme} {work.course.group}".strip()),
        (_("course centre"), work.centre),
        (_("teacher"), work.teacher),
        (_("education year"), work.year),
        (_("sale"), work.get_sale_status_display()),
        (_("price (TL)"), work.price),
        (_("inventory number"), work.number),
        (_("submitted"), work.submitted_at and date_format(timezone.localtime(work.submitted_at))),
    ]
    return [(what, words) for what, words in rows if words not in (None, "")]


def _texts(work):
    """[(what, in Turkish, in English)] of the texts that visitors read in both languages."""
    names = ("title", "materials", "text")
    rows = [
        (work._meta.get_field(name).verbose_name, getattr(work, name), getattr(work, f"{name}_en"))
        for name in names
    ]
    return [row for row in rows if row[1] or row[2]]


def _makers(work):
    """The makers, each with what they wish, what they agree to, and how label and web name them."""
    rows = Maker.objects.filter(work=work).with_public_names(Surface.LABEL)
    labels = rows.annotate(on_photos=agrees_to(Purpose.PHOTO)).in_bulk()
    makers = list(work.makers.all())
    for maker in makers:
        on_label = labels.get(maker.pk, maker)
        maker.surfaces = [
            (surface.label, row.consents, row.public_name or _unnamed(maker))
            for surface, row in ((Surface.LABEL, on_label), (Surface.WEB, maker))
        ]
        maker.on_photos = getattr(on_label, "on_photos", False)
        maker.young = maker.trainee is not None and maker.trainee.is_minor()
    return makers


def _unnamed(maker):
    """How labels and pages call a maker without a name."""
    if maker.teacher_id:
        return ngettext("İZMEK teacher", "%(count)d İZMEK teachers", 1) % {"count": 1}
    return ngettext("İZMEK trainee", "%(count)d İZMEK trainees", 1) % {"count": 1}


def _warnings(work, photos, edit):
    """[(sentence, address where it is mended)] of what visitors would miss or must not read."""
    at_photos = f"{edit}#photos-group"
    found = []
    if not photos:
        found.append((_("It has no photo."), at_photos))
    count = sum(not photo.alt and not photo.decorative for photo in photos)
    if count:
        said = ngettext(
            "%(count)d photo has no description for people who do not see it.",
            "%(count)d photos have no description for people who do not see them.",
            count,
        )
        found.append((said % {"count": count}, at_photos))
    if any(photo.people == PeopleOn.TRAINEES for photo in photos):
        agreed = set(work.photos.agreed().values_list("pk", flat=True))
        if any(photo.pk not in agreed for photo in photos):
            said = _(
                "Somebody on a photo does not consent to be recognised: visitors do not see it."
            )
            found.append((said, at_photos))
    if not work.makers.all():
        found.append((_("Nobody is recorded as its maker."), f"{edit}#makers-group"))
    for named in services.names_in_work(work):
        said = _("%(place)s: it names %(who)s, who does not consent to a name on the web.")
        found.append((said % {"place": named.place, "who": named.who}, edit))
    return found
