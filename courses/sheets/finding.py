"""What the names in a list mean: courses, centres, rooms, programmes, neighbourhoods, by fold."""

import re
from collections import defaultdict

from django.db.models import F
from django.utils.translation import gettext as _

from courses.enums import CourseState
from courses.models import Course, CourseCentre, Neighbourhood
from izmek.text.fold import fold
from izmek.text.search import closest

MOST_NAMED = 5  # courses that are named in a sentence


class Finder:
    """Finds what the rows of a list name, among what a user may do `act` on; reads each table once."""

    def __init__(self, by, act, rights):
        self.by, self.act, self.rights = by, act, rights
        self.by_number, self.asked = {}, set()
        self.by_record = defaultdict(
            list
        )  # record number → courses in which they have or had a seat
        self._names, self._over, self._centres, self._tables = None, None, None, {}

    # --- Courses ------------------------------------------------------------------------------

    def _courses(self):
        rows = Course.objects.select_related("programme", "centre", "room", "term__year")
        return self.rights.rows(self.by, self.act, rows)

    def read_courses(self, lines):
        """Read the courses of these rows' numbers with one query, and of their people with another."""
        numbers = {line.get("course_number") for line in lines} - self.asked - {None}
        if numbers:
            self.asked |= numbers
            self.by_number |= {
                row.number: row for row in self._courses().filter(number__in=numbers)
            }

        named = [line for line in lines if line.get("course") and not line.get("course_number")]
        records = {line.get("record") for line in named} - self.by_record.keys() - {None}
        if records:
            self.by_record |= {record: [] for record in records}
            rows = self._courses().filter(enrolments__trainee__in=records)
            for row in rows.annotate(whose=F("enrolments__trainee")):
                self.by_record[row.whose].append(row)

    def course(self, line, is_past=False):
        """The course of a ListLine, or None; a problem where it is not one course.

        `is_past`: the row tells of what is over, so nothing will be done in the course: it may be over.
        """
        number, name = line.get("course_number"), line.get("course")
        if number:
            found = self.by_number.get(number)
            if found is None:
                line.wrong(
                    _("None of your courses has this number."),
                    column="course_number",
                    help=_("Look it up in the list of courses, or enter it there."),
                )
            return found
        return self._named(line, name, is_past) if name else None

    def _named(self, line, name, is_past):
        if self._names is None:
            self._names = _by_words(self._courses().not_over())
        called = self._names.get(fold(name), [])
        found = self._there(line, called)
        if len(found) == 1:
            return found[0]
        past = [
            row for row in self.by_record.get(line.get("record"), ()) if fold(name) in _words(row)
        ]
        if is_past and not found and not past:
            if self._over is None:
                self._over = _by_words(self._courses().filter(state__in=CourseState.over()))
            past = self._over.get(fold(name), [])
        if past := self._there(line, past):
            return max(past, key=lambda row: (row.begin, row.pk))
        if found:
            named = "; ".join(
                f"{row} ({row.number or row.begin:%d.%m.%Y})"
                if not row.number
                else f"{row} ({row.number})"
                for row in found[:MOST_NAMED]
            )
            line.wrong(
                _("Several courses have this name: %(courses)s.") % {"courses": named},
                column="course",
                help=_("Write the course number."),
            )
        elif called:
            line.wrong(
                _("None of your courses of this name is at this course centre."),
                column="course_centre",
                help=_("Look it up in the list of courses, or write the course number."),
            )
        else:
            line.wrong(
                _("None of your courses that are not over has this name."),
                column="course",
                help=_("Write it as it stands in the list of courses, or write the course number."),
            )
        return None

    def _there(self, line, found):
        """Those of some courses that are at the centre of a ListLine, if that is a centre of ours.

        Many write it short, and others the name of a house: what is no centre tells nothing.
        """
        where = fold(line.get("course_centre") or "")
        if not where or not found:
            return found
        if self._centres is None:
            self._centres = {
                pk: fold(name) for pk, name in CourseCentre.objects.values_list("pk", "name")
            }
        named = {pk for pk, name in self._centres.items() if name == where}
        named = named or {pk for pk, name in self._centres.items() if where in name}
        return [row for row in found if row.centre_id in named] if named else found

    # --- Tables that are named ----------------------------------------------------------------

    def neighbourhood(self, line, column="neighbourhood"):
        """The neighbourhood that a ListLine names, or None."""
        name = line.get(column)
        if not name:
            return None
        short = re.sub(r"\s+(mahallesi|mah\.?|mh\.?)$", "", name.strip(), flags=re.IGNORECASE)
        return self.one(line, column, short, Neighbourhood.objects.all())

    def one(self, line, column, name, rows, key=None):
        """The row of this name among `rows` (read once), or None with a problem that names the closest."""
        table = (rows.model, key)
        if table not in self._tables:
            self._tables[table] = {fold(row.name): row for row in rows}
        known = self._tables[table]
        found = known.get(fold(name))
        if found is None:
            near = closest(fold(name), list(known))
            line.wrong(
                _("“%(name)s” is not known here.") % {"name": name},
                column=column,
                help=_("Is it “%(near)s”?") % {"near": known[near].name}
                if near
                else _("Write the name as it stands in our own list, or enter it there first."),
            )
        return found


def _words(course):
    """What a list may call a course."""
    names = (str(course), f"{course.programme} {course.group}", str(course.programme))
    return {fold(name.strip()) for name in names}


def _by_words(courses):
    found = defaultdict(list)
    for row in courses:
        for word in _words(row):
            found[word].append(row)
    return found
