"""What the exhibitions app adds to the admin of courses: a centre's photos."""

from courses.admin.places import CourseCentreAdmin
from exhibitions.admin.photos import CentrePhotoInline
from izmek.admin import extend

extend(CourseCentreAdmin, inlines=[CentrePhotoInline])
