"""Which rows a user sees, by course."""

from django.db import models

from izmek.accounts.roles import Role


class CourseScopedQuerySet(models.QuerySet):
    """Rows of a course (`course_path` leads there), seen by whoever sees the course."""

    course_path = "course"

    def visible_to(self, user):
        from courses.models import Course

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        if user.has_role(Role.CURATOR) and not user.has_role(Role.OFFICER, Role.TEACHER):
            return self.none()
        return self.filter(
            **{f"{self.course_path}__in": Course.objects.visible_to(user).values("pk")}
        )


class EnrolmentChildQuerySet(CourseScopedQuerySet):
    course_path = "enrolment__course"
