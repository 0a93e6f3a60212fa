"""The papers of many courses as one ZIP file: a job (`izmek.acts.jobs`), made by the worker.

The options are {"courses": keys, "papers": slugs of ORDERED, "form": a key of FORMS, "blank": bool}. Typst
works beside the database: a process for each course, two at a time, so that memory does not grow with them.
"""

import io
import zipfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Course
from courses.papers.week import week_plan
from izmek.acts import jobs
from izmek.acts.audit import log_access_to_many
from izmek.acts.enums import Access
from izmek.acts.refusal import Refusal
from izmek.papers.kinds import PaperKind, by_slug
from izmek.papers.typst import pdfs
from izmek.sheets.writing import write_tables
from izmek.text.fold import slug as make_slug
from izmek.text.order import tr_order
from trainees.papers.announcement import announcement, can_be_announced
from trainees.papers.course import PAPERS, contents_of, sheets_of, those_of
from trainees.papers.record import Record, courses_to_print, has_people
from trainees.papers.registration import registration_form
from trainees.rights import RIGHTS

KIND = "course_papers"
FORMS = {
    "pdf": gettext_lazy("To print (PDF)"),
    "xlsx": gettext_lazy("Excel (XLSX)"),
    "csv": gettext_lazy("CSV"),
}
MOST = 200  # courses in one file
AT_A_TIME = 2  # courses whose papers Typst lays out


@dataclass(frozen=True)
class PosterPaper(PaperKind):
    """A paper that is no table, and a PDF therefore in every file. `contents(record)`: its Contents.

    `when(course)`: whether the course has it. `act`: of `trainees.rights`, what who takes it out may do.
    `of_people`: it names who attends. `of_centre`: there is one for all courses of a centre.
    """

    contents: Callable | None = None
    when: Callable = lambda course: True
    act: str = ""
    of_people: bool = False
    of_centre: bool = False


def _registration_forms(record):
    record.people.update(seat.trainee_id for seat in record.seats)
    return registration_form(course=record.course, enrolments=record.seats, by=record.user)


def _week_plan(record):
    today = timezone.localdate()
    return week_plan(record.course.centre, today - timedelta(days=today.weekday()))


POSTERS = by_slug(
    PosterPaper(
        "kesin-kayit",
        gettext_lazy("Registration forms"),
        gettext_lazy("One behind the other, to be signed by each; as PDF in any case."),
        _registration_forms,
        act="enrol_in_person",
        of_people=True,
    ),
    PosterPaper(
        "duyuru",
        gettext_lazy("Announcement for the notice board"),
        gettext_lazy(
            "With a QR code, of courses that are public and not over; as PDF in any case."
        ),
        lambda record: announcement(record.course.pk),
        when=can_be_announced,
    ),
    PosterPaper(
        "oda-plani",
        gettext_lazy("Room plan of this week"),
        gettext_lazy("One for each course centre, beside the folders; as PDF in any case."),
        _week_plan,
        of_centre=True,
    ),
)
ORDERED = PAPERS | POSTERS


def papers_to_order(user):
    """Those of ORDERED that the user may take out of some course at least."""
    posters = {
        slug: one for slug, one in POSTERS.items() if not one.act or RIGHTS.may(user, one.act)
    }
    return PAPERS | posters


def check_courses(courses, user, *, blank, papers=()):
    """Raise Refusal if nothing can be printed of some courses (a list of keys), or not of all of them.

    `papers`: the slugs that were chosen; none of them yet: whether any could be.
    """
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
    for act in {POSTERS[slug].act for slug in papers if slug in POSTERS} - {""}:
        if RIGHTS.rows(user, act, Course.objects.filter(pk__in=courses)).count() < len(courses):
            raise Refusal(
                _(
                    "You do not register people for all of these courses: order without their forms."
                ),
                code="act",
            )
    if not (blank or has_people(courses) or _without_people(papers, courses, user)):
        raise Refusal(
            ngettext(
                "Nobody attends this course: there is nothing to print but blank copies.",
                "Nobody attends these courses: there is nothing to print but blank copies.",
                len(courses),
            ),
            code="empty",
        )


def _without_people(papers, courses, user):
    """Whether a paper was chosen that can be made of some of the courses even if nobody attends."""
    chosen = [POSTERS[slug] for slug in papers if slug in POSTERS and not POSTERS[slug].of_people]
    rows = courses_to_print(user).filter(pk__in=courses)
    return any(one.when(course) for one in chosen for course in rows)


class CoursePapersJob(jobs.OfAMoment):
    """The papers of some courses as a ZIP, in a folder for each.

    Of a course without people there is only what names nobody.
    """

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
        options = job.options
        check_courses(options["courses"], job.by, blank=options["blank"], papers=options["papers"])

    def make(self, job, out, report):
        chosen = [ORDERED[slug] for slug in job.options["papers"]]
        courses, rows, people = self._courses(job), [], set()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
            for done, (record, files) in enumerate(self._made(job, chosen, courses), 1):
                for name, content in files:
                    box.writestr(name, content)
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
        """The courses that are asked for, by name."""
        keys = job.options["courses"]
        order = (tr_order("centre__name"), tr_order("programme__name"), "group", "pk")
        return list(courses_to_print(job.by).filter(pk__in=keys).order_by(*order))

    def _words(self, job, courses, people):
        of = ngettext("%(count)d course", "%(count)d courses", courses) % {"count": courses}
        who = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
        return f"ZIP, {job.options['form']}: {of}, {who}"

    def _made(self, job, chosen, courses):
        """(Record, [(name of a file, its bytes)]) of each course; the next is read while Typst works."""
        form, blank = job.options["form"], job.options["blank"]
        tables = [paper for paper in chosen if paper.slug in PAPERS]
        posters = [paper for paper in chosen if paper.slug in POSTERS]
        attended, centres = has_people([course.pk for course in courses]), set()
        with ThreadPoolExecutor(max_workers=AT_A_TIME) as typst:
            waiting = deque()
            for course in courses:
                record = Record(course, job.by, blank=blank)
                printed = blank or course.pk in attended
                own = those_of(tables, record) if printed else []
                names = [_path(paper, course, form) for paper in own]
                contents = [contents_of([paper], record) for paper in own if form == "pdf"]
                sheets = [_sheet(paper, record, form) for paper in own if form != "pdf"]
                for paper in posters:
                    if not paper.when(course) or (paper.of_people and not printed):
                        continue
                    if paper.of_centre and course.centre_id in centres:
                        continue
                    names.append(_path(paper, course, "pdf"))
                    contents.append(paper.contents(record))
                centres.add(course.centre_id)
                waiting.append((record, names, sheets, typst.submit(pdfs, contents)))
                if len(waiting) > AT_A_TIME:
                    yield _named(*waiting.popleft())
            while waiting:
                yield _named(*waiting.popleft())


def _named(record, names, sheets, made):
    return record, list(zip(names, [*sheets, *made.result()], strict=True))


def _path(paper, course, form):
    """Where the file of a paper lies in the ZIP."""
    if getattr(paper, "of_centre", False):
        return f"{paper.slug}-{course.centre.slug}.{form}"
    return f"{_folder(course)}/{paper.slug}.{form}"


def _folder(course):
    """The name of the folder of a course: no other course has it."""
    return f"{make_slug(f'{course} {course.number}')}-{course.pk}"  # a slug is cut at its end


def _sheet(paper, record, form):
    file = io.BytesIO()
    with translation.override("tr"):
        write_tables(file, form, *sheets_of([paper], record))
    return file.getvalue()
