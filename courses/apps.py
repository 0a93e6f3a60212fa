from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")

    def ready(self):
        from courses import signals  # noqa: F401  (connects them)
        from courses.permissions import PERMISSIONS
        from izmek.accounts.roles import grant

        grant(PERMISSIONS)
