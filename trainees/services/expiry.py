"""Which of the things of this app are kept no longer (izmek/privacy/destruction.py, DOMAIN.md §5)."""

from collections import Counter

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Session, Teacher, TeacherChange
from izmek.models import User
from izmek.privacy.destruction import expires
from izmek.privacy.erasing import erase
from izmek.privacy.kernel_expiry import first_moment, unused_since
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
from trainees.services.erasure import anonymise_expired, close_accounts, with_second_records


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


_still_needed = []


def still_needed(find):
    """Register what an app above still needs people for, such as an open request: `find()` → their keys."""
    _still_needed.append(find)
    return find


def long_gone(rows, before):
    """Those of the Trainees whose last course, and the last for which they applied, ended before a day.

    Also those whose data may be stored only: the destruction itself leaves them out (`record.in_use`).
    """
    later = {"trainee": OuterRef("pk"), "course__end__gte": before}
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
    return anonymise_expired(Trainee, keys)


@expires(RESULTS, "people", _("people who were anonymised"), Trainee, destroy=_anonymise)
def people(before):
    return long_gone(Trainee.objects.all(), before)


def _forget_contact(keys):
    return erase(Trainee, with_second_records(keys), periods={CONTACT, APPLICATIONS, LETTERS})


@expires(CONTACT, "contact", _("people whose contact data went"), Trainee, destroy=_forget_contact)
def contact(before):
    own = {"trainee": OuterRef("pk")}
    return long_gone(Trainee.objects.all(), before).filter(
        ~Q(phone="", wrong_phone="", email="")
        | Exists(Guardian.objects.filter(**own))
        | Exists(SupportNeed.objects.filter(**own))
        | Exists(Application.objects.filter(**own))
    )


# --- Staff ----------------------------------------------------------------------------------------


def _retire(keys):
    return anonymise_expired(Teacher, keys)


@expires(STAFF_RECORDS, "teachers", _("teachers who were anonymised"), Teacher, destroy=_retire)
def teachers(before):
    """Who has neither taught nor signed in since, and whose record nobody has changed since."""
    own = {"teacher": OuterRef("pk")}
    old_accounts = User.objects.filter(unused_since(before), is_superuser=False)
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


@expires(STAFF_RECORDS, "users", _("accounts that were anonymised"), User, destroy=close_accounts)
def users(before):
    """Accounts of nobody who teaches, shut, by which nobody has signed in since.

    One that is open is nobody's to shut by clock: the first page tells of it after a year
    (izmek/admin/users.py), and who answers for the accounts shuts it.
    """
    return User.objects.filter(
        unused_since(before), is_active=False, is_superuser=False, teacher=None
    ).exclude(first_name=ANONYMOUS)
