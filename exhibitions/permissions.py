"""Which tables of this app a role sees and edits in the admin; on which rows, `visible_to` says."""

from izmek.accounts.roles import EVERYTHING, Role, codes

_TABLES = (
    "technique work maker exhibition exhibitionday guest partner showing photo enquiry visitornote"
)

PERMISSIONS = {
    Role.MANAGER: codes("exhibitions", _TABLES, *EVERYTHING)
    | codes("exhibitions", "namedtext sale", "view"),
    Role.OFFICER: codes(
        "exhibitions",
        "exhibition work maker photo showing technique enquiry namedtext sale",
        "view",
    )
    | codes("exhibitions", "enquiry", "change"),
    Role.CURATOR: codes("exhibitions", _TABLES, *EVERYTHING)
    | codes("exhibitions", "namedtext sale", "view"),
    Role.AUDITOR: codes("exhibitions", f"{_TABLES} namedtext sale", "view"),
}
