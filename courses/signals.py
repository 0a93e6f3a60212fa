"""Which tables of courses the public pages are made of (izmek/public/areas.py)."""

from courses import models
from courses.models import Course
from izmek.public.areas import ends_at, watch
from izmek.public.enums import Area

NAMES = ("first_name", "last_name")

watch(
    [
        models.Neighbourhood,
        models.CourseCentre,
        models.Field,
        models.Programme,
        models.EducationYear,
        models.Term,
        models.Course,
        models.CourseModule,
        models.TeacherChange,
        models.TimetableSlot,
    ],
    Area.COURSES,
)
# Of a teacher, pages show the name. A corrected phone empties no page.
watch([models.Teacher], Area.COURSES, columns=NAMES)
watch([models.Session, models.Holiday], Area.LESSONS)
watch([models.Room], Area.LESSONS, columns=("name",))
ends_at(Area.COURSES)(lambda now: Course.objects.next_change_of_applications(now))
