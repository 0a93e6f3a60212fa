"""The one way in which an application or an enrolment changes its state."""

from django.utils.translation import gettext as _

from izmek.acts.refusal import Refusal
from izmek.acts.saving import save
from trainees.enums import ApplicationState, EnrolmentState
from trainees.models import Application, Enrolment

# From which state to which others; what is not here is final.
STEPS = {
    Application: {
        ApplicationState.RECEIVED: {
            ApplicationState.OFFERED,
            ApplicationState.ENROLLED,  # by an officer's word, ahead of the queue
            ApplicationState.WITHDRAWN,
            ApplicationState.REFUSED,
        },
        ApplicationState.OFFERED: {
            ApplicationState.RECEIVED,  # she turns out to be certified already
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
        # She comes back.
        **{state: {EnrolmentState.ENROLLED} for state in EnrolmentState.left()},
    },
}


def move(row, state, *, by, reason="", **facts):
    """Bring an application or an enrolment into a state, with what belongs to it, and save it.

    The course is locked by the caller. Raises Refusal when STEPS knows no such step.
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
