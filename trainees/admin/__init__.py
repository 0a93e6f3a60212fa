"""Who attends: the admin of the trainees app."""

from trainees.admin import people, records, rolls, seats
from trainees.admin.people import TraineeAdmin

__all__ = ["TraineeAdmin", "people", "records", "rolls", "seats"]
