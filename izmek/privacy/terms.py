"""What data are for and how long they are kept: the words of the record of processing (DOMAIN.md §5)."""

from django.utils.translation import gettext_lazy as _

from izmek.accounts.roles import Role
from izmek.privacy.record import Basis, DataPurpose, Keep, Period, Personal

ANONYMOUS = "Anonim"  # the first name of who was anonymised; they have no last name

# --- Purposes -------------------------------------------------------------------------------------

APPLYING = DataPurpose(
    "applying", _("to keep the order of applications and to tell applicants when a seat is free")
)
COURSES = DataPurpose("courses", _("to run the courses: seats, roll call, marks"))
RESULTS_TOLD = DataPurpose(
    "results",
    _("to document the result of a course, and to report it to the Public Education Centre"),
)
REACHING = DataPurpose("reaching", _("to reach trainees about their courses"))
MINORS = DataPurpose("minors", _("to have the permission of a minor’s guardian"))
SUPPORT = DataPurpose("support", _("to help those to take part who need support"))
WISHES = DataPurpose("consents", _("to prove what somebody agreed to and what not"))
EXHIBITIONS = DataPurpose("exhibitions", _("to exhibit works, and to name who made them"))
VISITORS = DataPurpose("visitors", _("to publish what visitors wrote in the visitor book"))
ANSWERING = DataPurpose("answering", _("to answer who writes to us"))
TEACHING = DataPurpose("teaching", _("to plan who teaches which course"))
SIGNING_IN = DataPurpose("signing-in", _("to let staff sign in, and nobody else"))
ACCOUNTING = DataPurpose(
    "accounting", _("to be able to tell who changed or looked at what, as the law asks")
)
LISTS = DataPurpose("lists", _("to take over lists that offices have, and to hand lists out"))

# --- Periods: the defaults of DOMAIN.md §5; docs/operating.md lists the settings -------------------

APPLICATIONS = Period(
    "applications",
    _("applications that came to no seat"),
    "APPLICATIONS_KEPT_YEARS",
    "years",
    _("after the term of the course"),
)
CONTACT = Period(
    "contact",
    _("contact data"),
    "CONTACT_KEPT_YEARS",
    "years",
    _("after the person’s last course"),
)
RESULTS = Period(
    "results",
    _("enrolments and results"),
    "RESULTS_KEPT_YEARS",
    "years",
    _("after the person’s last course"),
)
ENQUIRIES = Period(
    "enquiries",
    _("what somebody wrote to us, and the answer"),
    "ENQUIRIES_KEPT_YEARS",
    "years",
    _("after it came in"),
)
EXHIBITED = Period(
    "exhibited",
    _("lines in visitor books and names of guests"),
    "VISITOR_BOOKS_KEPT_YEARS",
    "years",
    _("after the end of the exhibition"),
)
LETTERS = Period(
    "letters",
    _("letters and notes of calls"),
    "LETTERS_KEPT_DAYS",
    "days",
    _("after they were written"),
)
OUTSIDE = Period(
    "outside-lists",
    _("lists of e-Yaygın"),
    "OUTSIDE_LISTS_KEPT_DAYS",
    "days",
    _("after the end of the course"),
)
FILES = Period(
    "files",
    _("files of lists that were put in or taken out, and what was found in them"),
    "FILES_KEPT_DAYS",
    "days",
    _("after they were made"),
)
STAFF_RECORDS = Period(
    "staff",
    _("records of teachers and users"),
    "STAFF_KEPT_YEARS",
    "years",
    _("after they last worked here"),
)
ACCESS = Period(
    "access",
    _("the access log"),
    "ACCESS_LOG_KEPT_YEARS",
    "years",
    _("after the entry"),
)
SIGN_INS = Period(
    "sign-ins",
    _("sign-ins and devices"),
    "SIGN_INS_KEPT_DAYS",
    "days",
    _("after the last use"),
)
DESTRUCTION = Period(
    "destruction",
    _("the destruction log"),
    "DESTRUCTION_LOG_KEPT_YEARS",
    "years",
    _("after the destruction"),
)

# What record.in_use does, and says to everybody: the notice, the record, the guide.
RESTRICTED = _(
    "Data that may be stored only, because the person disputes them or objects to their use, are not "
    "destroyed while that lasts, even when their time is over. Only the access log ends as always."
)

# --- Who sees it ----------------------------------------------------------------------------------

AUDITED = (Role.MANAGER, Role.AUDITOR)
OFFICE = (Role.MANAGER, Role.OFFICER, Role.AUDITOR)
COURSE_STAFF = (Role.MANAGER, Role.OFFICER, Role.TEACHER, Role.AUDITOR)
EXHIBITORS = (Role.MANAGER, Role.CURATOR, Role.AUDITOR)
EVERY_STAFF = tuple(Role)

# Which user did something: a note about staff, on rows about others.
DONE_BY = Personal(
    ACCOUNTING,
    Basis.OBLIGATION,
    STAFF_RECORDS,
    seen_by=EVERY_STAFF,
    erase=Keep(_("who is answerable for an act stays on record as long as the act does")),
    handed_over=False,
)
