"""QuerySets of calls."""

from trainees.queries.scope import CourseScopedQuerySet


class CallQuerySet(CourseScopedQuerySet):
    def open(self):
        """Calls that nobody has made yet."""
        return self.filter(done_at=None)

    def with_people(self):
        """With what `who`, `phones` and the course's name need, in a fixed number of queries."""
        return self.select_related(
            "course__programme", "course__centre", "enrolment__trainee", "application"
        ).prefetch_related("enrolment__trainee__guardians")
