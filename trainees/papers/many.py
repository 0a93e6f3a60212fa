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
from trainees.papers.course import PAPERS, contents_of, sheets_of, those_of
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
        courses, rows, people = self._courses(job), [], set()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
            for done, (record, files) in enumerate(self._made(job, chosen, courses), 1):
                for name, content in files:
                    box.writestr(f"{_folder(record.course)}/{name}", content)
                if record.people:
                    rows.append(record.course.pk)
                    people |= record.people
                report(done, len(courses))
        names = ", ".join(str(paper.name) for paper in chosen)
        said = self._words(job, len(rows), len(people))
        return jobs.MadeFile(self.fingerprint(job), fields=names, reason=said, rows=rows)

    def note(self, job):
        """At each course whose people are named in the file."""
        words = dict(job.words)
        rows = words.pop("rows", ())
        log_access_to_many(Access.EXPORTED, Course, rows, by=job.by, **words)

    def _courses(self, job):
        """The courses that are printed, by name."""
        keys = job.options["courses"]
        keys = keys if job.options["blank"] else has_people(keys)
        order = (tr_order("centre__name"), tr_order("programme__name"), "group", "pk")
        return list(courses_to_print(job.by).filter(pk__in=keys).order_by(*order))

    def _words(self, job, courses, people):
        of = ngettext("%(count)d course", "%(count)d courses", courses) % {"count": courses}
        who = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
        return f"ZIP, {job.options['form']}: {of}, {who}"

    def _made(self, job, chosen, courses):
        """(Record, [(name of a file, its bytes)]) of each course; the next is read while Typst works."""
        form = job.options["form"]
        with ThreadPoolExecutor(max_workers=AT_A_TIME) as typst:
            waiting = deque()
            for course in courses:
                record = Record(course, job.by, blank=job.options["blank"])
                own = those_of(chosen, record)
                if form == "pdf":
                    contents = [contents_of([paper], record) for paper in own]
                    made = typst.submit(pdfs, contents).result
                else:
                    made = partial(list, [_sheet(paper, record, form) for paper in own])
                waiting.append((record, [f"{paper.slug}.{form}" for paper in own], made))
                if len(waiting) > AT_A_TIME:
                    yield _named(*waiting.popleft())
            while waiting:
                yield _named(*waiting.popleft())


def _named(record, names, made):
    return record, list(zip(names, made(), strict=True))


def _folder(course):
    """The name of the folder of a course: no other course has it."""
    return f"{make_slug(f'{course} {course.number}')}-{course.pk}"  # a slug is cut at its end


def _sheet(paper, record, form):
    file = io.BytesIO()
    with translation.override("tr"):
        write_tables(file, form, *sheets_of([paper], record))
    return file.getvalue()
