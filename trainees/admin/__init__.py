"""Who attends: the admin of the trainees app."""

from trainees.admin import (
    applications,
    certificates,
    consents,
    extensions,
    marks,
    people,
    roll,
    seats,
)
