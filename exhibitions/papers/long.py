"""Papers of many works as jobs (`izmek.acts.jobs`): made by the worker, given out to who ordered them.

The options are {"paper": slug, "centre": key or None, "day": of sales, or None}. What such a paper prints
is that of the works that its orderer may print now; so its fingerprint changes with a consent, a title, a
photo – and with a role.
"""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import CourseCentre
from exhibitions.papers.sales import sold_at
from exhibitions.papers.wall import PAPERS, contents_of
from exhibitions.papers.works import approved, works_of
from exhibitions.rights import RIGHTS
from izmek.acts import jobs
from izmek.acts.audit import log_access
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal
from izmek.papers.parts import write_pdf

KIND = "exhibition_paper"


def approved_to_print(exhibition, user):
    """The approved showings of an exhibition that the user may print, in order."""
    return approved(exhibition, _who_prints(exhibition, user))


def works_to_print(paper, exhibition, user, centre=None, day=None):
    """The same, with all that a paper or a sheet prints of them; of one of sales what was sold, on a `day`.

    `centre`: the key of the only one wanted.
    """
    user = _who_prints(exhibition, user)
    showings = sold_at(exhibition, user, day) if paper.of_sales else works_of(exhibition, user)
    return [row for row in showings if centre is None or row.work.centre_id == centre]


def _who_prints(exhibition, user):
    """The user with the roles that print papers of the exhibition; raises NotAllowed without one."""
    RIGHTS.require(user, "print_papers", exhibition)
    return RIGHTS.acting(user, "print_papers")


def note_export(paper, exhibition, count, by):
    """Whoever prints names of makers stands in the access log."""
    log_access(Access.EXPORTED, exhibition, by=by, **export_words(paper, count))


def export_words(paper, count):
    """What the access log says of a paper with so many works."""
    return {"fields": "makers", "reason": f"{paper.slug}.pdf: {count}"}


class PaperJob(jobs.Kind):
    def title(self, job):
        name = f"{self._paper(job).name} – {job.object}"
        centre = CourseCentre.objects.filter(pk=job.options["centre"]).first()
        return f"{name}, {centre}" if centre else name

    def file_name(self, job):
        return f"{job.object.slug}-{job.options['paper']}.pdf"

    def ordered_on(self, job):
        page = reverse("admin:exhibitions_exhibition_papers", args=[job.object_id])
        centre = job.options["centre"]
        return f"{page}?merkez={centre}" if centre else page

    def check(self, job):
        if job.object is None:
            raise Refusal(_("The exhibition was deleted."), code="gone")
        works = approved_to_print(job.object, job.by)
        if job.options["centre"]:
            works = works.filter(work__centre=job.options["centre"])
        if not (self._paper(job).of_sales or works.exists()):
            raise Refusal(_("There is no approved work to print yet."), code="empty")

    def make(self, job, out, report):
        works = self._works(job)
        contents = contents_of(self._paper(job), job.object, works)
        write_pdf(contents, out, report)
        words = export_words(self._paper(job), len(works))
        return jobs.MadeFile(contents.fingerprint, **words)

    def fingerprint(self, job):
        return contents_of(self._paper(job), job.object, self._works(job)).fingerprint

    def _paper(self, job):
        return PAPERS[job.options["paper"]]

    def _works(self, job):
        centre, day = job.options["centre"], job.options.get("day")
        day = day and date.fromisoformat(day)
        return works_to_print(self._paper(job), job.object, job.by, centre, day)
