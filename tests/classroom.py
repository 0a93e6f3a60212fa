"""A teacher with a course and its class: where most tests of the teacher pages begin."""

from datetime import timedelta
from itertools import count

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Course, CourseModule
from tests import factories as make

NAMES = ["Ayşe", "Çiğdem", "Fatma", "Gül", "Hatice", "Işıl", "İpek", "Nur", "Özlem", "Şule", "Ümit"]
_phones = count(1)


def phone():
    """A telephone number that no other row of the test has."""
    return f"+90555{next(_phones):07d}"


def day(offset=0):
    return timezone.localdate() + timedelta(days=offset)


class Classroom:
    """`teacher` (with `user`), her `course`, a `session` of today and the `seats` of her class."""

    def __init__(self, trainees=3, modules=0, lesson=True, **fields):
        self.teacher = fields.pop("teacher", None) or make.teacher(
            "Nurhan", "Aydemir", with_user=True
        )
        self.user = self.teacher.user
        self.course = make.course(
            teacher=self.teacher,
            capacity=fields.pop("capacity", 30),
            programme=fields.pop("programme", None)
            or make.programme(module_based=bool(modules), total_hours=100),
            **fields,
        )
        self.modules = [
            CourseModule.objects.create(course=self.course, name=f"Modül {n}", hours=10, order=n)
            for n in range(1, modules + 1)
        ]
        self.session = make.session(self.course) if lesson else None
        self.seats = [self.seat() for _n in range(trainees)]

    def seat(self, first_name=None, last_name=None, **fields):
        """One more trainee with a seat."""
        number = next(_phones)
        who = make.trainee(
            first_name or NAMES[number % len(NAMES)],
            last_name or f"Yıldız{number}",
            phone=phone(),
        )
        return make.enrolment(who, self.course, **fields)


def fill_classes(username, trainees):
    """Bring the running courses of a teacher to so many trainees, with some seats left."""
    for course in Course.objects.filter(teacher__user__username=username, state="running"):
        course.capacity = trainees + 5
        course.save()
        for number in range(course.enrolments.holding_seat().count(), trainees):
            who = make.trainee(NAMES[number % len(NAMES)], f"Çalışkan{number}", phone=phone())
            make.enrolment(who, course)


def lengthen_names(username):
    """Give somebody in each course of a teacher names as long as they can be, without a blank."""
    for course in Course.objects.filter(teacher__user__username=username):
        for row in (*course.enrolments.all()[:1], *course.applications.all()[:1]):
            who = getattr(row, "trainee", None) or row
            who.first_name, who.last_name = "Uzunadlı" * 10, "Uzunsoyad" * 8
            who.save()
        course.programme.name = "Uzunprogramadı" * 8 + str(course.pk)
        course.programme.save()


def signed_in(client, user):
    client.force_login(user)
    return client


def statements(act):
    """How many statements on tables an act takes; what only frames a transaction is not counted."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    frames = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return [q["sql"] for q in queries.captured_queries if not q["sql"].startswith(frames)]
