"""The page on which certificates are printed: for a course, a centre, a year; and their ceremony.

Of up to AT_ONCE certificates a paper is made for the request that asks, of more it is ordered as a job.
Who takes out those of several people says first who they are, however many.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from courses.models import Course, CourseCentre, EducationYear
from izmek.accounts.confirming import confirm
from izmek.acts import jobs
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import visible
from izmek.admin.jobs import job_address, jobs_about
from izmek.admin.ready_sheets import hand_out
from izmek.text.codes import row_key
from izmek.text.order import tr_order
from trainees.enums import CertificateState
from trainees.models import Certificate, PrintOffset
from trainees.papers.certificates import (
    AT_ONCE,
    KIND,
    PAPERS,
    Selection,
    left_out_words,
    printed,
)
from trainees.rights import RIGHTS
from trainees.sheets.certificates import calling_list

PRE_PRINTED = "hazir-kagit"
NOTHING = gettext_lazy("There is no valid certificate to print.")


class OffsetForm(forms.ModelForm):
    class Meta:
        model = PrintOffset
        fields = ("right", "down")
        localized_fields = ("right", "down")


def printed_answer(slug, certificates, *, name="", **options):
    """The answer with a PDF that is nobody else's business; arguments and Refusal as of `printed`."""
    return HttpResponse(
        printed(slug, certificates, **options),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name or slug}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


def selection_of(user, asked):
    """The Selection that an address asks for; a course counts unless another year or centre was chosen.

    Without a year it is that of the course, or of what was issued last. Raises Http404 out of scope.
    """
    keys = {name: row_key(asked.get(name, "")) for name in ("year", "centre", "course")}
    if keys["course"]:
        course = visible(Course, user).filter(pk=keys["course"]).select_related("term").first()
        if course is None:
            raise Http404
        own = {"year": course.term.year_id, "centre": course.centre_id}
        if any(keys[name] not in (None, own[name]) for name in own):
            keys["course"] = None
        else:
            keys |= own
    if not EducationYear.objects.filter(pk=keys["year"]).exists():
        newest = Certificate.objects.order_by("-issued_at", "-pk")
        keys["year"] = newest.values_list("enrolment__course__term__year", flat=True).first()
    return Selection(**keys, waiting=bool(asked.get("waiting")))


