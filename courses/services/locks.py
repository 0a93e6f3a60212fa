"""The course's row is the lock for everything in the course."""

from courses.models import Course


def lock_course(course):
    """Read the course again and lock it until the transaction ends.

    Every act that changes its state, seats, queue, sessions, roll or marks holds this lock, so such
    acts run one after the other. Rows that only refer to the course do not wait for it.
    """
    return lock_courses(course)[0]


def lock_courses(*courses):
    """Read several courses again and lock them in the order of their ids; returned as given."""
    ids = [course.pk for course in courses]
    rows = Course.objects.select_for_update(of=("self",), no_key=True)
    locked = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
    return [locked[pk] for pk in ids]
