"""The list of courses with their weekly times."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import rights, services
from courses.enums import CourseState, Weekday
from courses.models import (
    Course,
    Programme,
    Room,
    Teacher,
    Term,
    TimetableSlot,
    check_slots_do_not_overlap,
)
from courses.sheets.records import RecordList, scoped
from courses.sheets.rooms import find_centre
from izmek.acts.saving import save
from izmek.sheets import cells
from izmek.sheets.cells import CellError
from izmek.sheets.columns import Column
from izmek.text.fold import fold

_DAYS = {
    "pazartesi": 1, "pzt": 1, "pts": 1, "sali": 2, "sal": 2, "carsamba": 3, "car": 3, "crs": 3,
    "persembe": 4, "per": 4, "prs": 4, "cuma": 5, "cum": 5, "cumartesi": 6, "cmt": 6, "cts": 6,
    "pazar": 7, "paz": 7, "pzr": 7,
}  # fmt: skip
_TIME = re.compile(
    r"(?P<days>[^\d]+?)\s*(?P<begin>\d{1,2}[.:]\d{2})\s*[-–—]\s*(?P<end>\d{1,2}[.:]\d{2})"
    r"\s*(?:\(\s*(?P<hours>\d{1,2})\s*(?:saat|ders saati)?\s*\))?"
)


def weekly_times(value):
    """[(weekday, begin, end, lesson hours or None)] of `Pazartesi, Çarşamba 09.00-12.00 (4)`."""
    found = []
    for part in cells.several(value):
        match = _TIME.fullmatch(part)
        days = re.split(r"[\s,/&+\-–]+|\bve\b", match["days"]) if match else []
        days = [_DAYS.get(fold(day).strip(".")) for day in days if day]
        if not days or None in days:
            raise CellError(
                _("“%(times)s” cannot be read as a weekly time."),
                params={"times": part},
                help=_("Write it like this: Pazartesi 09.00-12.00 (4); Çarşamba 13.00-16.00 (4)."),
                code="times",
            )
        begin, end = cells.clock(match["begin"]), cells.clock(match["end"])
        hours = int(match["hours"]) if match["hours"] else None
        found += [(day, begin, end, hours) for day in days]
    return found


def written_times(course):
    return "; ".join(
        f"{Weekday(slot.weekday).label} {slot.begin:%H.%M}-{slot.end:%H.%M} ({slot.lesson_hours})"
        for slot in course.slots.all()
    )


_STATES = {
    "planlandı": CourseState.PLANNED, "plan": CourseState.PLANNED, "açık": CourseState.OPEN,
    "başvuruya açık": CourseState.OPEN, "devam ediyor": CourseState.RUNNING, "sürüyor": CourseState.RUNNING,
    "başladı": CourseState.RUNNING,
}  # fmt: skip

COLUMNS = [
    Column(
        "number",
        gettext_lazy("course number"),
        ("kurs no", "kurs numarası", "kurs kodu", "e-yaygın kurs no"),
        reads=cells.digits,
        writes=lambda course: course.number,
        examples=("41-2026-0001", "41-2026-0002"),
        help=gettext_lazy("From e-Yaygın."),
    ),
    Column(
        "programme",
        gettext_lazy("programme"),
        ("program", "program adı", "branş", "kurs", "kurs adı", "kursun adı"),
        writes=lambda course: course.programme.name,
        required=True,
        examples=("Örnek Nakış", "Örnek Nakış"),
    ),
    Column(
        "group",
        gettext_lazy("group"),
        ("grup", "şube", "sınıf"),
        writes=lambda course: course.group,
        examples=("A", "B"),
    ),
    Column(
        "centre",
        gettext_lazy("course centre"),
        ("merkez", "kurs merkezi", "kurs yeri", "kursun yapılacağı yer"),
        writes=lambda course: course.centre.name,
        required=True,
        examples=("Örnek Kurs Merkezi", "Örnek Kurs Merkezi"),
    ),
    Column(
        "room",
        gettext_lazy("room"),
        ("derslik", "salon", "oda", "atölye"),
        writes=lambda course: course.room.name if course.room else "",
        examples=("Derslik 1", "Derslik 1"),
    ),
    Column(
        "teacher",
        gettext_lazy("teacher"),
        ("öğretmen", "usta öğretici", "eğitmen", "öğretmeni", "öğretmen adı soyadı"),
        writes=lambda course: str(course.teacher),
        required=True,
        examples=("Hatice Örnek", "Mehmet Deneme"),
    ),
    Column(
        "term",
        gettext_lazy("term"),
        ("dönem", "eğitim yılı ve dönem"),
        writes=lambda course: str(course.term),
        help=gettext_lazy("Empty: the term in which the course begins."),
    ),
    Column(
        "begin",
        gettext_lazy("begins on"),
        ("başlangıç", "başlangıç tarihi", "başlama tarihi", "ilk gün"),
        reads=cells.day,
        writes=lambda course: course.begin,
        required=True,
        examples=("02.02.2026", "03.02.2026"),
    ),
    Column(
        "end",
        gettext_lazy("ends on"),
        ("bitiş", "bitiş tarihi", "son gün"),
        reads=cells.day,
        writes=lambda course: course.end,
        examples=("29.05.2026", ""),
        help=gettext_lazy("Empty: the day on which the weekly times have given all lesson hours."),
    ),
    Column(
        "times",
        gettext_lazy("timetable"),
        ("günler", "gün ve saat", "günleri ve saatleri", "ders saatleri", "haftalık program", "gün/saat"),
        reads=weekly_times,
        writes=written_times,
        examples=("Pazartesi 09.00-12.00 (4); Çarşamba 09.00-12.00 (4)", "Salı 13.00-16.00 (4)"),
    ),
    Column(
        "capacity",
        gettext_lazy("capacity"),
        ("kontenjan", "kontenjanı", "kişi sayısı"),
        reads=cells.number,
        writes=lambda course: course.capacity,
        examples=(20, 20),
        help=gettext_lazy("Empty: the seats of the room."),
    ),
    Column(
        "state",
        gettext_lazy("state"),
        ("durum", "durumu"),
        reads=cells.choice(CourseState, _STATES),
        writes=lambda course: course.get_state_display(),
        examples=("Planlandı", "Planlandı"),
        help=gettext_lazy("Planned, open or running; empty: planned."),
    ),
    Column(
        "note",
        gettext_lazy("public note"),
        ("not", "açıklama"),
        reads=cells.prose,
        writes=lambda course: course.note,
    ),
]  # fmt: skip


class CourseList(RecordList):
    name = "courses"
    title = gettext_lazy("Courses with timetables")
    text = gettext_lazy(
        "Courses with programme, centre, teacher, dates and weekly times. Their teachers and rooms are "
        "booked as always: who is taken is refused."
    )
    model = Course

    def columns(self, about=None):
        return COLUMNS

    def facts(self, line, run):
        facts = {
            name: line.get(name)
            for name in ("number", "group", "begin", "end", "capacity", "note")
            if line.get(name)
        }
        facts["centre"] = find_centre(line, run, line.get("centre", ""))
        facts["programme"] = self._one(
            line,
            "programme",
            Programme.objects.filter(folded__contains=fold(line.get("programme", ""))),
        )
        teachers = Teacher.objects.filter(folded=fold(line.get("teacher", "")))
        if len(teachers) > 1 and facts.get("number"):  # of two of one name who teaches it already
            teachers = teachers.filter(courses__number=facts["number"]) or teachers
        facts["teacher"] = self._one(line, "teacher", teachers)
        if line.get("room") and facts["centre"]:
            facts["room"] = self._one(line, "room", Room.objects.filter(centre=facts["centre"]))
        if not line.problems:
            facts["term"] = self._term(line, facts, run)
        line.shown = " ".join(
            str(word)
            for word in (line.get("programme"), line.get("group"), "–", line.get("centre"))
            if word
        )
        return facts

    def _one(self, line, column, rows):
        name = line.get(column, "")
        found = [row for row in rows if fold(str(getattr(row, "name", row))) == fold(name)]
        if len(found) == 1:
            return found[0]
        line.wrong(
            _("Several have this name: %(name)s.") % {"name": name}
            if found
            else _("“%(name)s” is not known here.") % {"name": name},
            column=column,
            help=_("Write the name as it stands in our own list, or enter it there first."),
        )
        return None

    def _term(self, line, facts, run):
        terms = list(Term.objects.select_related("year"))
        if line.get("term"):
            found = [one for one in terms if fold(str(one)) == fold(line.get("term"))]
        else:
            found = [one for one in terms if one.begin <= facts["begin"] <= one.end]
        if len(found) != 1:
            line.wrong(
                _("There is no term for this course."),
                column="term" if line.get("term") else "begin",
                help=_(
                    "Write the term as it stands in the list of terms, or enter it there first."
                ),
            )
            return None
        return found[0]

    def linked(self, line, run):
        return {"slots": line.get("times")}

    def key(self, line, facts):
        if facts.get("number"):
            return facts["number"]
        return tuple(facts[name].pk for name in ("programme", "centre", "term")) + (
            fold(facts.get("group", "")),
            facts["begin"],
            line.get("state") == CourseState.CANCELLED,  # beside the one that replaced it
        )

    def find(self, line, facts, run):
        found = self._find(line, facts, run)
        state = line.get("state")
        if state in CourseState.over() and (found is None or found.state != state):
            line.wrong(
                _("A list opens and starts courses; it finishes and cancels none."),
                column="state",
                help=_("Leave the cell empty."),
            )
        return found

    def _find(self, line, facts, run):
        if facts.get("number"):
            found = Course.objects.filter(number=facts["number"]).first()
            if found and not scoped(Course, run.by).filter(pk=found.pk).exists():
                line.wrong(_("This course is not one of yours."), column="number")
            if found:
                return found
        rows = Course.objects.not_cancelled()
        if line.get("state") == CourseState.CANCELLED:
            rows = Course.objects.filter(state=CourseState.CANCELLED)
        same = rows.filter(
            programme=facts["programme"],
            centre=facts["centre"],
            term=facts["term"],
            begin=facts["begin"],
        )
        same = [one for one in same if fold(one.group) == fold(facts.get("group", ""))]
        same = [one for one in same if not (one.number and facts.get("number"))]
        if len(same) > 1:
            answer = line.ask(
                [(f"c{one.pk}", f"{one}, {one.teacher}, {one.begin:%d.%m.%Y}") for one in same]
            )
            return next((one for one in same if f"c{one.pk}" == answer), None)
        return same[0] if same else None

    def lacks(self, record, name):
        """The weekly times of an open course are changed by an act of their own."""
        return record.state == CourseState.PLANNED and super().lacks(record, name)

    def save(self, record, line, run):
        if not record.pk:
            self._complete(record, line)
        record.full_clean()
        services.save_course(course=record, by=run.by)

    def _complete(self, course, line):
        """What a list may leave out of a new course: the seats of its room, its last day."""
        if not course.capacity:
            if course.room is None:
                raise ValidationError(
                    {"capacity": _("A course without a room needs its capacity.")}
                )
            course.capacity = course.room.capacity
        if course.end is None:
            slots = _slots(course, line.get("times") or ())
            if not slots:
                raise ValidationError({"end": _("Write the last day, or the weekly times.")})
            course.end = services.last_day(course=course, slots=slots)

    def link(self, record, name, value, line, run):
        rights.require(run.by, "change_times", record)
        slots = _slots(record, value)
        check_slots_do_not_overlap(slots)
        for slot in slots:
            slot.full_clean()
            save(slot, by=run.by)

    def _write(self, line, run):
        course = super()._write(line, run)
        if line.plan["record"] is None:
            wanted = line.get("state") or CourseState.PLANNED
            if wanted in CourseState.booking():
                services.open_course(course=course, by=run.by)
            if wanted == CourseState.RUNNING:
                services.start_course(course=course, by=run.by)
        return course


def _slots(course, times):
    """The unsaved weekly times; without lesson hours as many as fit."""
    return [
        TimetableSlot(
            course=course,
            weekday=day,
            begin=begin,
            end=end,
            lesson_hours=hours or course.term.year.most_lesson_hours(begin, end),
        )
        for day, begin, end, hours in times
    ]
