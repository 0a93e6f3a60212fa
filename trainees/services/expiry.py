"""Which of the things of this app are kept no longer (izmek/privacy/destruction.py, DOMAIN.md §5)."""

from collections import Counter

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Session, Teacher, TeacherChange
from izmek.models import User
from izmek.privacy.destruction import expires
from izmek.privacy.erasing import erase
from izmek.privacy.kernel_expiry import first_moment
from izmek.privacy.terms import (
    ANONYMOUS,
    APPLICATIONS,
    CONTACT,
    LETTERS,
    OUTSIDE,
    RESULTS,
    STAFF_RECORDS,
)
from izmek.text.fold import fold
from trainees.models import (
    Application,
    Call,
    CallAttempt,
    Enrolment,
    Guardian,
    OutsideList,
    SupportNeed,
    Trainee,
)
from trainees.services.erasure import anonymise_expired

PEOPLE_AT_ONCE = 50  # each is looked for in many tables; none of them is locked for long


@expires(LETTERS, "calls", _("calls that were made"), Call)
def calls(before):
    return Call.objects.filter(created_at__lt=first_moment(before))


@expires(LETTERS, "attempts", _("attempts to call"), CallAttempt)
def attempts(before):
    return CallAttempt.objects.filter(at__lt=first_moment(before))


@expires(
    OUTSIDE, "outside-lists", _("lists of e-Yaygın"), OutsideList, destroy=lambda keys: _lists(keys)
)
def outside_lists(before):
    return OutsideList.objects.filter(course__end__lt=before)


def _lists(keys):
    return Counter(OutsideList.objects.filter(pk__in=keys).delete()[1])


@expires(APPLICATIONS, "applications", _("applications that came to no seat"), Application)
def applications(before):
    return Application.objects.filter(course__term__end__lt=before, enrolment=None)


# --- People ---------------------------------------------------------------------------------------


def _with_seconds(keys):
    """These people and the second records of them."""
    return [*keys, *Trainee.everyone.filter(merged_into__in=keys).values_list("pk", flat=True)]


_still_needed = []


def still_needed(find):
    """Register what an app above still needs people for, such as an open request: `find()` → their keys."""
    _still_needed.append(find)
    return find


def _long_gone(before):
    """People whose last course, and the last for which they applied, ended before a day."""
    later = {"trainee": OuterRef("pk"), "course__end__gte": before}
    rows = Trainee.objects.all()
    for find in _still_needed:
        rows = rows.exclude(pk__in=find())
    return rows.filter(
        ~Exists(Enrolment.objects.filter(**later)),
        ~Exists(Application.objects.filter(**later)),
        anonymised_at=None,
        created_at__lt=first_moment(before),
    )


def _anonymise(keys):
    """The act by which staff erase somebody: figures stay, the person is nobody any more."""
    return anonymise_expired(Trainee.objects.filter(pk__in=keys).order_by("pk"))


@expires(
    RESULTS,
    "people",
    _("people who were anonymised"),
    Trainee,
    destroy=_anonymise,
    at_once=PEOPLE_AT_ONCE,
)
def people(before):
    return _long_gone(before)


def _forget_contact(keys):
    return erase(Trainee, _with_seconds(keys), periods={CONTACT, APPLICATIONS, LETTERS})


@expires(CONTACT, "contact", _("people whose contact data went"), Trainee, destroy=_forget_contact)
def contact(before):
    own = {"trainee": OuterRef("pk")}
    return _long_gone(before).filter(
        ~Q(phone="", wrong_phone="", email="")
        | Exists(Guardian.objects.filter(**own))
        | Exists(SupportNeed.objects.filter(**own))
        | Exists(Application.objects.filter(**own))
    )


# --- Staff ----------------------------------------------------------------------------------------


def _not_in_use(before):
    """A Q: accounts by which nobody has signed in since a day."""
    since = first_moment(before)
    return Q(date_joined__lt=since) & (Q(last_login=None) | Q(last_login__lt=since))


def _retire(keys):
    return anonymise_expired(Teacher.objects.filter(pk__in=keys).order_by("pk"))


@expires(
    STAFF_RECORDS,
    "teachers",
    _("teachers who were anonymised"),
    Teacher,
    destroy=_retire,
    at_once=PEOPLE_AT_ONCE,
)
def teachers(before):
    """Who has neither taught nor signed in since, and whose record nobody has changed since."""
    own = {"teacher": OuterRef("pk")}
    old_accounts = User.objects.filter(_not_in_use(before), is_superuser=False)
    return Teacher.objects.filter(
        Q(user=None) | Q(user__in=old_accounts),
        ~Exists(Course.objects.filter(**own, end__gte=before)),
        ~Exists(TeacherChange.objects.filter(**own, course__end__gte=before)),
        ~Exists(Session.objects.filter(**own, date__gte=before)),
        ~Exists(
            Teacher.history.filter(
                id=OuterRef("pk"), history_date__gte=first_moment(before)
            ).order_by()
        ),
    ).exclude(folded=fold(ANONYMOUS))


@expires(STAFF_RECORDS, "users", _("accounts that were anonymised"), User)
def users(before):
    """Accounts of nobody who teaches, shut, by which nobody has signed in since."""
    return User.objects.filter(
        _not_in_use(before), is_active=False, is_superuser=False, teacher=None
    ).exclude(first_name=ANONYMOUS)
