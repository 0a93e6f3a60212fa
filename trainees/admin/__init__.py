"""Who attends: the admin of the trainees app."""

from trainees.admin import applications, certificates, consents, marks, people, roll, seats
from trainees.admin.people import TraineeAdmin

__all__ = [
    "TraineeAdmin",
    "applications",
    "certificates",
    "consents",
    "marks",
    "people",
    "roll",
    "seats",
]
