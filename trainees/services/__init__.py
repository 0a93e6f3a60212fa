"""The business acts of the trainees app (DESIGN.md §2): `from trainees import services`.

Each act takes keyword arguments only, with `by` (a User, or None for the system). It runs in a
transaction, locks what is limited, and raises `Refusal` with a sentence for people. Locks are taken
in one order: the trainee, then the courses by id. The course's row is the lock for its seats,
queue, rolls and marks.
"""

from trainees.services.admission_rules import OVERRIDABLE, closed_to_all, too_young
from trainees.services.applications import (
    apply,
    decline_offer,
    put_on_waiting_list,
    refuse_application,
    set_already_certified,
    too_young_by_year,
    withdraw_application,
)
from trainees.services.calls import answer_calls, ask_for_call, reopen_call, tick_call
from trainees.services.certificates import (
    hand_over_certificate,
    has_former_name,
    issue_certificates,
    mail_certificate,
    numbers_with_former_name,
    preview_certificates,
    reminded_of_certificate,
    replace_certificate,
    revoke_certificate,
    signatories_of,
    take_back_hand_over,
    unnamed_signatories,
    unprintable_name,
    will_not_collect_certificate,
)
from trainees.services.confirmation import confirm_application, confirmation_code
from trainees.services.consents import answers_of, give_consent, withdraw_consent
from trainees.services.erasure import anonymise, preview_erasure
from trainees.services.figures import count_too, counts_of, recount
from trainees.services.known_by_contact import erase_contact, preview_contact
from trainees.services.letters import resend_letter
from trainees.services.look_alikes import find_look_alikes, not_the_same
from trainees.services.marks import mark_text, set_mark
from trainees.services.merging import merge_trainees, preview_trainees
from trainees.services.missing import missing
from trainees.services.news import preview_news, send_news
from trainees.services.outcome import finish_course, outcome_of, preview_finish, reopen_course
from trainees.services.own_certificate import fetch_own_certificate
from trainees.services.people import (
    acted_on_person,
    correct_identity,
    correct_name,
    find_by_identity,
    record_guardian,
    record_identity,
    record_support,
    register_trainee,
    see_identity,
    see_support,
)
from trainees.services.reconciliation import compare, reconcile
from trainees.services.registration import (
    Answers,
    apply_in_person,
    enrol_in_person,
    record_answers,
)
from trainees.services.restriction import lift_restriction, restrict
from trainees.services.roll import call_roll, check_roll, last_marked, mark_absent, mark_present
from trainees.services.seats import (
    accept_offer,
    applications_to_ask,
    correct_joined_on,
    enrol,
    free_unseen_seats,
    hindrances,
    remove,
    transfer,
    withdraw,
)
from trainees.services.waiting_list import Queue, advance_queue, told_by_phone, why_not_offered