class CertificatePapers:
    """The part of CertificateAdmin that prints."""

    def get_urls(self):
        name = "trainees_certificate"
        return [
            path("papers/", self.guarded(self.papers_view), name=f"{name}_papers"),
            path("papers/list/", self.guarded(self.sheet_view), name=f"{name}_sheet"),
            path("papers/<slug:slug>.pdf", self.guarded(self.paper_view), name=f"{name}_paper"),
            path("<int:pk>/certificate.pdf", self.guarded(self.pdf_view), name=f"{name}_pdf"),
            path(
                "<int:pk>/pre-printed.pdf",
                self.guarded(self.pdf_view),
                {"slug": PRE_PRINTED},
                name=f"{name}_pre_printed",
            ),
            *super().get_urls(),
        ]

    def list_tools(self, request):
        tools = super().list_tools(request)
        if RIGHTS.may(request.user, "print_certificates"):
            tools.insert(0, (gettext("Print and ceremony"), self.url("papers")))
        return tools

    def pdf_view(self, request, pk, slug="belgeler"):
        """One certificate, as it is framed, or on pre-printed paper."""
        certificate = self.object_to_act(request, self.pdf, str(pk))
        if certificate.state != CertificateState.VALID:
            raise Http404
        options = {"about": certificate, "by": request.user}
        options |= {"offset": PrintOffset.objects.of(request.user)}
        name = f"katilim-belgesi-{certificate.number}"
        try:
            return printed_answer(slug, [certificate], name=name, **options)
        except Refusal as refusal:
            return self._not_printed(request, sentence_of(refusal), self.url("change", pk))

    def papers_view(self, request):
        """What can be printed of the chosen certificates; POST remembers the offset of the printer."""
        self._require(request)
        user = request.user
        selection = selection_of(user, request.GET)
        offset = PrintOffset.objects.filter(by=user).first() or PrintOffset(by=user)
        form = OffsetForm(request.POST or None, instance=offset)
        if request.method == "POST" and form.is_valid():
            form.save()
            self.message_user(
                request, gettext("The offset is kept for your next prints."), messages.SUCCESS
            )
            return HttpResponseRedirect(f"{self.url('papers')}?{selection.as_query()}")
        count = selection.certificates(user).count()
        year = EducationYear.objects.filter(pk=selection.year).first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Print certificates"),
            "selection": selection,
            "asked": selection.as_query(),
            "years": EducationYear.objects.order_by("-begin"),
            "centres": visible(CourseCentre, user).order_by(tr_order("name")),
            "courses": self._courses(user, selection),
            "count": count,
            "left_out": left_out_words(selection.left_out(user)),
            "takes_long": count > AT_ONCE,
            "papers": PAPERS.values(),
            "waiting_list": self._waiting_list(selection),
            "pre_printed": PRE_PRINTED,
            "jobs": jobs_about(year, KIND, user) if year else [],
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(
            request,
            "admin/trainees/certificate_papers.html",
            context,
            status=400 if form.is_bound else 200,
        )

    def paper_view(self, request, slug):
        """One of PAPERS: of few certificates made now, of many ordered by a POST."""
        self._require(request)
        if slug not in PAPERS:
            raise Http404
        user = request.user
        selection = selection_of(user, request.GET)
        confirm(request)
        page = f"{self.url('papers')}?{selection.as_query()}"
        offset = [float(one) for one in PrintOffset.objects.of(user)]
        rows = list(selection.certificates(user).select_related("enrolment__course")[: AT_ONCE + 1])
        if not rows:
            return self._not_printed(request, NOTHING, page)
        if len(rows) > AT_ONCE:
            return self._ordered(request, slug, selection, offset, page)
        options = {"about": self._about(selection), "by": user}
        options |= {"in_words": selection.in_words(), "offset": offset}
        try:
            return printed_answer(slug, rows, **options)
        except Refusal as refusal:
            return self._not_printed(request, sentence_of(refusal), page)

    def sheet_view(self, request):
        """The calling list as a spreadsheet, for the card on each chair."""
        self._require(request)
        selection = selection_of(request.user, request.GET)
        rows = list(selection.certificates(request.user).select_related("enrolment__course"))
        if not rows:
            page = f"{self.url('papers')}?{selection.as_query()}"
            return self._not_printed(request, NOTHING, page)
        with translation.override("tr"):
            table = calling_list(rows, selection.in_words())
        name = PAPERS["cagri-listesi"].name
        return hand_out(request, table, name=name, about=self._about(selection))

    def _ordered(self, request, slug, selection, offset, page):
        """Order a long paper; the address alone orders nothing."""
        if request.method != "POST":
            return HttpResponseRedirect(page)
        options = {
            "paper": slug,
            "centre": selection.centre,
            "course": selection.course,
            "waiting": selection.waiting,
            "offset": offset if slug == PRE_PRINTED else [0, 0],
        }
        year = EducationYear.objects.get(pk=selection.year)
        try:
            job = jobs.order(kind=KIND, about=year, by=request.user, options=options)
        except Refusal as refusal:
            return self._not_printed(request, sentence_of(refusal), page)
        return HttpResponseRedirect(job_address(job))

    def _not_printed(self, request, sentence, page):
        self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(page)

    def _require(self, request):
        if not RIGHTS.may(request.user, "print_certificates"):
            raise PermissionDenied

    def _courses(self, user, selection):
        """The courses of the chosen year and centre with certificates, to choose one."""
        if not (
            selection.year and selection.centre
        ):  # those of all centres are too many to choose from
            return []
        printable = RIGHTS.rows(user, "print_certificates", Certificate.objects.valid())
        issued = printable.order_by().values("enrolment__course")
        rows = Course.objects.filter(
            pk__in=issued, term__year=selection.year, centre=selection.centre
        )
        rows = rows.select_related("programme", "centre")
        return rows.order_by(tr_order("programme__name"), "group", "pk")

    def _waiting_list(self, selection):
        """The address of the list of those that nobody has collected, to note who has."""
        asked = {"year": selection.year or "all", "handed_over": "no"}
        for name in ("centre", "course"):
            path = "enrolment__course__centre" if name == "centre" else "enrolment__course"
            if key := getattr(selection, name):
                asked[f"{path}__id__exact"] = key
        return f"{self.url('changelist')}?{urlencode(asked)}"

    def _about(self, selection):
        """The row at which the access log notes the paper."""
        if selection.course:
            return Course.objects.get(pk=selection.course)
        return EducationYear.objects.get(pk=selection.year)
