"""Which tables of this app a role sees and edits in the admin; on which rows, `visible_to` says."""

from izmek.accounts.roles import EVERYTHING, Role, codes

_TABLES = "trainee guardian consent noticetext application enrolment call absence rollcall mark certificate"

PERMISSIONS = {
    Role.MANAGER: codes("trainees", f"{_TABLES} signatory", *EVERYTHING)
    | codes("trainees", "lookalike", "view"),
    Role.OFFICER: codes("trainees", f"{_TABLES} lookalike signatory", "view")
    | codes("trainees", "trainee guardian", "add", "change")
    | codes("trainees", "application enrolment absence mark", "change"),
    Role.AUDITOR: codes("trainees", f"{_TABLES} lookalike signatory", "view"),
}
