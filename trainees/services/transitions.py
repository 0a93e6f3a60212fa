"""The only code that changes the state of an application or an enrolment."""

from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Application, Enrolment

# The allowed next states of each state. A state that is not a key is final.
STEPS = {
    Application: {
        ApplicationState.RECEIVED: {
            ApplicationState.OFFERED,
            ApplicationState.ENROLLED,  # an officer gives a seat before the person's turn
            ApplicationState.LAPSED,
            ApplicationState.WITHDRAWN,
            ApplicationState.REFUSED,
        },
        ApplicationState.OFFERED: {
            ApplicationState.RECEIVED,  # the applicant proves to be certified already
            ApplicationState.ENROLLED,
            ApplicationState.EXPIRED,
            ApplicationState.DECLINED,
            ApplicationState.WITHDRAWN,
            ApplicationState.REFUSED,
        },
    },
    Enrolment: {
        EnrolmentState.ENROLLED: {*EnrolmentState.outcomes(), *EnrolmentState.left()},
        # The course is reopened.
        **{state: {EnrolmentState.ENROLLED} for state in EnrolmentState.outcomes()},
        # The trainee comes back; a cancelled course does not, but its seat moves on.
        **{state: {EnrolmentState.ENROLLED} for state in EnrolmentState.left()},
        EnrolmentState.CANCELLED: {EnrolmentState.TRANSFERRED},
    },
}
# Beside these: a second seat of one person is put together with the first by `services/merged_seats.py`
# (EnrolmentState.MERGED), and what a merge has changed comes back as it was when it is undone.


def move(row, state, *, by, reason="", **facts):
    """Change the state of an application or enrolment, set its related fields, and save it.

    The caller holds the lock of the course. Raises Refusal when STEPS does not allow the change.
    """
    if state not in STEPS[type(row)].get(row.state, ()):
        raise Refusal(
            _("This is not possible: the state is “%(state)s”."),
            params={"state": row.get_state_display()},
            code="state",
        )
    row.state, row.state_reason = state, reason
    for name, value in facts.items():
        setattr(row, name, value)
    return save(row, by=by, reason=reason)
