"""What the search in the header finds of this app: courses, course centres, teachers."""

from datetime import date

from django.db.models import Q

from courses.enums import CourseState, TeacherKind
from courses.models import Course, CourseCentre, Programme, Teacher, TeacherChange
from izmek.admin.header_search import Hit, SearchKind, every_word, found_in_header, of_person
from izmek.admin.masking import reads_masked
from izmek.text.dates import date_range
from izmek.text.fold import fold
from izmek.text.phones import show

# As a clerk looks for them: what runs, then what is being filled.
STATES = [
    CourseState.RUNNING,
    CourseState.OPEN,
    CourseState.PLANNED,
    CourseState.FINISHED,
    CourseState.CANCELLED,
]


def course_name(row):
    """What the course of a row with `programme`, `group` and `centre` is called."""
    programme, centre = Programme(name=row["programme"]), CourseCentre(name=row["centre"])
    return str(Course(programme=programme, group=row["group"], centre=centre))


@found_in_header(20)
class CourseSearch(SearchKind):
    model = Course
    in_list = {"year": "all"}
    told = {
        "programme": "programme__name",
        "group": "group",
        "centre": "centre__name",
        "number": "number",
        "begin": "begin",
        "end": "end",
        "state": "state",
    }

    def rules(self, asked, user):
        def otherwise(word):
            later = TeacherChange.objects.filter(teacher__folded__contains=word).values("course")
            return Q(number__icontains=word) | Q(group__iexact=word) | Q(pk__in=later)

        names = ("programme__folded", "centre__folded", "teacher__folded")
        found = every_word(asked.words, *names, also=otherwise)
        now = ~Q(state__in=CourseState.over())
        return [found & now, found]  # of ten years those of now for sure

    def hit(self, row, asked):
        begin, end = (date.fromisoformat(row[name]) for name in ("begin", "end"))
        state = CourseState(row["state"])
        return Hit(
            course_name(row),
            facts=(date_range(begin, end), row["number"]),
            state=state.label,
            is_exact=fold(row["number"]) == asked.folded,
            rank=(STATES.index(state), -begin.toordinal()),
        )


@found_in_header(40)
class CentreSearch(SearchKind):
    model = CourseCentre
    told = {
        "name": "name",
        "neighbourhood": "neighbourhood__name",
        "phone": "phone",
        "in_use": "in_use",
    }

    def rules(self, asked, user):
        return [every_word(asked.words, "folded", "neighbourhood__folded")]

    def hit(self, row, asked):
        facts = (row["neighbourhood"], show(row["phone"]))
        return Hit(row["name"], facts=facts, rank=(not row["in_use"],))


@found_in_header(50)
class TeacherSearch(SearchKind):
    model = Teacher
    told = {"first_name": "first_name", "last_name": "last_name", "kind": "kind", "phone": "phone"}

    def rules(self, asked, user):
        if not (asked.names or asked.digits) or (asked.digits and reads_masked(user)):
            return []
        return [of_person(asked)]

    def hit(self, row, asked):
        return Hit(
            str(Teacher(first_name=row["first_name"], last_name=row["last_name"])),
            facts=(TeacherKind(row["kind"]).label,),
            is_exact=asked.is_phone(row["phone"]),
        )
