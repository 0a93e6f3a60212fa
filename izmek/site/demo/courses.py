"""Courses with their sessions, seats, rolls and marks.

Opening, starting, cancelling and enrolling are the real acts. Rolls and marks come in thousands and
are written in bulk.
"""

from datetime import time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean

from django.utils.crypto import get_random_string

from courses.enums import CourseState
from courses.models import Course, Term, TimetableSlot
from courses.services import (
    book,
    cancel_course,
    change_teacher,
    holidays_of,
    open_course,
    planned_sessions,
    start_course,
)
from izmek.bulk import bulk_create_with_fold, bulk_update_with_fold
from izmek.history import save
from izmek.site.demo.data.teaching import COURSES, TIMES
from izmek.site.demo.people import MINORS, WITHOUT_NUMBER, just_grown_up, minors
from izmek.site.demo.town import moment, years_before
from trainees.enums import ApplicationState, EnrolmentState, NoticeKind
from trainees.models import Absence, Application, Enrolment, Mark, NoticeText, RollCall
from trainees.services import enrol

EXCUSES = ["Önceden haber verdi", "Yol kapalıydı", "Aile ziyareti", "Resmî işi vardı", ""]


def make_courses(town):
    """All courses, in the order of their beginning, so that nobody is in two places."""
    placed = [*minors(town), *just_grown_up(town)]
    free = [trainee for trainee in town.trainees[:-WITHOUT_NUMBER] if trainee not in placed]
    town.rng.shuffle(free)
    for row in sorted(COURSES, key=lambda row: town.monday(row[5])):
        programme, centre, room, teacher, _times, when, state, seats, extra = row
        course = _planned(town, row)
        town.courses[programme, centre, room, when, extra.get("group", "")] = course
        if state == CourseState.PLANNED:
            continue
        clerk = town.clerk(centre)
        course = open_course(course=course, by=clerk)
        enrolments = _enrolments(town, course, seats, free, clerk)
        if "waiting" in extra:
            _waiting_list(town, course, extra["waiting"])
        if state == CourseState.CANCELLED:
            cancel_course(course=course, reason=extra["reason"], by=clerk)
        elif state != CourseState.OPEN:
            course = start_course(course=course, by=clerk)
            _lessons(town, course, enrolments, town.teachers[teacher].user)
            if state == CourseState.FINISHED:
                _finish(town, course, enrolments, clerk)
    change_teacher(
        course=next(
            c
            for c in town.courses.values()
            if str(c.programme) == "Giyim" and c.begin <= town.today <= c.end
        ),
        teacher=town.teachers["dilara"],
        begins_on=town.day(10),
        reason="Öğretmenin talebi",
        by=town.manager,
    )


def _planned(town, row):
    programme, centre, room, teacher, times, when, state, _seats, extra = row
    begin = town.monday(when)
    room = town.rooms[centre, room]
    course = Course(
        number="" if state == "planned" else f"41-{begin.year}-{begin:%m%d}{len(town.courses):02d}",
        programme=town.programmes[programme],
        group=extra.get("group", ""),
        centre=town.centres[centre],
        room=room,
        teacher=town.teachers[teacher],
        term=Term.objects.on(begin).get(),
        begin=begin,
        end=begin + timedelta(days=700),
        capacity=extra.get("capacity", room.capacity),
        minimum_group=extra.get("minimum_group"),
        minimum_reason=extra.get("minimum_reason", ""),
        applications_from=moment(begin - timedelta(days=35), "09:00"),
        applications_until=moment(begin - timedelta(days=3), "17:00"),
        registration_deadline=moment(begin - timedelta(days=1), "17:00"),
        note=extra.get("note", ""),
        note_en=extra.get("note_en", ""),
    )
    days, *clock, hours = TIMES[times]
    first, last = map(time.fromisoformat, clock)
    slots = [
        TimetableSlot(course=course, weekday=day, begin=first, end=last, lesson_hours=hours)
        for day in days
    ]
    # It ends when its lesson hours are full.
    *_, final = planned_sessions(course, slots, holidays_of(course))
    course.end = final.date
    save(course, by=town.clerk(centre))
    bulk_create_with_fold(slots, by=town.clerk(centre))
    return course


# --- Seats ------------------------------------------------------------------------------------


