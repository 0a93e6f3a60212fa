"""Who may do what in the trainees app, beyond the scope of rows (`visible_to`)."""

from datetime import timedelta

from django.utils import timezone

from izmek.accounts.roles import Role

# A teacher corrects a roll for so long after she called it; then it is an officer's matter.
CORRECTION_DAYS = 7


def is_officer_of(user, course):
    """Whether the user answers for the course's centre: its officer, or a manager.

    None is the system, which is asked for nothing.
    """
    if user is None or user.has_role(Role.MANAGER):
        return True
    return user.has_role(Role.OFFICER) and user.offices.filter(centre=course.centre_id).exists()


def may_override(user, course):
    """Whether the user may set a rule of the gate aside; the system has no reasons, so never."""
    return user is not None and is_officer_of(user, course)


def may_correct_roll(user, course, called_at):
    """Whether the user may change a roll of the course that was called at a moment."""
    recent = timezone.now() - called_at <= timedelta(days=CORRECTION_DAYS)
    return recent or is_officer_of(user, course)
