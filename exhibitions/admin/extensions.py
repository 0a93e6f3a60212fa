"""What the exhibitions app adds to the admin of courses: a centre's photos, and no name without consent."""

from courses.admin.courses import CourseAdmin
from courses.admin.places import CourseCentreAdmin
from courses.admin.programmes import ProgrammeAdmin
from exhibitions.admin.photos import CentrePhotoInline
from exhibitions.services import check_public_texts
from izmek.admin import extend

extend(CourseCentreAdmin, inlines=[CentrePhotoInline], check=check_public_texts)
for admin_class in (CourseAdmin, ProgrammeAdmin):
    extend(admin_class, check=check_public_texts)
