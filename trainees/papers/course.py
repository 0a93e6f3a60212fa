"""The papers of a course: which there are, and each as a PDF/UA-1 or as tables of a spreadsheet.

They are in Turkish, with the titles, sentences and signature lines of the course's education year.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext_lazy

from courses.services import who_teaches
from izmek.papers import typst as papers
from izmek.papers.kinds import PaperKind, by_slug
from izmek.papers.signs import unprintable
from izmek.papers.typst import breakable
from trainees.papers.lists import class_list, guardians_of, sign_in_list
from trainees.papers.record import TO_FILL_IN
from trainees.papers.results import exam_record, marks_list, outcome_list
from trainees.papers.roll import monthly_roll

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "course-paper.typ"
ALL = "hepsi"  # all papers in one file
TEACHER, CENTRE, HEM = "teacher", "centre", "hem"


@dataclass(frozen=True)
class CoursePaper(PaperKind):
    """A paper of a course that is a table.

    `words`: its columns in the education year begin so. `tables(record)`: its tables. `signed`: by
    whom. `has_sentence`: the year has a closing sentence for it. `to_write_in`: people write into its sheet
    by hand. `of_a_month`: it is of one month. `of_modules`: it tells of an exam, so that a course without
    modules has none.
    """

    words: str
    tables: Callable
    signed: Sequence[str] = (TEACHER, CENTRE, HEM)
    has_sentence: bool = False
    to_write_in: bool = False
    of_a_month: bool = False
    of_modules: bool = False

    def is_of(self, record):
        """Whether a course has this paper."""
        return bool(record.modules) or not self.of_modules

    def title(self, record):
        return getattr(record.year, f"{self.words}_title")

    def sentence(self, record):
        has_one = self.has_sentence and self.is_of(record)
        words = getattr(record.year, f"{self.words}_sentence") if has_one else ""
        return record.sentence(words) if words else ""


PAPERS = by_slug(
    CoursePaper(
        "imza-listesi",
        gettext_lazy("Sign-in sheet"),
        gettext_lazy(
            "A box to sign in for each lesson of the month in which the next one is held."
        ),
        "sign_in",
        sign_in_list,
        to_write_in=True,
        of_a_month=True,
    ),
    CoursePaper(
        "yoklama-cizelgesi",
        gettext_lazy("Monthly roll"),
        gettext_lazy("A page for each month with its 31 days: who missed how many lesson hours."),
        "roll",
        monthly_roll,
    ),
    CoursePaper(
        "not-cizelgesi",
        gettext_lazy("List of marks (EK-10)"),
        gettext_lazy("The marks of the modules, M for exempt, and the mean."),
        "marks",
        marks_list,
    ),
    CoursePaper(
        "sinav-tutanagi",
        gettext_lazy("Exam record"),
        gettext_lazy("The success mark in figures and in words, to be signed."),
        "exam",
        exam_record,
        has_sentence=True,
        of_modules=True,
    ),
    CoursePaper(
        "karar-durumu",
        gettext_lazy("Outcome list"),
        gettext_lazy("How the course ended for each trainee, with the closing sentence."),
        "outcome",
        outcome_list,
        has_sentence=True,
    ),
    CoursePaper(
        "sinif-listesi",
        gettext_lazy("Class list with phones"),
        gettext_lazy("Who attends, with phones, guardians and absence."),
        "class",
        class_list,
        signed=(),
    ),
)


def those_of(chosen, record):
    """Those of some papers that the course has; who asks for nothing else gets what they ask for."""
    return [paper for paper in chosen if paper.is_of(record)] or list(chosen)


def contents_of(chosen, record):
    """What some papers (values of PAPERS) print of a course, as one file."""
    with translation.override("tr"):
        parts = [
            part for place, paper in enumerate(chosen) for part in _parts(paper, record, place)
        ]
        titles = ", ".join(paper.title(record) for paper in chosen)
        return papers.Contents(
            template=TEMPLATE, title=f"{titles} – {record.name}", data={"parts": parts}
        )


def print_papers(chosen, record, to=papers.pdf, **options):
    """Some papers of a course as bytes; `to=papers.pictures`: their pages as PNGs."""
    return to(contents_of(chosen, record), **options)


def sheets_of(chosen, record):
    """The SheetTables of some papers of a course."""
    with translation.override("tr"):
        return [
            table.as_sheet(
                paper.title(record),
                above=" · ".join(value for _label, value in record.facts(table.day)),
                below=_below(paper, record, table),
                to_write_in=paper.to_write_in or record.blank,
                is_paper=True,
            )
            for paper in chosen
            for table in paper.tables(record)
        ]


def not_printable(courses, seats):
    """[(course, itself or one of its trainees, the characters that no font has)] where there are any.

    Asked of what the papers print of some courses and of seats in them, with trainee, neighbourhood and
    guardians; of those who have left as well, whom the roll names.
    """
    rows = {course.pk: course for course in courses}
    found = [(course, course, unprintable(_texts_of(course))) for course in courses]
    for seat in seats:
        who = seat.trainee
        near = who.neighbourhood.name if who.neighbourhood else ""
        guardians = [(one.name, one.relation) for one in guardians_of(who)]
        texts = [str(who), who.email, near, seat.state_reason, guardians]
        found.append((rows[seat.course_id], who, unprintable(texts)))
    return [one for one in found if one[2]]


def _texts_of(course):
    """What the papers print of a course itself."""
    names = [course, course.group, course.number, who_teaches(course), *course.modules.all()]
    return [str(one) for one in names]


def _below(paper, record, table):
    """The lines under the table of a spreadsheet: what its signs mean, the sentence, who signs."""
    signs = [
        f"{role}: {name or TO_FILL_IN * 3}"
        for role, name in record.signatures(paper.signed, table.day)
    ]
    empty = "" if table.rows else record.nobody
    return [line for line in (empty, table.notes, paper.sentence(record), *signs) if line]


def _parts(paper, record, place):
    """The parts of a paper for the template: each begins a page, the first one the count of pages."""
    tables = [part for table in paper.tables(record) for part in table.divided()]
    title = paper.title(record)
    return [
        {
            "paper": place,
            "begins": number == 0,
            "ends": number == len(tables) - 1,
            "title": breakable(" – ".join(filter(None, (title, table.title)))),
            "foot": breakable(f"{title} · {record.name}"),
            "facts": [(label, breakable(value)) for label, value in record.facts(table.day)],
            "empty": "" if table.rows else record.nobody,
            "sentence": breakable(paper.sentence(record)),
            "signatures": [
                {"role": breakable(role), "name": breakable(name)}
                for role, name in record.signatures(paper.signed, table.day)
            ],
            **table.printed,
        }
        for number, table in enumerate(tables)
    ]
