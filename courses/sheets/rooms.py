"""The list of rooms."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import CourseCentre, Room
from courses.sheets.records import RecordList, scoped
from izmek.sheets import cells
from izmek.sheets.columns import Column
from izmek.text.fold import fold
from izmek.text.search import closest

COLUMNS = [
    Column(
        "centre",
        gettext_lazy("course centre"),
        ("merkez", "merkez adı", "kurs yeri"),
        writes=lambda room: room.centre.name,
        required=True,
        examples=("Örnek Kurs Merkezi", "Örnek Kurs Merkezi"),
    ),
    Column(
        "name",
        gettext_lazy("room"),
        ("derslik", "derslik adı", "sınıf", "oda", "atölye"),
        writes=lambda room: room.name,
        required=True,
        examples=("Derslik 1", "Dikiş Atölyesi"),
    ),
    Column(
        "capacity",
        gettext_lazy("seats of the room"),
        ("kapasite", "kişi sayısı", "yer sayısı", "sandalye"),
        reads=cells.number,
        writes=lambda room: room.capacity,
        required=True,
        examples=(20, 15),
    ),
]


def find_centre(line, run, name, column="centre"):
    """The centre that a ListLine names, among those of the user, or None with a problem."""
    if "own centres" not in run.memo:
        run.memo["own centres"] = {fold(one.name): one for one in scoped(CourseCentre, run.by)}
    known = run.memo["own centres"]
    found = known.get(fold(name))
    if found is None:
        near = closest(fold(name), list(known))
        line.wrong(
            _("None of your centres has this name: %(name)s.") % {"name": name},
            column=column,
            help=_("Is it “%(near)s”?") % {"near": known[near].name} if near else "",
        )
    return found


class RoomList(RecordList):
    name = "rooms"
    title = gettext_lazy("Rooms")
    text = gettext_lazy("Rooms of the centres, with their seats.")
    model = Room

    def columns(self, about=None):
        return COLUMNS

    def facts(self, line, run):
        centre = find_centre(line, run, line.get("centre", ""))
        line.shown = f"{line.get('centre', '')} – {line.get('name', '')}"
        return {**line.values, "centre": centre}

    def key(self, line, facts):
        return facts["centre"].pk, fold(facts["name"])

    def find(self, line, facts, run):
        rooms = Room.objects.filter(centre=facts["centre"]).select_related("centre")
        return next((room for room in rooms if fold(room.name) == fold(facts["name"])), None)
