"""Who attends: the admin of the trainees app."""

from trainees import attention
from trainees.admin import (
    applications,
    calls,
    certificates,
    consents,
    extensions,
    marks,
    people,
    roll,
    seats,
)
