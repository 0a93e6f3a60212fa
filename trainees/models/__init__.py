"""Who attends: applications, seats, roll call, marks, certificates, consents (DESIGN.md §3)."""

from trainees.models.applications import Application
from trainees.models.calls import Call, CallAttempt, phones_of
from trainees.models.certificates import Certificate, PrintOffset, Signatory
from trainees.models.consents import Consent, NoticeText
from trainees.models.figures import CountedYear
from trainees.models.look_alikes import LookAlike
from trainees.models.marks import Mark
from trainees.models.people import Guardian, Identity, SupportNeed, Trainee, check_birth_date
from trainees.models.reconciliation import OutsideList, OutsideRow
from trainees.models.roll import Absence, RollCall
from trainees.models.seats import Enrolment
