"""Which tables of this app a role sees and edits in the admin; on which rows, `visible_to` says."""

from izmek.accounts.roles import EVERYTHING, Role, codes

_TABLES = (
    "neighbourhood coursecentre centreofficer room field programme module educationyear term holiday "
    "teacher course coursemodule teacherchange timetableslot session"
)

PERMISSIONS = {
    Role.MANAGER: codes("courses", _TABLES, *EVERYTHING),
    Role.OFFICER: codes("courses", _TABLES, "view")
    | codes("courses", "room course timetableslot session", "add", "change")
    | codes("courses", "coursecentre", "change")
    | codes("courses", "timetableslot", "delete"),
    Role.CURATOR: codes(
        "courses", "neighbourhood coursecentre programme educationyear teacher course", "view"
    ),
    Role.AUDITOR: codes("courses", _TABLES, "view"),
}
