"""Calls: people whom no letter reaches are put on a list and ticked there, one by one."""

from django.db import transaction
from django.utils import timezone

from izmek.acts.letters import render
from trainees import rights
from trainees.enums import CALLED
from trainees.models import Call, Enrolment


def call_instead(about, kind, context):
    """Put the person of an enrolment or application on the list, when there is no address to write to.

    The same news about the same person waits there once.
    """
    if kind not in CALLED:
        return None
    what, text = render(kind, context, "tr")  # the staff read it, not the person
    name = "enrolment" if isinstance(about, Enrolment) else "application"
    return Call.objects.get_or_create(
        **{name: about}, course=about.course, kind=kind, what=what, text=text, done_at=None
    )[0]


@transaction.atomic
def tick_call(*, call, by):
    """Note that somebody was called. A repeat changes nothing; the first caller stays."""
    rights.require(by, "tick_call", call)
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.done_at is None:
        call.done_at, call.done_by = timezone.now(), by
        call.save(update_fields=["done_at", "done_by"])
    return call
