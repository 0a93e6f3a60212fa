"""The list of programmes with their modules."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import Education
from courses.models import Field, Module, Programme
from courses.sheets.records import RecordList
from izmek.acts.saving import save
from izmek.sheets import cells
from izmek.sheets.cells import CellError
from izmek.sheets.columns import Column
from izmek.text.fold import fold

EDUCATION = {
    "yok": Education.NONE,
    "ilkokul": Education.PRIMARY,
    "ortaokul": Education.LOWER_SECONDARY,
    "lise": Education.UPPER_SECONDARY,
}
_MODULE = re.compile(r"(.+?)\s*[(:\-–]\s*(\d{1,4})\s*(?:saat|s\.?|sa\.?)?\s*\)?")


def modules(value):
    """[(name, lesson hours)] of `Temel teknikler (40); Desen (60)`."""
    found = []
    for part in cells.several(value):
        match = _MODULE.fullmatch(part)
        if not match:
            raise CellError(
                _("The lesson hours of “%(module)s” are missing."),
                params={"module": part},
                help=_("Write the modules like this: Temel teknikler (40); Desen (60)."),
                code="module",
            )
        found.append((match[1].strip(), int(match[2])))
    return found


def written_modules(programme):
    return "; ".join(f"{module.name} ({module.hours})" for module in programme.modules.all())


COLUMNS = [
    Column(
        "field",
        gettext_lazy("field of study"),
        ("alan", "alan adı", "alanı"),
        writes=lambda programme: programme.field.name,
        examples=("El Sanatları Teknolojisi", "Giyim Üretim Teknolojisi"),
    ),
    Column(
        "name",
        gettext_lazy("programme"),
        ("program", "program adı", "branş", "kurs programı", "modül programı"),
        writes=lambda programme: programme.name,
        required=True,
        examples=("Örnek Nakış", "Örnek Dikiş"),
    ),
    Column(
        "name_en",
        gettext_lazy("name in English"),
        ("ingilizce adı",),
        writes=lambda programme: programme.name_en,
    ),
    Column(
        "total_hours",
        gettext_lazy("total lesson hours"),
        ("toplam saat", "süre", "süresi", "kurs süresi", "saat", "toplam ders saati"),
        reads=cells.number,
        writes=lambda programme: programme.total_hours,
        examples=(120, 200),
    ),
    Column(
        "modules",
        gettext_lazy("modules"),
        ("modüller", "modül"),
        reads=modules,
        writes=written_modules,
        examples=("Temel teknikler (40); Desen (80)", ""),
        help=gettext_lazy("Each with its lesson hours, separated by semicolons."),
    ),
    Column(
        "minimum_age",
        gettext_lazy("minimum age"),
        ("en küçük yaş", "yaş", "asgari yaş", "yaş sınırı"),
        reads=cells.number,
        writes=lambda programme: programme.minimum_age,
        examples=(16, 16),
    ),
    Column(
        "minimum_education",
        gettext_lazy("minimum education"),
        ("en az öğrenim", "öğrenim şartı", "eğitim şartı"),
        reads=cells.choice(Education, EDUCATION),
        writes=lambda programme: programme.get_minimum_education_display(),
    ),
    Column(
        "bring",
        gettext_lazy("what to bring"),
        ("getirilecekler", "malzeme"),
        reads=cells.prose,
        writes=lambda programme: programme.bring,
    ),
    Column(
        "in_use",
        gettext_lazy("in use"),
        ("kullanımda", "aktif"),
        reads=cells.flag,
        writes=lambda programme: programme.in_use,
        examples=("Evet", "Evet"),
    ),
]  # fmt: skip


class ProgrammeList(RecordList):
    name = "programmes"
    title = gettext_lazy("Programmes with modules")
    text = gettext_lazy("What is taught: field, hours, conditions and modules.")
    model = Programme

    def columns(self, about=None):
        return COLUMNS

    def facts(self, line, run):
        facts = {
            name: value for name, value in line.values.items() if name not in ("field", "modules")
        }
        line.shown = facts.get("name", "")
        return facts

    def linked(self, line, run):
        return {"modules": line.get("modules")}

    def key(self, line, facts):
        return fold(line.get("field", "")), fold(facts["name"])

    def find(self, line, facts, run):
        field = line.get("field")
        rows = [
            one
            for one in Programme.objects.select_related("field").filter(
                folded__contains=fold(facts["name"])
            )
            if fold(one.name) == fold(facts["name"])
            and (not field or fold(one.field.name) == fold(field))
        ]
        if len(rows) > 1:
            answer = line.ask([(f"p{one.pk}", f"{one.field}: {one.name}") for one in rows])
            return next((one for one in rows if f"p{one.pk}" == answer), None)
        if not rows and not field:
            line.wrong(
                _("A new programme needs its field of study."),
                column="field",
                help=_("Add a column with it."),
            )
        if not rows and "total_hours" not in facts:
            line.wrong(
                _("A new programme needs its lesson hours."),
                column="total_hours",
                help=_("Add a column with them."),
            )
        return rows[0] if rows else None

    def save(self, record, line, run):
        if not record.pk:
            record.field = _field(line.get("field"))
            record.module_based = bool(line.get("modules"))
        super().save(record, line, run)

    def link(self, record, name, value, line, run):
        for place, (module, hours) in enumerate(value, 1):
            row = Module(programme=record, name=module, hours=hours, order=place * 10)
            row.full_clean()
            save(row, by=run.by)


def _field(name):
    """The field of study of this name; a new one is added with its programme."""
    for field in Field.objects.all():
        if fold(field.name) == fold(name):
            return field
    field = Field(name=name)
    field.full_clean()
    field.save()
    return field
