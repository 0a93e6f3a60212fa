"""Courses with their sessions, applications, seats, rolls, marks and outcomes.

All by the real acts, but for the rolls, absences and marks, which come in thousands: the same rows
are written in bulk.
"""

from datetime import time, timedelta

from courses.enums import CourseState
from courses.models import Course, Term, TimetableSlot
from courses.services import (
    add_session,
    cancel_course,
    cancel_session,
    change_teacher,
    holiday_on,
    holidays_of,
    name_substitute,
    open_course,
    planned_sessions,
    start_course,
)
from izmek.acts.bulk import bulk_create
from izmek.acts.saving import save
from izmek.site.demo.data.teaching import COURSES, TIMES
from izmek.site.demo.people import WITHOUT_NUMBER, just_grown_up, minors
from izmek.site.demo.town import moment, years_before
from izmek.text.case import upper
from trainees.enums import EnrolmentState
from trainees.models import Absence, Certificate, Enrolment, Mark, OutsideRow, RollCall
from trainees.services import (
    apply,
    enrol,
    finish_course,
    hand_over_certificate,
    issue_certificates,
    preview_certificates,
    reconcile,
    replace_certificate,
    withdraw,
)

EXCUSES = ["Önceden haber verdi", "Yol kapalıydı", "Aile ziyareti", "Resmî işi vardı", ""]


def make_courses(town):
    """All courses, in the order of their beginning, so that nobody is in two places."""
    waiting = Waiting(town)
    for row in sorted(COURSES, key=lambda row: town.monday(row[5])):
        programme, centre, room, teacher, _times, when, state, seats, extra = row
        town.seed(f"course {len(town.courses)}")
        course = _planned(town, row)
        town.courses[programme, centre, room, when, extra.get("group", "")] = course
        if state == CourseState.PLANNED:
            continue
        clerk = town.clerk(centre)
        course = open_course(course=course, by=clerk)
        people = waiting.choose(course, seats, extra)
        if state == CourseState.FINISHED:
            enrolments = _seats_of_then(town, course, people, clerk)
        else:
            enrolments = [
                enrol(trainee=trainee, course=course, by=clerk, joined_on=course.begin)
                for trainee in people
            ]
        _applications(town, course, extra.get("applications", 0), clerk)
        if state == CourseState.CANCELLED:
            cancel_course(course=course, reason=extra["reason"], by=clerk)
        elif state != CourseState.OPEN:
            course = start_course(course=course, by=clerk)
            _lessons(town, course, enrolments, town.teachers[teacher].user)
            if state == CourseState.FINISHED:
                finish_course(course=course, by=clerk)
    _certificates(town)
    _changes(town)
    _outside_list(town)


def _planned(town, row):
    programme, centre, room, teacher, times, when, state, _seats, extra = row
    begin = town.monday(when)
    room = town.rooms[centre, room]
    # Whatever is open can be applied for today, be its beginning weeks away.
    opens = begin - timedelta(days=35)
    opens = min(opens, town.day(-1)) if state == CourseState.OPEN else opens
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
        applications_from=moment(opens, "09:00"),
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
    bulk_create(slots, by=town.clerk(centre))
    return course


# --- Seats ------------------------------------------------------------------------------------


class Waiting:
    """The people who have not attended yet."""

    def __init__(self, town):
        self.town = town
        self.minors = minors(town)
        self.grown_up = just_grown_up(town)
        placed = {trainee.pk for trainee in (*self.minors, *self.grown_up)}
        self.rest = [t for t in town.trainees[:-WITHOUT_NUMBER] if t.pk not in placed]
        town.rng.shuffle(self.rest)

    def choose(self, course, seats, extra):
        """Who gets the seats of a course: whom the data place there, then mostly neighbours.

        A few have finished another programme at the same centre.
        """
        chosen = self.grown_up[: extra.get("grown_up", 0)]
        for _ in range(extra.get("minors", 0)):
            chosen.append(self.minors.pop())
        known = [] if course.end >= self.town.today else self._returning(course)
        while len(chosen) < seats:
            if known and self.town.chance(0.2):
                chosen.append(known.pop())
                continue
            near = [t for t in self.rest if t.neighbourhood_id == course.centre.neighbourhood_id]
            fit = _fit(near, course) if self.town.chance(0.6) else []
            trainee = (fit or _fit(self.rest, course))[0]
            self.rest.remove(trainee)
            chosen.append(trainee)
        return chosen

    def _returning(self, course):
        rows = (
            Enrolment.objects.filter(course__centre=course.centre, state=EnrolmentState.COMPLETED)
            .exclude(course__programme=course.programme)
            .select_related("trainee")
            .order_by("pk")
        )
        people = _fit({row.trainee_id: row.trainee for row in rows}.values(), course)
        self.town.rng.shuffle(people)
        return people


def _fit(people, course):
    """Those whom the programme takes: old enough at its beginning, with the education it asks for."""
    born_by = years_before(course.begin, course.programme.minimum_age)
    return [
        trainee
        for trainee in people
        if trainee.birth_date <= born_by and trainee.education >= course.programme.minimum_education
    ]


def _seats_of_then(town, course, people, clerk):
    """The seats of a finished course, written directly: the admission rules check today's data.

    A few joined late.
    """
    enrolments = []
    for trainee in people:
        late = 7 * town.rng.randrange(1, 4) if town.chance(0.08) else 0
        joined_on = course.begin + timedelta(days=late)
        enrolments.append(Enrolment(trainee=trainee, course=course, joined_on=joined_on))
    return bulk_create(enrolments, by=clerk)


