"""What the courses app adds to the admin of the kernel."""

from courses.admin.places import OfficesInline
from izmek.admin import extend
from izmek.admin.users import UserAdmin

extend(UserAdmin, inlines=[OfficesInline])
