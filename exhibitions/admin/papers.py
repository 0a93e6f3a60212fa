"""The printed papers of an exhibition: a list page, and each paper as a PDF.

Of few works it is made on request; of many it is ordered, and its job's page says when it is ready.
"""

from datetime import date

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import CourseCentre
from exhibitions.papers.long import (
    KIND,
    approved_to_print,
    note_export,
    works_to_print,
)
from exhibitions.papers.wall import PAPERS, print_paper
from exhibitions.papers.works import not_printable
from exhibitions.rights import RIGHTS
from exhibitions.sheets.works import SHEETS
from izmek.acts import jobs
from izmek.acts.refusal import Refusal, sentence_of
from izmek.admin import object_link
from izmek.admin.jobs import job_address, jobs_about
from izmek.admin.ready_sheets import hand_out
from izmek.text.order import sort_key


def papers_tab(admin, request, exhibition):
    """The papers that can be printed, for all centres or for one."""
    showings = approved_to_print(exhibition, request.user)
    of_centre = showings.order_by().values_list("work__centre").annotate(Count("pk"))
    counts = dict(of_centre)
    centres = CourseCentre.objects.filter(pk__in=counts)
    chosen = _centre(request, centres)
    count = counts[chosen.pk] if chosen else sum(counts.values())
    lost = [
        (row, reverse(f"admin:exhibitions_{row._meta.model_name}_change", args=[row.pk]), signs)
        for row, signs in not_printable(exhibition, showings)
    ]
    return {
        "papers": [(paper, paper.takes_long(count)) for paper in PAPERS.values()],
        "sheets": SHEETS.values(),
        "jobs": jobs_about(exhibition, KIND, request.user),
        "centres": sorted(centres, key=lambda centre: sort_key(centre.name)),
        "chosen": chosen,
        "count": count,
        "lost": lost,
        "has_catalogue": counts and exhibition.is_public(),
    }


def _centre(request, centres):
    """The centre of `?merkez=`, if it is one of these."""
    asked = request.GET.get("merkez", "")
    return next((centre for centre in centres if str(centre.pk) == asked), None)


def _day(request):
    """The day of `?gun=`, of which the sales are asked; None for all of them. Raises Http404 for no day."""
    asked = request.GET.get("gun", "")
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError as error:
        raise Http404 from error


class PaperPages:
    """The part of ExhibitionAdmin for printing. An officer prints the works of their own centres."""

    papers = object_link(
        gettext_lazy("Printed papers"),
        lambda exhibition: reverse("admin:exhibitions_exhibition_papers", args=[exhibition.pk]),
        may=RIGHTS.asks("print_papers"),
    )

    def get_urls(self):
        name = "exhibitions_exhibition"
        return [
            path(
                "<int:pk>/papers/<slug:slug>.pdf",
                self.guarded(self.paper_view),
                name=f"{name}_paper",
            ),
            path(
                "<int:pk>/papers/<slug:slug>/list/",
                self.guarded(self.sheet_view),
                name=f"{name}_sheet",
            ),
            *super().get_urls(),
        ]

    def paper_view(self, request, pk, slug):
        """One paper: of few works made for this request, of many ordered by a POST."""
        exhibition = self.object_to_act(request, self.papers, str(pk))
        paper = PAPERS.get(slug)
        if paper is None:
            raise Http404
        day = _day(request)
        showings = works_to_print(paper, exhibition, request.user, day=day)
        centre = _centre(request, {showing.work.centre for showing in showings})
        showings = [row for row in showings if centre is None or row.work.centre == centre]
        if paper.takes_long(len(showings)):
            return self._ordered(request, exhibition, paper, centre, day)
        if paper.names_makers and (showings or not paper.of_sales):
            if not showings:
                self.message_user(
                    request, _("There is no approved work to print yet."), messages.WARNING
                )
                return HttpResponseRedirect(self.url("papers", exhibition.pk))
            note_export(paper, exhibition, len(showings), request.user)
        return HttpResponse(
            print_paper(paper, exhibition, showings),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{exhibition.slug}-{paper.slug}.pdf"',
                "Cache-Control": "private, no-store",
            },
        )

    def sheet_view(self, request, pk, slug):
        """One list of works as a spreadsheet."""
        exhibition = self.object_to_act(request, self.papers, str(pk))
        sheet = SHEETS.get(slug)
        if sheet is None:
            raise Http404
        showings = works_to_print(sheet, exhibition, request.user, day=_day(request))
        centre = _centre(request, {showing.work.centre for showing in showings})
        showings = [row for row in showings if centre is None or row.work.centre == centre]
        with translation.override("tr"):
            table = sheet.table(exhibition, showings)
        return hand_out(request, table, name=f"{sheet.name} {exhibition.slug}", about=exhibition)

    def _ordered(self, request, exhibition, paper, centre, day):
        """Order a long paper and lead to the page of its job; the address alone orders nothing."""
        if request.method != "POST":
            return HttpResponseRedirect(self.url("papers", exhibition.pk))
        options = {"paper": paper.slug, "centre": centre and centre.pk}
        options["day"] = day and day.isoformat()
        try:
            job = jobs.order(kind=KIND, about=exhibition, by=request.user, options=options)
        except Refusal as refusal:
            self.message_user(request, sentence_of(refusal), messages.WARNING)
            return HttpResponseRedirect(self.url("papers", exhibition.pk))
        return HttpResponseRedirect(job_address(job))
