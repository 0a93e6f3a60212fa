"""The list of teachers."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import TeacherKind
from courses.models import CourseCentre, Programme, Teacher
from courses.sheets.records import RecordList
from izmek.sheets import cells
from izmek.sheets.columns import Column
from izmek.text.fold import fold
from izmek.text.names import written_name
from izmek.text.phones import show

KINDS = {
    "kadrolu": TeacherKind.STAFF_TEACHER,
    "öğretmen": TeacherKind.STAFF_TEACHER,
    "usta öğretici": TeacherKind.PAID_INSTRUCTOR,
    "ücretli": TeacherKind.PAID_INSTRUCTOR,
    "ücretli usta": TeacherKind.PAID_INSTRUCTOR,
}

COLUMNS = [
    Column(
        "first_name",
        gettext_lazy("first name"),
        ("ad", "adı", "isim", "öğretmen adı"),
        reads=cells.name,
        writes=lambda teacher: teacher.first_name,
        examples=("Hatice", "Mehmet"),
    ),
    Column(
        "last_name",
        gettext_lazy("last name"),
        ("soyad", "soyadı", "soy isim", "soyisim"),
        reads=cells.name,
        writes=lambda teacher: teacher.last_name,
        examples=("Örnek", "Deneme"),
    ),
    Column(
        "full_name",
        gettext_lazy("first and last name"),
        ("ad soyad", "adı soyadı", "öğretmen", "usta öğretici", "öğretmenin adı soyadı", "eğitmen"),
        reads=cells.name,
        help=gettext_lazy("In one column: the last word is the last name."),
    ),
    Column(
        "kind",
        gettext_lazy("kind"),
        ("tür", "türü", "kadro", "görevi", "unvan", "ünvan"),
        reads=cells.choice(TeacherKind, KINDS),
        writes=lambda teacher: teacher.get_kind_display(),
        examples=("Ücretli usta öğretici", "Kadrolu öğretmen"),
    ),
    Column(
        "phone",
        gettext_lazy("phone"),
        ("telefon", "tel", "cep", "gsm"),
        reads=cells.phone,
        writes=lambda teacher: show(teacher.phone),
        examples=("0555 000 00 03", ""),
    ),
    Column(
        "email",
        gettext_lazy("e-mail"),
        ("e-posta", "eposta", "mail"),
        reads=cells.mail,
        writes=lambda teacher: teacher.email,
        examples=("hatice@example.org", ""),
    ),
    Column(
        "programmes",
        gettext_lazy("programmes"),
        ("programlar", "branş", "branşı", "branşları", "verdiği kurslar"),
        reads=cells.several,
        writes=lambda teacher: "; ".join(one.name for one in teacher.programmes.all()),
        help=gettext_lazy("Several separated by semicolons."),
    ),
    Column(
        "centres",
        gettext_lazy("course centres"),
        ("merkez", "merkezler", "merkezi", "kurs merkezi", "görev yeri"),
        reads=cells.several,
        writes=lambda teacher: "; ".join(one.name for one in teacher.centres.all()),
        help=gettext_lazy("Several separated by semicolons."),
    ),
]  # fmt: skip


class TeacherList(RecordList):
    name = "teachers"
    title = gettext_lazy("Teachers")
    text = gettext_lazy(
        "Teachers with what and where they teach. They are invited to sign in later."
    )
    model = Teacher

    def columns(self, about=None):
        return COLUMNS

    def facts(self, line, run):
        first, last = line.get("first_name", ""), line.get("last_name", "")
        if not first:
            first, _blank, last = line.get("full_name", "").rpartition(" ")
            first, last = (first, last) if first else (last, "")
        if not first:
            line.wrong(_("There is no name in this row."), help=_("Write first and last name."))
            return {}
        facts = {name: line.get(name) for name in ("kind", "phone", "email") if line.get(name)}
        try:
            facts["first_name"], facts["last_name"] = written_name(first), written_name(last)
        except ValidationError as error:
            line.refused(error)
        line.shown = f"{first} {last}".strip()
        return facts

    def linked(self, line, run):
        return {
            "programmes": self._named(line, "programmes", Programme),
            "centres": self._named(line, "centres", CourseCentre),
        }

    def _named(self, line, column, model):
        wanted = line.get(column) or ()
        known = {fold(row.name): row for row in model.objects.all()} if wanted else {}
        for name in wanted:
            if fold(name) not in known:
                line.wrong(
                    _("“%(name)s” is not known here.") % {"name": name},
                    column=column,
                    help=_("Write the name as it stands in our own list, or enter it there first."),
                )
        return [known[fold(name)] for name in wanted if fold(name) in known]

    def key(self, line, facts):
        return fold(line.shown), str(facts.get("phone", "")), facts.get("email", "")

    def find(self, line, facts, run):
        """Of one name: the same phone or address is the same person; else somebody chooses."""
        same = list(Teacher.objects.filter(folded=fold(line.shown)))
        sure = [
            one
            for one in same
            if (facts.get("phone") and one.phone == facts["phone"])
            or (facts.get("email") and one.email == facts["email"])
        ]
        if len(sure) == 1 or (len(same) == 1 and not facts.get("phone") and not facts.get("email")):
            return (sure or same)[0]
        if same:
            answer = line.ask(
                [
                    *((f"t{one.pk}", _described(one)) for one in same),
                    ("new", _("somebody else, who is new")),
                ]
            )
            return next((one for one in same if f"t{one.pk}" == answer), None)
        if "kind" not in facts:
            line.wrong(
                _("A new teacher needs the kind."),
                column="kind",
                help=_("Write one of these: %(words)s.")
                % {"words": ", ".join(str(label) for label in TeacherKind.labels)},
            )
        return None

    def link(self, record, name, value, line, run):
        getattr(record, name).add(*value)


def _described(teacher):
    contact = show(teacher.phone) or teacher.email
    return f"{teacher}, {teacher.get_kind_display()}" + (f", {contact}" if contact else "")
