"""What public pages are made of."""

from enum import StrEnum


class Area(StrEnum):
    """Parts of what public pages show that change by themselves (izmek/public/areas.py)."""

    SHOWN = "shown"  # exhibitions, works, photos, and the names on them
    COURSES = "courses"  # courses, programmes, centres, years, notices
    LESSONS = "lessons"  # the single lessons of courses
    SEATS = "seats"  # free seats and waiting lists
    FIGURES = "figures"  # the counted figures of a year
    CERTIFICATES = "certificates"  # what became of certificates that were issued
