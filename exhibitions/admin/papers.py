"""The printed papers of an exhibition: a list page, and each paper as a PDF made on request."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exhibitions.papers import catalogue
from exhibitions.papers.wall import PAPERS, print_paper
from exhibitions.papers.works import not_printable, works_of
from exhibitions.rights import RIGHTS
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.admin import object_link
from izmek.text.codes import row_key
from izmek.text.order import sort_key


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
            path("<int:pk>/papers/", self.guarded(self.papers_view), name=f"{name}_papers"),
            path(
                "<int:pk>/papers/<slug:slug>.pdf",
                self.guarded(self.paper_view),
                name=f"{name}_paper",
            ),
            *super().get_urls(),
        ]

    def papers_view(self, request, pk):
        """The papers that can be printed, for all centres or for one."""
        exhibition = self.object_to_act(request, self.papers, str(pk))
        showings = works_of(exhibition, RIGHTS.acting(request.user, "print_papers"))
        centres = {showing.work.centre for showing in showings}
        chosen = self._centre(request, centres)
        count = sum(chosen is None or showing.work.centre == chosen for showing in showings)
        return TemplateResponse(
            request,
            "admin/exhibitions/papers.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": exhibition,
                "title": _("Printed papers"),
                "papers": [(paper, paper.parts(count)) for paper in PAPERS.values()],
                "centres": sorted(centres, key=lambda centre: sort_key(centre.name)),
                "chosen": chosen,
                "count": count,
                "lost": [
                    (
                        row,
                        reverse(f"admin:exhibitions_{row._meta.model_name}_change", args=[row.pk]),
                        signs,
                    )
                    for row, signs in not_printable(exhibition, showings)
                ],
                "has_catalogue": showings and catalogue.is_public(exhibition),
            },
        )

    def paper_view(self, request, pk, slug):
        """One paper, made for this request and not stored; names of makers are logged as an export."""
        exhibition = self.object_to_act(request, self.papers, str(pk))
        paper = PAPERS.get(slug)
        if paper is None:
            raise Http404
        showings = works_of(exhibition, RIGHTS.acting(request.user, "print_papers"))
        centre = self._centre(request, {showing.work.centre for showing in showings})
        showings = [row for row in showings if centre is None or row.work.centre == centre]
        parts = paper.parts(len(showings))
        name = f"{exhibition.slug}-{paper.slug}"
        if parts:
            part = row_key(request.GET.get("parca", "")) or 0
            if not 1 <= part <= len(parts):
                return HttpResponseRedirect(self.url("papers", exhibition.pk))
            first, last = parts[part - 1]
            showings = showings[first - 1 : last]
            name = f"{name}-{part}"
        if paper.names_makers:
            if not showings:
                self.message_user(
                    request, _("There is no approved work to print yet."), messages.WARNING
                )
                return HttpResponseRedirect(self.url("papers", exhibition.pk))
            log_access(
                Access.EXPORTED,
                exhibition,
                by=request.user,
                fields="makers",
                reason=f"{paper.slug}.pdf: {len(showings)}",
            )
        return HttpResponse(
            print_paper(paper, exhibition, showings),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{name}.pdf"',
                "Cache-Control": "private, no-store",
            },
        )

    @staticmethod
    def _centre(request, centres):
        """The centre of `?merkez=`, if it is one of these."""
        asked = request.GET.get("merkez", "")
        return next((centre for centre in centres if str(centre.pk) == asked), None)
