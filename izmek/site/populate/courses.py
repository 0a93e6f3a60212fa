"""Courses of a populated town, with their lessons, people, seats, rolls, marks and outcomes.

A lane is a room, two days of a week and an hour, where one course follows another. As no two lanes
of a room, and no two of a teacher, have the same time, nobody and nothing is booked twice. The days
are counted from today, so that every third lane has a lesson today.
"""

from bisect import bisect
from datetime import time, timedelta

from courses.enums import NOON, CourseState, DayPart, SessionState
from courses.models import Course, CourseModule, Session, Teacher, TimetableSlot
from izmek.site.populate.people import new_trainee
from izmek.site.populate.places import HOURS, LESSONS, SEATS
from izmek.site.populate.town import Lesson, Run, moment
from trainees.arithmetic import EXEMPT, Attendance, outcome
from trainees.enums import EnrolmentState
from trainees.models import Absence, Enrolment, Mark, RollCall

PERIOD, LENGTH = 182, 126  # days from one course of a lane to the next; days that one lasts
DAYS = [(0, 3), (1, 4), (2, 5)]  # counted from today
CLOCKS = [(time(9), time(12, 10)), (time(13), time(16, 10)), (time(17, 30), time(20, 40))]
OPEN_DAYS = 35  # before its beginning a course is open
SHORTEST = 6  # lessons; what the end of the year leaves less of is not held
RETURNING = 0.3  # of the seats are taken by people who were here before
EXCUSES = ["Önceden haber verdi", "Yol kapalıydı", "Aile ziyareti", "Resmî işi vardı"]


def make_courses(town):
    """The courses in the order of their beginning."""
    plans = sorted(_plans(town), key=lambda plan: (plan[0], plan[2]))
    for begin, end, lane in plans:
        _course(town, begin, end, lane)
        town.loader.flush(at_least=100_000)
    teaches = dict.fromkeys((run.teacher, run.centre) for run in town.runs)
    for teacher, centre in teaches:
        town.add(Teacher.centres.through, teacher_id=teacher, coursecentre_id=centre)


def _plans(town):
    """(begin, end, lane) of every course; the end of an education year cuts the shorter part off."""
    boundaries = sorted(begin for begin, _end, _key, _year in town.terms if begin.month == 9)
    first, last = boundaries[0], town.day(OPEN_DAYS * 2)
    for lane in range(town.size.lanes):
        shift = 56 if _taught_by_first(town, lane) else lane * 61 % PERIOD
        begin = town.today - timedelta(days=shift) + timedelta(days=PERIOD)
        for _turn in range(town.size.years * 2 + 1):
            end = begin + timedelta(days=LENGTH)
            from_day, to_day = begin, end
            for boundary in boundaries:
                if begin < boundary <= end:
                    if (boundary - begin) * 2 > end - begin:
                        to_day = boundary - timedelta(days=1)
                    else:
                        from_day = boundary
            if first <= from_day and from_day <= last:
                yield from_day, to_day, lane
            begin -= timedelta(days=PERIOD)


def _taught_by_first(town, lane):
    """Whether the teacher who signs in teaches there: three lanes, at three times of the week."""
    return lane in (0, town.size.teachers, town.size.lanes - 1)


