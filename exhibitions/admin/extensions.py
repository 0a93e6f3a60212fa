"""What the exhibitions app adds to the admin of the apps below.

The works of a course and of a person, a centre's photos, and no name without consent in a text that
visitors read.
"""

from courses.admin.courses import CourseAdmin
from courses.admin.places import CourseCentreAdmin
from courses.admin.programmes import ProgrammeAdmin
from exhibitions.admin.course_works import WORKS_OF_COURSE
from exhibitions.admin.person import WORKS
from exhibitions.admin.photos import CentrePhotoInline
from exhibitions.services import check_public_texts
from izmek.admin import extend
from trainees.admin import extensions as _  # noqa: F401  (its tabs are there first)
from trainees.admin.people import TraineeAdmin

extend(CourseAdmin, tabs=[WORKS_OF_COURSE], before="papers")
extend(TraineeAdmin, tabs=[WORKS], before="contacts")
extend(CourseCentreAdmin, inlines=[CentrePhotoInline], check=check_public_texts)
for admin_class in (CourseAdmin, ProgrammeAdmin):
    extend(admin_class, check=check_public_texts)
