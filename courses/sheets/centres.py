"""The list of course centres."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import rights
from courses.models import CourseCentre
from courses.sheets.finding import Finder
from courses.sheets.records import RecordList, scoped
from izmek.sheets import cells
from izmek.sheets.columns import Column
from izmek.text.fold import fold
from izmek.text.phones import show

COLUMNS = [
    Column(
        "name",
        gettext_lazy("course centre"),
        ("merkez", "merkez adı", "kurs merkezi adı", "kurs yeri", "adı"),
        writes=lambda centre: centre.name,
        required=True,
        examples=("Örnek Kurs Merkezi", "Deneme Kurs Merkezi"),
    ),
    Column(
        "neighbourhood",
        gettext_lazy("neighbourhood"),
        ("mahalle", "mahallesi"),
        writes=lambda centre: centre.neighbourhood.name,
        examples=("Akmeşe", "Akmeşe"),
    ),
    Column(
        "address",
        gettext_lazy("postal address"),
        ("adres", "adresi", "açık adres"),
        writes=lambda centre: centre.address,
        examples=("Örnek Sokak 1", ""),
    ),
    Column(
        "phone",
        gettext_lazy("phone"),
        ("telefon", "tel", "telefonu"),
        reads=cells.phone,
        writes=lambda centre: show(centre.phone),
        examples=("0262 000 00 01", ""),
    ),
    Column(
        "email",
        gettext_lazy("e-mail"),
        ("e-posta", "eposta", "mail"),
        reads=cells.mail,
        writes=lambda centre: centre.email,
    ),
    Column(
        "hours",
        gettext_lazy("opening hours"),
        ("çalışma saatleri", "açık olduğu saatler", "saatler"),
        writes=lambda centre: centre.hours,
        examples=("hafta içi 08.30-17.30", ""),
    ),
    Column(
        "access",
        gettext_lazy("accessibility"),
        ("erişilebilirlik", "engelli erişimi"),
        reads=cells.prose,
        writes=lambda centre: centre.access,
    ),
    Column(
        "latitude",
        gettext_lazy("latitude"),
        ("enlem",),
        reads=cells.decimal,
        writes=lambda centre: centre.latitude,
    ),
    Column(
        "longitude",
        gettext_lazy("longitude"),
        ("boylam",),
        reads=cells.decimal,
        writes=lambda centre: centre.longitude,
    ),
    Column(
        "in_use",
        gettext_lazy("in use"),
        ("kullanımda", "açık mı", "aktif"),
        reads=cells.flag,
        writes=lambda centre: centre.in_use,
        examples=("Evet", "Evet"),
    ),
]


class CentreList(RecordList):
    name = "centres"
    title = gettext_lazy("Course centres")
    text = gettext_lazy("Centres with address, telephone and hours.")
    model = CourseCentre

    def columns(self, about=None):
        return COLUMNS

    def facts(self, line, run):
        finder = run.memo.setdefault("finder", Finder(run.by, "place_course", rights))
        facts = {name: value for name, value in line.values.items() if name != "neighbourhood"}
        if line.get("neighbourhood"):
            facts["neighbourhood"] = finder.neighbourhood(line)
        for name in ("latitude", "longitude"):
            if name in facts:
                facts[name] = round(facts[name], 5)
        line.shown = facts.get("name", "")
        return facts

    def key(self, line, facts):
        return fold(facts["name"])

    def find(self, line, facts, run):
        known = run.memo.get("centres")
        if known is None or run.writing:
            known = run.memo["centres"] = {
                fold(one.name): one for one in CourseCentre.objects.select_related("neighbourhood")
            }
            run.memo["mine"] = set(scoped(CourseCentre, run.by).values_list("pk", flat=True))
        found = known.get(self.key(line, facts))
        if found and found.pk not in run.memo["mine"]:
            line.wrong(_("This centre is not one of yours."), column="name")
        if found is None and "neighbourhood" not in facts:
            line.wrong(
                _("A new centre needs its neighbourhood."),
                column="neighbourhood",
                help=_("Add a column with it."),
            )
        return found