def _times(town, lane):
    turn = lane // town.size.rooms
    days = [(town.today + timedelta(days=day)).isoweekday() for day in DAYS[turn % len(DAYS)]]
    return sorted(days), *CLOCKS[turn // len(DAYS) % len(CLOCKS)]


def _course(town, begin, end, lane):
    rng = town.rng
    weekdays, opens, closes = _times(town, lane)
    days = _lesson_days(town, begin, end, weekdays, opens)
    if len(days) < SHORTEST:
        return
    begin, end = days[0], days[-1]
    state = _state(town, begin, end)
    room, centre = town.rooms[lane % len(town.rooms)]
    first = _taught_by_first(town, lane)
    teacher, user = town.teachers[0 if first else lane % len(town.teachers)]
    programme, _name, modules = town.programmes[
        lane % len(town.programmes) if first else rng.randrange(len(town.programmes))
    ]
    at = bisect(town.terms, (begin, end.max)) - 1
    _from, _to, term, year = town.terms[at]
    fixed = {}
    if state != CourseState.PLANNED:
        fixed = {
            "total_hours": len(days) * HOURS,
            "pass_mark": 50,
            "absence_limit_numerator": 1,
            "absence_limit_denominator": 5,
        }
    full = rng.random() < 0.2
    capacity = 24 if full else SEATS
    index = len(town.runs)
    course = town.add(
        Course,
        number="" if state == CourseState.PLANNED else f"41-{begin.year}-{index:05d}",
        programme_id=programme,
        group="ABCDEFGH"[index % 8],
        centre_id=centre,
        room_id=room,
        teacher_id=teacher,
        term_id=term,
        begin=begin,
        end=end,
        capacity=capacity,
        applications_from=moment(begin - timedelta(days=OPEN_DAYS + 1), time(9)),
        applications_until=moment(begin, time(8)),
        registration_deadline=moment(begin, time(8)),
        note="Malzemeler merkezden." if index % 3 == 0 else "",
        state=state,
        state_reason="Yeterli başvuru olmadı." if state == CourseState.CANCELLED else "",
        **fixed,
    )
    run = Run(course, state, begin, end, year, programme, centre, teacher, user, capacity, full)
    town.runs.append(run)
    for weekday in weekdays:
        town.add(
            TimetableSlot,
            course_id=course,
            weekday=weekday,
            begin=opens,
            end=closes,
            lesson_hours=HOURS,
        )
    if fixed:
        for order, name in enumerate(modules, 1):
            run.modules.append(
                town.add(
                    CourseModule,
                    course_id=course,
                    name=name,
                    hours=len(days) * HOURS // len(modules),
                    order=order,
                )
            )
    _lessons(town, run, days, opens, closes, room)
    _seats(town, run)


def _lesson_days(town, begin, end, weekdays, opens):
    days = []
    for offset in range((end - begin).days + 1):
        day = begin + timedelta(days=offset)
        if day.isoweekday() not in weekdays or len(days) == LESSONS:
            continue
        part = town.holidays.get(day)
        morning = opens < NOON
        if part in (None, DayPart.AFTERNOON if morning else DayPart.MORNING):
            days.append(day)
    return days


def _state(town, begin, end):
    if end < town.today:
        return CourseState.CANCELLED if len(town.runs) % 50 == 3 else CourseState.FINISHED
    if begin <= town.today:
        return CourseState.RUNNING
    return CourseState.OPEN if begin <= town.day(OPEN_DAYS) else CourseState.PLANNED


def _lessons(town, run, days, opens, closes, room):
    holds = run.state in CourseState.booking()
    for day in days:
        off = run.state == CourseState.CANCELLED
        dropped = off or (
            run.state == CourseState.RUNNING and day < town.today and town.chance(0.01)
        )
        key = town.add(
            Session,
            course_id=run.key,
            date=day,
            begin=opens,
            end=closes,
            lesson_hours=HOURS,
            state=SessionState.CANCELLED if dropped else SessionState.PLANNED,
            state_reason="Elektrik kesintisi" if dropped else "",
            holds_teacher_id=run.teacher if holds and not dropped else None,
            holds_room_id=room if holds and not dropped else None,
        )
        if dropped:
            continue
        uncalled = day >= town.today or (run.state == CourseState.RUNNING and town.chance(0.01))
        if not uncalled:
            run.lessons.append(Lesson(key, day, HOURS))
            town.add(RollCall, session_id=key, by_id=run.user, at=moment(day, closes))


# --- Seats --------------------------------------------------------------------------------------


def _seats(town, run):
    """Who attends, what they missed, their marks, and how it ended."""
    if run.state == CourseState.PLANNED:
        return
    rng = town.rng
    most = run.capacity
    if run.state == CourseState.OPEN and not run.full:
        most = rng.randrange(8, most - 12)
    elif not run.full:
        most = rng.randrange(52, SEATS + 1)
    people = {}
    while len(people) < most:
        if town.trainees and town.chance(RETURNING):
            near = len(town.trainees)
            known = town.trainees[near - 1 - rng.randrange(min(near, 5_000 + near // 8))]
            people[known] = False
        else:
            people[new_trainee(town, run)] = True
    for trainee in people:
        _seat(town, run, trainee)


def _seat(town, run, trainee):
    rng = town.rng
    late = 7 * rng.randrange(1, 4) if rng.random() < 0.06 else 0
    joined = min(run.begin + timedelta(days=late), max(town.today, run.begin))
    state, left, absent, mark, reason = EnrolmentState.ENROLLED, None, None, None, ""
    if run.state == CourseState.CANCELLED:
        state, left, reason = EnrolmentState.CANCELLED, run.begin, "Yeterli başvuru olmadı."
        joined = run.begin
    elif len(run.lessons) > 10 and rng.random() < 0.025:
        removed = rng.random() < 0.2
        state = EnrolmentState.REMOVED if removed else EnrolmentState.WITHDRAWN
        left = max(run.lessons[len(run.lessons) // 2].day, joined)
        reason = "İlk derse gelmedi" if removed else "Taşındı"
    missed = _missed(rng, run, joined, left)
    marks = {}
    if not left and run.modules:
        done = run.modules
        if run.state != CourseState.FINISHED:
            done = done[: len(done) * len(run.lessons) // LESSONS]
        skill = 34 if rng.random() < 0.03 else rng.gauss(78, 10)
        for module in done:
            exempt = rng.random() < 0.01
            marks[module] = EXEMPT if exempt else min(100, max(0, round(rng.gauss(skill, 6))))
    if run.state == CourseState.FINISHED and not left:
        attendance = Attendance(
            absent=sum(hours for _lesson, hours in missed),
            total=len(run.lessons) * HOURS,
            numerator=1,
            denominator=5,
        )
        end = outcome(attendance, list(marks.values()), 50)
        state, absent, mark, reason = end.state, end.absent_hours, end.success_mark, end.reason
    if not left and len(run.makers) < 12:
        run.makers.append(trainee)
    key = town.add(
        Enrolment,
        trainee_id=trainee,
        course_id=run.key,
        state=state,
        state_reason=reason,
        joined_on=joined,
        left_on=left,
        absent_hours=absent,
        success_mark=mark,
        created_at=min(moment(joined - timedelta(days=1), time(11)), town.loader.now),
    )
    for lesson, hours in missed:
        excused = rng.random() < 0.3
        town.add(
            Absence,
            enrolment_id=key,
            session_id=lesson.key,
            hours=hours,
            excused=excused,
            note=rng.choice(EXCUSES) if excused else "",
            by_id=run.user,
            at=moment(lesson.day, time(9, 20)),
        )
    for module, value in marks.items():
        exempt = value == EXEMPT
        town.add(
            Mark,
            enrolment_id=key,
            module_id=module,
            value=None if exempt else value,
            exempt=exempt,
        )
    return key


def _missed(rng, run, joined, left):
    """The lessons that somebody missed: [(Lesson, hours)]; a few people miss very many."""
    lessons = run.lessons
    if not lessons:
        return []
    if rng.random() < 0.03:
        count = round(len(lessons) * rng.uniform(0.22, 0.4))
    else:
        count = min(len(lessons) // 5, int(rng.expovariate(0.37 * LESSONS / len(lessons))))
    missed = []
    for at in sorted(rng.sample(range(len(lessons)), count)):
        lesson = lessons[at]
        if joined <= lesson.day and (left is None or lesson.day < left):
            part = rng.random() < 0.2
            missed.append((lesson, rng.randrange(1, HOURS) if part else HOURS))
    return missed
