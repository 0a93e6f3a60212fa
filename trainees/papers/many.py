"""The papers of many courses as one ZIP file: a job (`izmek.acts.jobs`), made by the worker.

The options are {"courses": keys, "papers": slugs, "form": a key of FORMS, "blank": bool}. Typst works
beside the database: a process for each course, two at a time, so that memory does not grow with them.
"""

import io
import zipfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Course
from izmek.acts import jobs
from izmek.acts.audit import log_access_to_many
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal
from izmek.papers.typst import pdfs
from izmek.sheets.writing import write_tables
from izmek.text.fold import slug as make_slug
from izmek.text.order import tr_order
from trainees.papers.course import PAPERS, contents_of, sheets_of
from trainees.papers.record import Record, courses_to_print, has_people

KIND = "course_papers"
FORMS = {
    "pdf": gettext_lazy("To print (PDF)"),
    "xlsx": gettext_lazy("Excel (XLSX)"),
    "csv": gettext_lazy("CSV"),
}
MOST = 200  # courses in one file
AT_A_TIME = 2  # courses whose papers Typst lays out


def check_courses(courses, user, *, blank):
    """Raise Refusal if nothing can be printed of some courses (a list of keys), or not of all of them."""
    if len(courses) > MOST:
        raise Refusal(
            _("Choose at most %(most)d courses at once: these are %(count)d."),
            params={"most": MOST, "count": len(courses)},
            code="many",
        )
    if courses_to_print(user).filter(pk__in=courses).count() < len(courses):
        raise Refusal(
            _("One of the courses is not there any more, or you do not see who attends it."),
            code="gone",
        )
    if not blank and not has_people(courses):
        raise Refusal(
            ngettext(
                "Nobody attends this course: there is nothing to print but blank copies.",
                "Nobody attends these courses: there is nothing to print but blank copies.",
                len(courses),
            ),
            code="empty",
        )


class CoursePapersJob(jobs.OfAMoment):
    """The papers of some courses as a ZIP, in a folder for each; a course without people is left out."""

    def file_type(self, job):
        return "application/zip"

    def title(self, job):
        keys = job.options["courses"]
        if len(keys) == 1:
            return f"{_('Papers of the course')} – {job.object}"
        return ngettext("Papers of %(count)d course", "Papers of %(count)d courses", len(keys)) % {
            "count": len(keys)
        }

    def file_name(self, job):
        return f"kurs-belgeleri-{timezone.localdate():%Y-%m-%d}.zip"

    def ordered_on(self, job):
        if isinstance(job.object, Course):
            return reverse("admin:courses_course_papers", args=[job.object_id])
        return reverse("admin:courses_course_changelist")

    def check(self, job):
        check_courses(job.options["courses"], job.by, blank=job.options["blank"])

    def make(self, job, out, report):
        chosen = [PAPERS[slug] for slug in job.options["papers"]]
        courses = self._courses(job)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
            for done, (folder, files) in enumerate(self._made(job, chosen, courses), 1):
                for name, content in files:
                    box.writestr(f"{folder}/{name}", content)
                report(done, len(courses))
        names = ", ".join(str(paper.name) for paper in chosen)
        return jobs.MadeFile(self.fingerprint(job), fields=names, reason=self._words(job, courses))

    def note(self, job):
        """Blank copies name nobody; else it is noted at each course."""
        if not job.options["blank"]:
            courses = [course.pk for course in self._courses(job)]
            log_access_to_many(Access.EXPORTED, Course, courses, by=job.by, **job.words)

    def _courses(self, job):
        """The courses that are printed, by name."""
        keys = job.options["courses"]
        keys = keys if job.options["blank"] else has_people(keys)
        order = (tr_order("centre__name"), tr_order("programme__name"), "group", "pk")
        return list(courses_to_print(job.by).filter(pk__in=keys).order_by(*order))

    def _words(self, job, courses):
        count = ngettext("%(count)d course", "%(count)d courses", len(courses))
        return f"ZIP, {job.options['form']}: {count % {'count': len(courses)}}"

    def _made(self, job, chosen, courses):
        """(folder, [(name of a file, its bytes)]) of each course; the next is read while Typst works."""
        form = job.options["form"]
        with ThreadPoolExecutor(max_workers=AT_A_TIME) as typst:
            waiting = deque()
            for course in courses:
                record = Record(course, job.by, blank=job.options["blank"])
                if form == "pdf":
                    contents = [contents_of([paper], record) for paper in chosen]
                    made = typst.submit(pdfs, contents).result
                else:
                    made = partial(list, [_sheet(paper, record, form) for paper in chosen])
                waiting.append((_folder(course), made))
                if len(waiting) > AT_A_TIME:
                    yield self._named(chosen, form, *waiting.popleft())
            while waiting:
                yield self._named(chosen, form, *waiting.popleft())

    def _named(self, chosen, form, folder, made):
        names = (f"{paper.slug}.{form}" for paper in chosen)
        return folder, list(zip(names, made(), strict=True))


def _folder(course):
    """The name of the folder of a course: no other course has it."""
    return make_slug(f"{course} {course.number} {course.pk}")


def _sheet(paper, record, form):
    file = io.BytesIO()
    with translation.override("tr"):
        write_tables(file, form, *sheets_of([paper], record))
    return file.getvalue()
