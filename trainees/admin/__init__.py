"""Who attends: the admin of the trainees app."""

from trainees import attention
from trainees.admin import (
    applications,
    calls,
    certificates,
    consents,
    extensions,
    header_search,
    look_alikes,
    marks,
    people,
    roll,
    seats,
)
