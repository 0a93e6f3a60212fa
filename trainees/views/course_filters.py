"""The filters of the course list: the possible choices, and the courses that match."""

from collections import defaultdict

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.enums import LessonTime, Weekday
from courses.models import Course, TimetableSlot
from izmek.text.fold import slug
from izmek.text.order import sort_key, tr_order

COLUMNS = (
    "pk",
    "free",
    "programme__name",
    "programme__name_en",
    "centre__slug",
    "centre__name",
    "centre__neighbourhood__name",
)


class CourseFacet:
    """One question of the form.

    `key`: its name in the query string. `values(row)`: the answers of a course, as {value: label}.
    `chosen`: the selected value, "" for none. `options`: (value, label) of the values that match a
    course, in order. `lang`: the language of the labels if it is not the page's.
    """

    def __init__(self, key, label, values, order=lambda value, label: sort_key(label), lang=""):
        self.key, self.label, self.values, self.order, self.lang = key, label, values, order, lang
        self.chosen, self.options = "", []

    def fits(self, row):
        return not self.chosen or self.chosen in row[self.key]

    def offer(self, rows, all_rows):
        """Offer the answers of these courses; the chosen value is always included."""
        found = {value: label for row in rows for value, label in row[self.key].items()}
        if self.chosen:
            has_it = next(row for row in all_rows if self.chosen in row[self.key])
            found[self.chosen] = has_it[self.key][self.chosen]
        self.options = sorted(found.items(), key=lambda option: self.order(*option))


class CourseFilters:
    """The filters from a query string, applied to the courses that accept applications.

    `facets` and `free` (only with a free seat) are the form. `keys`: the primary keys of the
    matching courses, in order. `times`: {key: weekly times}. `unknown`: labels of facets whose
    requested value no course has; these facets are ignored.
    """

    def __init__(self, query):
        self.facets, self.free = _facets(), CourseFacet("bos", _("Only with free seats"), _free)
        questions = [*self.facets, self.free]
        rows, self.times = _open_courses()
        for row in rows:
            row |= {facet.key: facet.values(row) for facet in questions}
        self.unknown = []
        for facet in questions:
            asked = query.get(facet.key, "").strip()
            if asked and any(asked in row[facet.key] for row in rows):
                facet.chosen = asked
            elif asked:
                self.unknown.append(facet.label)
        misses = [(row, [facet for facet in questions if not facet.fits(row)]) for row in rows]
        self.keys = [row["pk"] for row, missed in misses if not missed]
        for facet in questions:
            # Offer a value if some course has it and also matches all other questions.
            facet.offer((row for row, missed in misses if missed in ([], [facet])), rows)

    @property
    def active(self):
        return bool(self.free.chosen or any(facet.chosen for facet in self.facets))


def _open_courses():
    """Light rows of all courses that accept applications, by start date; and {key: weekly times}."""
    courses = Course.objects.open_for_application()
    rows = courses.with_free_seats().order_by("begin", tr_order("programme__name"), "pk")
    times = defaultdict(list)
    slots = TimetableSlot.objects.filter(course__in=courses.values("pk"))
    for slot in slots.values_list("course_id", "weekday", "begin", "end", named=True):
        times[slot.course_id].append(slot)
    return [row | {"times": times[row["pk"]]} for row in rows.values(*COLUMNS)], times


def _facets():
    turkish = "" if get_language() == "tr" else "tr"
    return [
        CourseFacet("mahalle", _("Neighbourhood"), _neighbourhood, lang=turkish),
        CourseFacet("merkez", _("Course centre"), _centre, lang=turkish),
        CourseFacet("program", _("Programme"), _programme),
        CourseFacet("gun", _("Day"), _days, order=lambda value, label: value),
        CourseFacet(
            "saat", _("Time"), _hours, order=lambda value, label: LessonTime.values.index(value)
        ),
    ]


def _neighbourhood(row):
    name = row["centre__neighbourhood__name"]
    return {slug(name) or name: name}


def _centre(row):
    return {row["centre__slug"]: row["centre__name"]}


def _programme(row):
    english = get_language() == "en" and row["programme__name_en"]
    name = row["programme__name"]
    return {slug(name) or name: english or name}


def _days(row):
    return {str(slot.weekday): str(Weekday(slot.weekday).label) for slot in row["times"]}


def _hours(row):
    """The times of day at which all lessons are held: "morning" means that every lesson is then."""
    times = [(slot.weekday, slot.begin, slot.end) for slot in row["times"]]
    return {
        time.value: str(time.label)
        for time in LessonTime
        if times and all(time.holds(*one) for one in times)
    }


def _free(row):
    return {"1": ""} if row["free"] else {}