def _applications(town, course, count, clerk):
    """People who telephoned: where seats are free they have an offer, else they wait.

    The last but one of those who may still apply did so on the web, and nobody has confirmed it yet.
    """
    online = Course.objects.open_for_application().filter(pk=course.pk).exists()
    for index, trainee in enumerate(town.trainees[-count:] if count else []):
        stranger = online and index == count - 2
        apply(
            course=course,
            first_name=trainee.first_name,
            last_name=trainee.last_name,
            phone=trainee.phone,
            birth_year=trainee.birth_date.year,
            already_certified=index == 1,
            trainee=trainee if index % 2 and not stranger else None,
            by=None if stranger else clerk,
        )


# --- Lessons ----------------------------------------------------------------------------------


def _lessons(town, course, enrolments, teacher):
    """Rolls of the past sessions, absences and marks; a few people leave."""
    held = [session for session in course.sessions.all() if session.date < town.today]
    if course.end >= town.today:
        held = held[:-1]  # the last roll is still to be called
    bulk_create(
        [
            RollCall(session=session, by=teacher, at=moment(session.date, f"{session.end:%H:%M}"))
            for session in held
        ],
        by=teacher,
    )
    absences = []
    for enrolment in enrolments:
        often = town.chance(0.03)
        share = town.rng.uniform(0.3, 0.45) if often else town.rng.betavariate(2, 26)
        if len(held) > 10 and town.chance(0.02):
            day = max(held[len(held) // 2].date, enrolment.joined_on)
            enrolment = withdraw(enrolment=enrolment, by=teacher, reason="Taşındı", left_on=day)
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
    bulk_create(absences, by=teacher)
    _marks(town, course, len(held), teacher)


def _marks(town, course, held, teacher):
    """Marks of the modules that are behind: all of a finished course, else by the lessons held."""
    modules = list(course.modules.all())
    sessions = course.sessions.count()
    done = modules if course.end < town.today else modules[: len(modules) * held // sessions]
    marks = []
    for enrolment in course.enrolments.filter(state=EnrolmentState.ENROLLED).order_by("pk"):
        skill = 34 if town.chance(0.03) else town.rng.gauss(78, 10)
        for module in done:
            exempt = town.chance(0.01)
            value = None if exempt else max(0, min(100, round(town.rng.gauss(skill, 8))))
            marks.append(Mark(enrolment=enrolment, module=module, value=value, exempt=exempt))
    bulk_create(marks, by=teacher)


# --- What does not go by the plan -------------------------------------------------------------


def _changes(town):
    """A teacher hands over; a lesson is cancelled and made up for; another has a substitute."""
    change_teacher(
        course=_running(town, "giyim"),
        teacher=town.teachers["dilara"],
        begins_on=town.day(10),
        reason="Öğretmenin talebi",
        by=town.manager,
    )
    course, officer = _running(town, "igne-oyasi"), town.users["merkez"]
    cancelled, substituted = course.sessions.filter(date__gt=town.day(2))[:2]
    cancel_session(session=cancelled, reason="Öğretmen seminerde", by=officer)
    friday = cancelled.date + timedelta(days=5 - cancelled.date.isoweekday())
    while holiday_on(friday, cancelled, holidays_of(course)):
        friday += timedelta(days=7)
    add_session(
        course=course,
        date=friday,
        begin=time(13, 30),
        end=time(16, 30),
        lesson_hours=4,
        makes_up_for=cancelled,
        by=officer,
    )
    name_substitute(session=substituted, teacher=town.teachers["hatice"], by=officer)


def _certificates(town):
    """The last kilim course had its ceremony two weeks ago: two did not come, one was replaced."""
    done = [course for key, course in town.courses.items() if key[0] == "kilim-dokuma"]
    course = [one for one in done if one.end < town.today][-1]
    officer = town.users["merkez"]
    earned = [one.enrolment for one in preview_certificates(course) if not one.why_not]
    made = issue_certificates(course=course, enrolments=earned, by=officer)
    replace_certificate(certificate=made[0], reason="Belge kayboldu, yenisi düzenlendi", by=officer)
    for certificate in made[1:-2]:
        hand_over_certificate(certificate=certificate, by=officer)
    Certificate.objects.filter(pk__in=[one.pk for one in made[-2:]]).update(call_from=town.today)


def _outside_list(town):
    """e-Yaygın's list of a course: it misses two, has one too many, other hours and another result."""
    course = _running(town, "igne-oyasi")
    seats = list(course.enrolments.holding_seat().with_attendance().in_name_order())[2:]
    listed = [
        (upper(str(seat.trainee)), seat.trainee.masked_number, seat.absent, "Devam ediyor")
        for seat in seats
    ]
    name, number, absent, _result = listed[0]
    listed[0] = name, number, absent + 4, "Devam ediyor"
    listed[1] = *listed[1][:3], "Ayrıldı"
    listed.append(("SEHER ALTINTAŞ", "31*******82", 0, "Devam ediyor"))
    rows = [
        OutsideRow(
            row=row, name=name, number=number, facts={"absent_hours": absent, "result": result}
        )
        for row, (name, number, absent, result) in enumerate(listed, start=2)
    ]
    reconcile(course=course, rows=rows, by=town.users["merkez"])


def _running(town, programme):
    """The course of a programme that goes on today."""
    return next(
        course
        for key, course in town.courses.items()
        if key[0] == programme and course.begin <= town.today <= course.end
    )
