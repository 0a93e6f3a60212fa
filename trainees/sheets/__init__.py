"""The lists of this app: which columns they have, what a row means, and the acts that it asks for."""

from trainees.sheets.applications import ApplicationList
from trainees.sheets.marks import MarkList
from trainees.sheets.reconciliation import OutsideListKind
from trainees.sheets.trainees import TraineeList
