"""Which rows a user may see, by course."""

from courses.queries.scope import ChildQuerySet


class CourseScopedQuerySet(ChildQuerySet):
    """Rows of people in a course; visible to those who may see its people."""

    parent = "course"

    def visible_parents(self, user):
        from courses.models import Course

        return Course.objects.with_people_seen_by(user)


class EnrolmentChildQuerySet(CourseScopedQuerySet):
    parent = "enrolment__course"


class MarkQuerySet(CourseScopedQuerySet):
    parent = "module__course"  # that of its enrolment: from here fewer rows lead to the marks
