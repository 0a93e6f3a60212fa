from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")

    def ready(self):
        from courses import personal_data, signals  # noqa: F401  (declare and connect themselves)
        from courses.permissions import PERMISSIONS
        from courses.queries.scope import reach_of
        from courses.sheets import CentreList, CourseList, ProgrammeList, RoomList, TeacherList
        from izmek.accounts.roles import grant
        from izmek.acts import imports, rights

        grant(PERMISSIONS)
        rights.reaches_by(reach_of)
        imports.register(CentreList(), RoomList(), ProgrammeList(), TeacherList(), CourseList())
