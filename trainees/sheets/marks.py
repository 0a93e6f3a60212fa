"""The marks of a course: a row for each trainee, a column for each module."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Course
from izmek.acts.enums import RowState
from izmek.acts.imports import ImportKind
from izmek.secrets.identity import mask
from izmek.sheets import cells
from izmek.sheets.cells import CellError
from izmek.sheets.columns import Column
from izmek.text.fold import fold
from trainees import rights
from trainees.models import Mark
from trainees.queries.same_person import may_be_one_name
from trainees.services.marks import mark_text, read_mark, set_mark
from trainees.sheets.trainees import who_is_it
from trainees.sheets.who import read_person


def mark(value):
    """A mark as it is typed: 0 to 100, or M (muaf) for exempt."""
    line = cells.digits(value)
    line = "M" if fold(line) in ("m", "muaf", "muafiyet") else line
    try:
        read_mark(line)
    except ValidationError as error:
        raise CellError(
            error.messages[0],
            help=_("A mark with decimals is rounded by the teacher."),
            code="mark",
        ) from None
    return line


class MarkList(ImportKind):
    name = "marks"
    title = gettext_lazy("Marks of a course")
    text = gettext_lazy("A row for each trainee, a column for each module.")
    about = Course

    def columns(self, about=None):
        modules = about.modules.all() if about else ()
        return who_is_it(
            *(
                Column(
                    f"module-{module.pk}",
                    module.name,
                    (f"{number}. modül", f"modül {number}"),
                    reads=mark,
                    writes=_mark_of(module.pk),
                    examples=(85, "M"),
                )
                for number, module in enumerate(modules, 1)
            )
        )

    def may(self, by, about=None):
        """Whoever sets marks of the course; without one, whoever puts in lists."""
        if about is None or by is None:
            return super().may(by)
        return super().may(by) and rights.may(by, "finish_course", about)

    def page(self):
        return reverse("admin:courses_course_changelist")

    def judge(self, lines, run):
        course = run.about
        seats = list(course.enrolments.current().select_related("trainee__identity").order_by("pk"))
        marks = {
            (one.enrolment_id, one.module_id): one
            for one in Mark.objects.filter(enrolment__course=course)
        }
        modules = {f"module-{module.pk}": module for module in course.modules.all()}
        seen = run.memo.setdefault("seen", {})
        for line in lines:
            seat = self._seat(line, seats)
            if line.problems or seat is None:
                continue
            line.shown, line.target = str(seat.trainee), seat.pk
            if seen.setdefault(seat.pk, line.number) != line.number:
                line.wrong(
                    _("Row %(row)d is about the same person.") % {"row": seen[seat.pk]},
                    help=_("Leave one of the two rows."),
                )
                continue
            line.plan["seat"] = seat
            line.plan["marks"] = self._new_marks(line, seat, marks, modules, run)
            line.verdict = RowState.KNOWN if line.plan["marks"] else RowState.SAME

    def _seat(self, line, seats):
        """The seat of the person in this row, or None with a problem or a question."""
        person = read_person(line)
        if line.problems:
            return None
        line.shown = person.shown
        if line.get("record"):
            found = [seat for seat in seats if seat.trainee_id == line.get("record")]
        elif person.hash:
            found = [seat for seat in seats if _hash_of(seat) in person.hashes]
        else:
            found = [seat for seat in seats if fold(str(seat.trainee)) == fold(person.name)]
            alike = [seat for seat in seats if may_be_one_name(person.name, str(seat.trainee))]
            if len(found) != 1 and alike:
                return self._asked(line, alike)
        if len(found) != 1 or not may_be_one_name(person.name, str(found[0].trainee)):
            line.wrong(
                _("Nobody of this name and number has a seat in the course now."),
                column="full_name" if "full_name" in line.raw else "first_name",
                help=_("Look at the list of the course; who has left it gets no marks."),
            )
            return None
        return found[0]

    def _asked(self, line, alike):
        choices = [(f"s{seat.pk}", _described(seat)) for seat in alike]
        answer = line.ask([*choices, ("none", _("nobody of these"))])
        if answer == "none":
            line.verdict = RowState.SAME
        return next((seat for seat in alike if f"s{seat.pk}" == answer), None)

    def _new_marks(self, line, seat, marks, modules, run):
        """{module: (mark on record, mark in the list)} of those to be set."""
        new = {}
        for name, module in modules.items():
            value = line.get(name)
            recorded = mark_text(marks.get((seat.pk, module.pk)))
            if value is None or value == recorded:
                continue
            if recorded and not run.file_counts:
                line.notes.append(
                    _("%(column)s: on record %(recorded)s, in the list %(listed)s.")
                    % {"column": module.name, "recorded": recorded, "listed": value}
                )
                continue
            new[module] = recorded, value
        return new

    def write(self, lines, run):
        for line in lines:
            for module, (shown, value) in line.plan["marks"].items():
                try:
                    set_mark(
                        enrolment=line.plan["seat"],
                        module=module,
                        value=value,
                        shown=shown,
                        by=run.by,
                    )
                except ValidationError as refusal:
                    line.refused(refusal)
                    line.problems[-1] = (f"module-{module.pk}", *line.problems[-1][1:])
                    break


def _hash_of(seat):
    identity = getattr(seat.trainee, "identity", None)
    return identity and identity.hash


def _described(seat):
    trainee, identity = seat.trainee, getattr(seat.trainee, "identity", None)
    return f"{trainee}, {mask(identity.number)}" if identity else str(trainee)


def _mark_of(module):
    """For exports of seats: the mark of a module as it is typed."""
    return lambda seat: mark_text(
        next((m for m in seat.marks.all() if m.module_id == module), None)
    )
