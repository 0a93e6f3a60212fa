"""Which rows a user may see, by course."""

from django.db import models

from izmek.accounts.roles import Role


class CourseScopedQuerySet(models.QuerySet):
    """Rows of a course (`course_path` leads to it); visible to those who may see the course."""

    course_path = "course"

    def visible_to(self, user):
        from courses.models import Course

        if user.has_role(Role.MANAGER, Role.AUDITOR):
            return self
        courses = Course.objects.with_people_seen_by(user).values("pk")
        return self.filter(**{f"{self.course_path}__in": courses})


class EnrolmentChildQuerySet(CourseScopedQuerySet):
    course_path = "enrolment__course"
