"""Teachers and their accounts."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Teacher
from izmek.history import save
from izmek.invitations import invite
from izmek.refusal import Refusal
from izmek.roles import Role


@transaction.atomic
def invite_teacher(*, teacher, by):
    """Give a teacher an account with the teacher's role, linked to her record, and invite her to it.

    Whoever has an account with her e-mail address keeps it and gets the role; who was invited but
    never came is written to again. Returns the User. Raises Refusal when the record has no address,
    when the account is closed or another teacher's, or when she has a password already.
    """
    teacher = Teacher.objects.select_for_update(of=("self",)).get(pk=teacher.pk)
    if teacher.user and teacher.user.has_usable_password():
        raise Refusal(_("She signs in already."), code="accepted")
    if teacher.user and teacher.user.email != teacher.email.lower():
        # The address was mistyped and is mended: the invitation goes to the right one.
        teacher.user.email = teacher.email
        teacher.user.full_clean(exclude=["password"])
        teacher.user.save()
    user = invite(
        email=teacher.email,
        first_name=teacher.first_name,
        last_name=teacher.last_name,
        roles=[Role.TEACHER],
        by=by,
    )
    if Teacher.objects.filter(user=user).exclude(pk=teacher.pk).exists():
        raise Refusal(
            _("The account with this address belongs to another teacher."),
            field="email",
            code="taken",
        )
    if teacher.user_id != user.pk:
        teacher.user = user
        save(teacher, by=by, reason=_("Invited to sign in"))
    return user
