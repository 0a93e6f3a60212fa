"""What the papers of a course print, each part read once and only if a paper asks for it."""

from collections import Counter, defaultdict
from functools import cached_property

from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import CourseState
from courses.models import Course
from courses.services import who_teaches
from courses.wording import weekly_times
from izmek.acts.rules import holds
from izmek.admin.masking import masked_for
from izmek.text.placeholders import filled
from trainees.arithmetic import EXEMPT, Outcome
from trainees.enums import EnrolmentState
from trainees.models import Absence, Enrolment, Guardian, Trainee
from trainees.queries.seats import attends_between, attends_on
from trainees.services import outcome_of

BLANK_ROWS = 25  # 25-row forms are usual (DOMAIN.md §3)
TO_FILL_IN = "……"


def courses_to_print(user):
    """The courses whose people the user sees, with what every paper prints of them."""
    if not user.has_perm("trainees.view_enrolment"):
        return Course.objects.none()
    rows = Course.objects.with_people_seen_by(user)
    rows = rows.select_related("programme", "centre", "teacher", "term__year")
    return rows.prefetch_related("slots", "teacher_changes__teacher", "modules")


class Record:
    """A course and its people as `user` reads them (auditors masked).

    `blank`: nobody's name, but empty rows to write in. `month`: its first day, for papers of one month.
    """

    def __init__(self, course, user, *, blank=False, month=None):
        self.course, self.user, self.blank, self.month = course, user, blank, month
        self.year = course.term.year
        self.modules = list(course.modules.all())
        self.people = set()  # the keys of those whose names were printed

    # --- The course ---------------------------------------------------------------------------

    def facts(self, day=None):
        """HEM's headings (DOMAIN.md §3): [(label, value)]. `day`: on which it is asked who teaches."""
        course = self.course
        found = (
            (_("Course centre"), str(course.centre)),
            (_("Course"), f"{course.programme} {course.group}".strip()),
            (_("Course number"), course.number or (TO_FILL_IN * 3)),
            (_("Teacher"), str(who_teaches(course, day))),
            (_("Dates"), self.dates),
            (_("Days"), weekly_times(course.slots.all())),
            (_("Lesson hours"), str(course.total_hours or course.programme.total_hours)),
            (_("Education year"), str(course.term)),
        )
        return [(label, value) for label, value in found if value]

    @property
    def dates(self):
        return f"{self.course.begin:%d.%m.%Y} – {self.course.end:%d.%m.%Y}"

    @property
    def name(self):
        """How a file and the foot of a page call the course."""
        number = f" ({self.course.number})" if self.course.number else ""
        return f"{self.course}{number}"

    def signatures(self, roles, day=None):
        """Who signs: [(role, name)] in the words of the year; a line without words is left out."""
        names = {"teacher": str(who_teaches(self.course, day))}
        lines = ((role, getattr(self.year, f"{role}_signs")) for role in roles)
        return [(words, names.get(role, "")) for role, words in lines if words]

    # --- Its people ---------------------------------------------------------------------------

    @cached_property
    def seats(self):
        """Who holds a seat, by name in Turkish order; nobody on a blank copy."""
        return [] if self.blank else self._read(self.course.enrolments.holding_seat())

    def held_between(self, first, last):
        """Who held a seat on some day from the first to the last, those who have left since included."""
        return [seat for seat in self._ever if holds(attends_between(first, last), seat)]

    @cached_property
    def _ever(self):
        if self.blank or not self.lessons:
            return self.seats
        first, last = self.lessons[0].date, self.lessons[-1].date
        return self._read(self.course.enrolments.held_between(first, last))

    def _read(self, rows):
        guardians = masked_for(self.user, Guardian.objects.all())
        people = Trainee.objects.select_related("neighbourhood")
        people = masked_for(self.user, people)
        people = people.prefetch_related(Prefetch("guardians", guardians))
        rows = rows.with_attendance().with_hours_attended().in_name_order()
        rows = list(rows.prefetch_related(Prefetch("trainee", people), "marks"))
        for row in rows:
            row.course = self.course
        return rows

    def rows(self, seats, cells):
        """The numbered rows of a table: `cells(seat)` for each, or empty ones on a blank copy."""
        if self.blank:
            return self.empty_rows(len(cells(None)))
        self.people.update(seat.trainee_id for seat in seats)
        return [[place, *cells(seat)] for place, seat in enumerate(seats, 1)]

    def empty_rows(self, cells):
        return [[place, *[""] * cells] for place in range(1, BLANK_ROWS + 1)]

    @property
    def nobody(self):
        """What a paper says in place of rows."""
        if not self.is_over:
            return _("Nobody attends this course yet.")
        if not self._ever:
            return _("Nobody attended this course.")
        return _("Nobody has a seat in this course any more. The monthly roll tells who attended.")

    # --- Lessons ------------------------------------------------------------------------------

    @cached_property
    def lessons(self):
        """The lessons that take or took place, in order."""
        rows = self.course.sessions.not_cancelled().with_holiday().select_related("roll_call")
        return [row for row in rows.order_by("date", "begin") if row.takes_place]

    @cached_property
    def by_month(self):
        """{first day of a month: its lessons}, in order."""
        found = defaultdict(list)
        for lesson in self.lessons:
            found[lesson.date.replace(day=1)].append(lesson)
        return dict(found)

    @cached_property
    def coming_month(self):
        """The month that was asked for, or in which the next lesson is held; of a course that is over, its
        last one."""
        if self.month:
            return self.month
        today = timezone.localdate()
        coming = next((one for one in self.lessons if one.date >= today), None)
        coming = coming or (self.lessons[-1] if self.lessons else None)
        return (coming.date if coming else self.course.begin).replace(day=1)

    @cached_property
    def absences(self):
        """{(seat, lesson): (hours missed, whether excused)} by their keys."""
        rows = Absence.objects.filter(session__course=self.course)
        rows = rows.values_list("enrolment", "session", "hours", "excused")
        return {(seat, lesson): (hours, excused) for seat, lesson, hours, excused in rows}

    @cached_property
    def missed(self):
        """{key of a seat: the lesson hours missed of lessons that take place}; 0 for the others."""
        held = {lesson.pk for lesson in self.lessons}
        found = Counter()
        for (seat, lesson), (hours, _excused) in self.absences.items():
            found[seat] += hours if lesson in held else 0
        return found

    def attends(self, seat, days):
        """On which of some days, in order, somebody is in the course: a set."""
        if days and all(holds(attends_on(day), seat) for day in (days[0], days[-1])):
            return set(days)  # whoever is there on the first and on the last is there between
        return {day for day in days if holds(attends_on(day), seat)}

    # --- Marks and outcome --------------------------------------------------------------------

    def marks(self, seat):
        """One for each module: 0 to 100, EXEMPT or None."""
        given = {mark.module_id: EXEMPT if mark.exempt else mark.value for mark in seat.marks.all()}
        return [given.get(module.pk) for module in self.modules]

    def mean(self, seat):
        """The success mark; EXEMPT if someone need not take any module, None where there is none."""
        found = self._ended(seat)
        if found.state == EnrolmentState.ABSENT:
            return None
        marks = self.marks(seat)
        return EXEMPT if marks and all(mark == EXEMPT for mark in marks) else found.success_mark

    def outcome(self, seat):
        """(EnrolmentState, or None while it is open, absent hours, the reason in a sentence)."""
        found = self._ended(seat)
        is_open = (
            seat.state == EnrolmentState.ENROLLED
            and found.state != EnrolmentState.ABSENT
            and None in self.marks(seat)
        )
        return None if is_open else found.state, found.absent_hours, found.reason

    def _ended(self, seat):
        """The Outcome that a seat has; while the course goes on, the one that it would have now."""
        if seat.state == EnrolmentState.ENROLLED:
            return outcome_of(seat)
        return Outcome(seat.state, seat.absent_hours, seat.success_mark, seat.state_reason)

    @property
    def is_final(self):
        """Whether the outcomes of the course are frozen."""
        return self.course.state == CourseState.FINISHED

    @property
    def is_over(self):
        """Whether the course was finished, or closed early."""
        return self.course.state in (CourseState.FINISHED, CourseState.CANCELLED)

    def sentence(self, words):
        """A sentence of the year with the facts of this course; what is not known yet is said instead."""
        if not self.blank and not self.seats:
            return ""
        if not self.blank and not self.is_final:
            counted = sum(self.outcome(seat)[0] is None for seat in self.seats)
            said = _("The course is not finished: these are the outcomes as they stand on %(day)s.")
            said %= {"day": f"{timezone.localdate():%d.%m.%Y}"}
            if counted:
                missing = ngettext(
                    "%(count)d of them is still open.", "%(count)d of them are still open.", counted
                )
                said = f"{said} {missing % {'count': counted}}"
            return said
        return filled(words, self._told())

    def _told(self):
        counts = Counter(seat.state for seat in self.seats)
        of_outcome = {
            "toplam": len(self.seats),
            "tamamlayan": counts[EnrolmentState.COMPLETED],
            "transkript": counts[EnrolmentState.TRANSCRIPT],
            "basarisiz": counts[EnrolmentState.FAILED],
            "devamsiz": counts[EnrolmentState.ABSENT],
        }
        if self.blank:
            of_outcome = dict.fromkeys(of_outcome, TO_FILL_IN)
        course = self.course
        return of_outcome | {
            "program": course.programme,
            "merkez": course.centre,
            "kurs_no": course.number or TO_FILL_IN,
            "ogretmen": who_teaches(course),
            "baslangic": f"{course.begin:%d.%m.%Y}",
            "bitis": f"{course.end:%d.%m.%Y}",
        }


def has_people(courses):
    """The keys of those of some courses that somebody attended, of courses closed early as well."""
    attended = Q(state__in=EnrolmentState.holding()) | Q(left_on__gt=F("course__begin"))
    seats = Enrolment.objects.filter(attended, course__in=courses)
    return set(seats.order_by().values_list("course", flat=True))
