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

__all__ = [
    "applications",
    "certificates",
    "consents",
    "extensions",
    "marks",
    "people",
    "roll",
    "seats",
]