def _enrolments(town, course, seats, free, clerk):
    """Give seats to neighbours first; `free` are people who have not attended yet."""
    chosen = []
    old_enough = years_before(course.begin, course.programme.minimum_age)
    if course.programme.name == "Kilim Dokuma" and course.begin < town.today < course.end:
        chosen = _of_age(minors(town)[: MINORS // 2] if course.group == "A" else [], old_enough)
    elif course.programme.name == "Kilim Dokuma" and course.begin > town.day(-500):
        chosen = just_grown_up(town)
    elif course.begin > town.today and course.programme.name == "Kırkyama":
        chosen = minors(town)[MINORS // 2 : MINORS // 2 + 3]
    known = [] if course.end >= town.today else _returning(town, course)
    while len(chosen) < seats:
        if known and town.chance(0.2):
            trainee = known.pop()
        else:
            near = [t for t in free if t.neighbourhood_id == course.centre.neighbourhood_id]
            pool = _of_age(near if near and town.chance(0.6) else free, old_enough)
            trainee = pool[0]
            free.remove(trainee)
        chosen.append(trainee)
    begun = min(course.begin, town.today)
    enrolments = []
    for trainee in chosen[:seats]:
        late = 7 * town.rng.randrange(1, 4) if town.chance(0.08) else 0
        joined = min(course.begin + timedelta(days=late), max(begun, town.today))
        enrolments.append(
            enrol(trainee=trainee, course=course, by=clerk, joined_on=max(joined, course.begin))
        )
    return enrolments


def _of_age(people, born_by):
    return [trainee for trainee in people if trainee.birth_date <= born_by]


def _returning(town, course):
    """Some who finished another programme at the same centre."""
    known = (
        Enrolment.objects.filter(course__centre=course.centre, state=EnrolmentState.COMPLETED)
        .exclude(course__programme=course.programme)
        .select_related("trainee")
        .order_by("pk")
    )
    people = list({enrolment.trainee_id: enrolment.trainee for enrolment in known}.values())
    town.rng.shuffle(people)
    return people


def _waiting_list(town, course, count):
    """Applications for a course that is full: they wait in the order in which they came."""
    notice = NoticeText.objects.current(NoticeKind.APPLICATION)
    for index, trainee in enumerate(town.trainees[-count:]):
        save(
            Application(
                course=course,
                first_name=trainee.first_name,
                last_name=trainee.last_name,
                phone=trainee.phone,
                birth_year=trainee.birth_date.year,
                already_certified=index == 1,
                trainee=trainee if index % 2 else None,
                notice=notice,
                state=ApplicationState.RECEIVED,
                received_at=moment(town.day(-6), f"{9 + index}:2{index}".zfill(5)),
                reference=get_random_string(12, "ABCDEFGHJKLMNPRSTUVYZ23456789"),
            ),
            by=None,
        )


# --- Lessons ----------------------------------------------------------------------------------


def _lessons(town, course, enrolments, teacher):
    """Rolls of the past sessions, absences and marks; a few people leave."""
    held = [session for session in course.sessions.all() if session.date < town.today]
    if course.end >= town.today:
        held = held[:-1]  # the last roll is still to be called
    bulk_create_with_fold(
        [
            RollCall(session=session, by=teacher, at=moment(session.date, f"{session.end:%H:%M}"))
            for session in held
        ],
        by=teacher,
    )
    absences = []
    for enrolment in enrolments:
        often = town.chance(0.055)
        share = town.rng.uniform(0.3, 0.45) if often else town.rng.betavariate(1.2, 14)
        _leave(town, enrolment, held)
        for session in held:
            if session.date < enrolment.joined_on or not town.chance(share):
                continue
            if enrolment.left_on and session.date >= enrolment.left_on:
                break
            part = town.chance(0.2) and session.lesson_hours > 1
            excused = town.chance(0.3)
            absences.append(
                Absence(
                    enrolment=enrolment,
                    session=session,
                    hours=town.rng.randrange(1, session.lesson_hours)
                    if part
                    else session.lesson_hours,
                    excused=excused,
                    note=town.rng.choice(EXCUSES) if excused else "",
                    by=teacher,
                    at=moment(session.date, f"{session.begin:%H:%M}"),
                )
            )
    bulk_create_with_fold(absences, by=teacher)
    _marks(town, course, enrolments, len(held), teacher)


def _leave(town, enrolment, held):
    if len(held) > 10 and town.chance(0.02):
        enrolment.state = EnrolmentState.WITHDRAWN
        enrolment.state_reason = "Taşındı"
        enrolment.left_on = max(held[len(held) // 2].date, enrolment.joined_on)
        save(enrolment, by=town.manager)


def _marks(town, course, enrolments, held, teacher):
    """Marks of the modules that are behind: all of a finished course, else by the lessons held."""
    modules = list(course.modules.all())
    sessions = course.sessions.count()
    done = modules if course.end < town.today else modules[: len(modules) * held // sessions]
    marks = []
    for enrolment in enrolments:
        if enrolment.state != EnrolmentState.ENROLLED:
            continue
        skill = 34 if town.chance(0.03) else town.rng.gauss(78, 10)
        for module in done:
            exempt = town.chance(0.01)
            value = None if exempt else max(0, min(100, round(town.rng.gauss(skill, 8))))
            marks.append(Mark(enrolment=enrolment, module=module, value=value, exempt=exempt))
    bulk_create_with_fold(marks, by=teacher)


def _finish(town, course, enrolments, clerk):
    """Close a course with an outcome for everyone who stayed (DOMAIN.md §3, outcome)."""
    rows = Enrolment.objects.filter(course=course, state=EnrolmentState.ENROLLED)
    finished = list(rows.prefetch_related("marks", "absences"))
    for enrolment in finished:
        marks = [mark.value for mark in enrolment.marks.all() if not mark.exempt]
        passed = [mark for mark in marks if mark >= course.pass_mark]
        enrolment.absent_hours = sum(absence.hours for absence in enrolment.absences.all())
        if marks:
            enrolment.success_mark = Decimal(str(mean(marks))).quantize(
                Decimal("0.1"), ROUND_HALF_UP
            )
        if enrolment.absent_hours * 5 > course.total_hours:
            enrolment.state = EnrolmentState.ABSENT
        elif len(passed) == len(marks):
            enrolment.state = EnrolmentState.COMPLETED
        else:
            enrolment.state = EnrolmentState.TRANSCRIPT if passed else EnrolmentState.FAILED
    bulk_update_with_fold(finished, ["state", "absent_hours", "success_mark"], by=clerk)
    course.state = CourseState.FINISHED
    save(course, by=clerk)
    book(course=course)
