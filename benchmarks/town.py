"""What the rows need to know of a populated town: whom to sign in, and which pages to ask for."""

from datetime import timedelta
from functools import cached_property
from itertools import count
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.test import Client
from django.utils import timezone

from courses.enums import CourseState
from courses.models import Course, CourseCentre, EducationYear, Session
from exhibitions.enums import WorkState
from exhibitions.models import Exhibition, Maker, Technique, Work
from izmek.site.demo.data import names
from izmek.text.codes import new_code
from trainees.enums import EnrolmentState
from trainees.models import Application, Certificate, Enrolment, Trainee
from trainees.services import issue_certificates

# What a course that is made to measure has in common with one of the town.
LIKE = (
    *("programme", "centre", "teacher", "term", "total_hours", "pass_mark"),
    *("absence_limit_numerator", "absence_limit_denominator"),
)


class Town:
    """The rows of the database are looked up when they are asked for first."""

    def __init__(self, browser):
        self.browser = browser  # makes one that holds some cookies
        self.turns = count()  # so that acts differ from each other

    @cached_property
    def visitor(self):
        return self.browser()

    def signed_in(self, name):
        """A browser in which that user has signed in."""
        client = Client()
        client.force_login(get_user_model().objects.get(username=name))
        return self.browser({"sessionid": client.cookies["sessionid"].value})

    @cached_property
    def exhibitions(self):
        rows = Exhibition.objects.annotate(n=Count("works")).order_by("-n")
        return {row.n: row for row in rows}

    @cached_property
    def largest(self):
        return next(iter(self.exhibitions.values()))

    @cached_property
    def small(self):
        return self.exhibitions[60]

    @cached_property
    def work(self):
        return Work.objects.filter(showings__exhibition=self.largest).first()

    @cached_property
    def centre(self):
        return CourseCentre.objects.get(officers__user__username="merkez")

    @cached_property
    def technique(self):
        rows = Technique.objects.filter(works__exhibitions=self.largest)
        return rows.annotate(n=Count("works")).order_by("-n", "pk").first()

    @cached_property
    def maker(self):
        """The first name of a maker in the largest exhibition."""
        makers = Maker.objects.filter(work__exhibitions=self.largest, trainee__isnull=False)
        return quote(makers.select_related("trainee").first().trainee.first_name.split()[0])

    @cached_property
    def certificate(self):
        """The latest one; a populated town that has none gets one."""
        if latest := Certificate.objects.order_by("-pk").first():
            return latest
        course, seats = self.certified.pop(0)
        course = Course.objects.get(pk=course)
        seats = Enrolment.objects.filter(pk__in=seats[:1])
        return issue_certificates(course=course, enrolments=seats, by=None)[0]

    @cached_property
    def open_course(self):
        return Course.objects.open_for_application().order_by("pk").first()

    @cached_property
    def planned_course(self):
        return Course.objects.filter(state=CourseState.PLANNED).order_by("pk").first()

    @cached_property
    def running(self):
        """Running courses of the teacher who signs in."""
        teacher = get_user_model().objects.get(username="ogretmen")
        return list(
            Course.objects.taught_by(teacher).filter(state=CourseState.RUNNING).order_by("pk")
        )

    @cached_property
    def with_seats(self):
        """Those courses, with seats for whoever is enrolled while this is measured."""
        Course.objects.filter(pk__in=[course.pk for course in self.running]).update(capacity=500)
        return self.running

    def full_courses(self, count, *, people):
        """The keys of so many finished courses with marks, each filled up to so many people."""
        rows = Course.objects.filter(state=CourseState.FINISHED, modules__isnull=False)
        courses = list(rows.order_by("-end", "-pk").distinct()[:count])
        for course in courses:
            missing = people - course.enrolments.holding_seat().count()
            others = Trainee.objects.exclude(enrolments__course=course).order_by("pk")
            Enrolment.objects.bulk_create(
                Enrolment(trainee_id=key, course=course, joined_on=course.begin, state="completed")
                for key in others.values_list("pk", flat=True)[: max(0, missing)]
            )
        return [course.pk for course in courses]

    def long_gone(self, count):
        """Let so many people have attended a course for the last time twelve years ago."""
        last = timezone.now() - timedelta(days=12 * 366)
        like = Course.objects.filter(state=CourseState.FINISHED).first()
        course = Course.objects.create(
            number=new_code(),
            state=CourseState.FINISHED,
            begin=last.date() - timedelta(days=90),
            end=last.date(),
            capacity=count,
            **{name: getattr(like, name) for name in LIKE},
        )
        once = Enrolment.objects.order_by().values("trainee").annotate(n=Count("pk")).filter(n=1)
        makers = Maker.objects.filter(trainee__isnull=False).values("trainee")
        seats = Enrolment.objects.filter(
            trainee__in=once.values("trainee"),
            trainee__anonymised_at=None,
            course__state=CourseState.FINISHED,
        ).exclude(Q(state=EnrolmentState.ENROLLED) | Q(trainee__in=makers))
        keys = list(seats.order_by("pk").values_list("trainee", flat=True)[:count])
        Enrolment.objects.filter(trainee__in=keys).update(course=course)
        Application.objects.filter(trainee__in=keys).update(course=course)
        Trainee.objects.filter(pk__in=keys).update(created_at=last)

    @cached_property
    def lesson(self):
        """The last lesson of hers whose day has come."""
        lessons = Session.objects.filter(course__in=self.running, date__lte=timezone.localdate())
        return lessons.exclude(state="cancelled").order_by("-date", "-pk").first()

    @cached_property
    def seats(self):
        """The seats of that lesson's course that are held, by key."""
        return list(self.lesson.course.enrolments.holding_seat().values_list("pk", flat=True))

    @cached_property
    def certified(self):
        """[(key of a finished course, keys of those who completed it)], without certificates so far."""
        done = Enrolment.objects.filter(
            state=EnrolmentState.COMPLETED, course__state=CourseState.FINISHED, certificates=None
        )
        courses = done.order_by().values_list("course").annotate(n=Count("pk"))
        keys = [key for key, _count in courses.filter(n__gte=10).order_by("course")[:300]]
        found = {key: [] for key in keys}
        for course, seat in done.filter(course__in=keys).values_list("course", "pk"):
            found[course].append(seat)
        return list(found.items())

    @cached_property
    def year_with_certificates(self):
        """An education year that is over, with 1,000 certificates; one that had none, if there is one."""
        over = EducationYear.objects.filter(end__lt=timezone.localdate()).order_by("-begin")
        free = over.exclude(terms__courses__enrolments__certificates__isnull=False)
        year = free.first() or over.first()
        done = Enrolment.objects.filter(
            state=EnrolmentState.COMPLETED, course__term__year=year, certificates=None
        )
        left = 1_000 - Certificate.objects.valid().chosen(year=year.pk).count()
        for course in Course.objects.filter(term__year=year, state=CourseState.FINISHED):
            seats = list(done.filter(course=course)[: max(0, left)])
            if seats:
                issue_certificates(course=course, enrolments=seats, by=None)
            left -= len(seats)
        return year

    @cached_property
    def draft(self):
        """A work that its teacher may still change, so that it takes photos."""
        work = Work(course=self.running[0], title="Ölçü", state=WorkState.DRAFT)
        work.fill_from_course()
        work.technique = work.technique or self.technique
        work.save()
        return work

    @cached_property
    def education(self):
        """(level of education, how many people have it): that of which about 35,000 have it."""
        rows = Trainee.objects.exclude(education="").order_by().values_list("education")
        return min(rows.annotate(n=Count("pk")), key=lambda row: abs(row[1] - 35_000))

    def new_identity_number(self):
        """One that nobody has yet."""
        return names.identity_number(5_000_000 + next(self.turns))
