"""Which of the things of this app are kept no longer (izmek/privacy/destruction.py, DOMAIN.md §5)."""

from collections import Counter

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izmek.acts import saving
from izmek.privacy.destruction import expires
from izmek.privacy.erasing import erase
from izmek.privacy.kernel_expiry import first_moment
from izmek.privacy.terms import APPLICATIONS, CONTACT, LETTERS, OUTSIDE, RESULTS
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
    """With everything that is declared: figures stay, the person is nobody any more."""
    keys = _with_seconds(keys)
    counts = erase(Trainee, keys)
    for trainee in Trainee.everyone.filter(pk__in=keys):
        trainee.anonymised_at = timezone.now()
        saving.save(trainee, by=None)
    return counts


@expires(RESULTS, "people", _("people who were anonymised"), Trainee, destroy=_anonymise)
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
