"""The course's row is the lock of everything that happens in the course."""

from courses.models import Course


def lock_course(course):
    """The course, read again and locked until the transaction ends.

    Whoever changes its state, seats, queue, sessions, roll or marks holds this lock, so that two
    such acts come after each other. Rows that only point to the course do not wait for it.
    """
    return lock_courses(course)[0]


def lock_courses(*courses):
    """Several courses, read again and locked in the order of their ids; given back as asked for."""
    ids = [course.pk for course in courses]
    rows = Course.objects.select_for_update(of=("self",), no_key=True)
    locked = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
    return [locked[pk] for pk in ids]
