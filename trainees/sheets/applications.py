"""The list of applications (ön kayıt), in the order in which they came."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.sheets.finding import Finder
from izmek.acts.enums import RowState
from izmek.acts.imports import ImportKind
from izmek.acts.refusal import Refusal
from izmek.sheets import cells
from izmek.sheets.columns import Column
from izmek.text.fold import fold
from trainees import rights, services
from trainees.enums import ApplicationState
from trainees.queries.same_person import may_be_one_name
from trainees.sheets.trainees import COURSE_COLUMNS, note_state
from trainees.sheets.who import read_person

COLUMNS = [
    *COURSE_COLUMNS,
    Column(
        "first_name",
        gettext_lazy("first name"),
        ("ad", "adı", "isim", "ismi", "başvuranın adı", "adayın adı"),
        reads=cells.name,
        examples=("Ayşe Nur", "Maria"),
    ),
    Column(
        "last_name",
        gettext_lazy("last name"),
        ("soyad", "soyadı", "soy isim", "soyisim", "soyismi"),
        reads=cells.name,
        examples=("Örnek", "Deneme"),
    ),
    Column(
        "full_name",
        gettext_lazy("first and last name"),
        ("ad soyad", "adı soyadı", "isim soyisim", "başvuran", "aday", "ad-soyad"),
        reads=cells.name,
        help=gettext_lazy("In one column: the last word is the last name."),
    ),
    Column(
        "phone",
        gettext_lazy("phone"),
        ("telefon", "tel", "telefonu", "cep", "cep telefonu", "gsm", "telefon no", "irtibat"),
        reads=cells.phone,
        required=True,
        examples=("0555 000 00 01", "0555 000 00 02"),
    ),
    Column(
        "email",
        gettext_lazy("e-mail"),
        ("e-posta", "eposta", "mail", "e-mail"),
        reads=cells.mail,
        examples=("ayse@example.org", ""),
    ),
    Column(
        "birth_year",
        gettext_lazy("year of birth"),
        ("doğum yılı", "d.yılı", "doğum tarihi", "yıl"),
        reads=cells.year,
        required=True,
        examples=(1985, 1990),
    ),
    Column(
        "already_certified",
        gettext_lazy("already certified in this programme"),
        ("bu programdan belgesi var", "belgesi var mı", "daha önce belge aldı mı"),
        reads=cells.flag,
        examples=("Hayır", "Hayır"),
    ),
    Column(
        "state",
        gettext_lazy("state of the application"),
        ("durum", "durumu"),
        reads=cells.choice_of_ours(ApplicationState),
        help=gettext_lazy("As our own lists give it out: who waits no more is not put in anew."),
    ),
]  # fmt: skip
SAME, OTHER = "same", "other"


class ApplicationList(ImportKind):
    name = "applications"
    title = gettext_lazy("Applications")
    text = gettext_lazy(
        "Who asks for a seat, in the order in which they came: the first rows come first on the waiting "
        "list. Who is offered a seat is told, as always."
    )
    updates = False

    def columns(self, about=None):
        return COLUMNS

    def may(self, by, about=None):
        return by is not None and super().may(by, about)

    def page(self):
        return reverse("admin:trainees_application_changelist")

    def judge(self, lines, run):
        finder = run.memo.setdefault("finder", Finder(run.by, "apply", rights))
        finder.read_courses(lines)
        seen = run.memo.setdefault("seen", {})
        for line in lines:
            person = read_person(line)
            line.plan["person"] = person
            is_past = line.get("state") not in (None, *ApplicationState.open())
            course = finder.course(line, is_past=is_past)
            if course is None and not line.problems:
                line.wrong(
                    _("There is no course in this row."),
                    column="course_number",
                    help=_("Write the course number."),
                )
            if line.problems:
                continue
            line.shown = f"{person.name} · {course}"
            line.plan["course"] = course
            self._judge(line, person, course, seen)

    def _judge(self, line, person, course, seen):
        note_state(line)
        before = (course.pk, str(line.get("phone")), fold(person.name))
        if before in seen and seen[before] != line.number:
            line.verdict = RowState.SAME
            line.notes.append(_("As row %(row)d.") % {"row": seen[before]})
            return
        if line.get("state") and line.get("state") not in ApplicationState.open():
            line.verdict = RowState.SAME
            line.notes.append(_("Waits no more: is not put in anew."))
            return
        open_ones = list(course.applications.open().filter(phone=line.get("phone")))
        seats = course.enrolments.holding_seat().filter(trainee__phone=line.get("phone"))
        seats = list(seats.select_related("trainee"))
        names = [str(one) for one in open_ones] + [str(seat.trainee) for seat in seats]
        if any(fold(name) == fold(person.name) for name in names):
            line.verdict = RowState.SAME
            line.notes.append(_("Has applied or has a seat already."))
            return
        if refusal := services.closed_to_all(course=course):
            line.refused(
                refusal, line.raw, help=_("Write the number of a course that takes people.")
            )
            return
        if refusal := services.too_young_by_year(course=course, birth_year=line.get("birth_year")):
            line.refused(refusal, line.raw)
            return
        alike = [name for name in names if may_be_one_name(person.name, name)]
        if alike:
            answer = line.ask(
                [
                    (SAME, _("the same person: %(who)s") % {"who": ", ".join(alike)}),
                    (OTHER, _("somebody else, who applies too")),
                ]
            )
            if answer == SAME:
                line.verdict = RowState.SAME
            if answer != OTHER:
                return
        seen[before] = line.number
        line.verdict = RowState.NEW

    def write(self, lines, run):
        for line in lines:
            person = line.plan["person"]
            try:
                application = services.apply(
                    course=line.plan["course"],
                    first_name=person.first_name,
                    last_name=person.last_name,
                    phone=line.get("phone"),
                    email=line.get("email") or "",
                    birth_year=line.get("birth_year"),
                    already_certified=line.get("already_certified") or False,
                    same_person=False if line.choice == OTHER else None,
                    by=run.by,
                )
            except Refusal as refusal:
                line.refused(refusal, line.raw)
            except ValidationError as error:
                line.refused(error, line.raw)
            else:
                line.target = application.pk
