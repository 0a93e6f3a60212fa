"""What the gateway tells of text messages: whether they were delivered."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from izmek.acts.enums import LetterState
from izmek.acts.letters.outcomes import MOST_AWAY, note
from izmek.acts.sms import GatewayAway, NotSent, backend
from izmek.models import Letter

# A gateway is asked after two minutes, then in ever longer pauses, for three days.
FIRST_REPORT, LAST_REPORT = timedelta(minutes=2), timedelta(days=3)
REPORTS_AT_ONCE = 200


def ask_reports():
    """Ask the gateway what became of sent text messages; returns of how many it told."""
    try:
        gateway = backend()
    except NotSent:
        return 0
    if not gateway.reports:
        return 0
    told = away = 0
    asked = Letter.objects.without_report().order_by("next_try_at")
    for letter in list(asked[:REPORTS_AT_ONCE]):
        age = timezone.now() - letter.sent_at
        if age > LAST_REPORT:
            Letter.objects.filter(pk=letter.pk).update(gateway_id="")
            continue
        mine = Letter.objects.without_report().filter(pk=letter.pk, next_try_at=letter.next_try_at)
        if not mine.update(next_try_at=Now() + max(FIRST_REPORT, age)):
            continue  # another process asks
        try:
            report = gateway.report(letter.gateway_id)
        except GatewayAway:
            away += 1
            if away == MOST_AWAY:
                break
            continue
        if report:
            told += 1
            # Not if it was sent again meanwhile.
            still = {"state": LetterState.SENT, "gateway_id": letter.gateway_id}
            note(letter, _reported(report), **still)
    return told


def _reported(report):
    if report.delivered:
        return {"state": LetterState.DELIVERED, "delivered_at": timezone.now()}
    error = _("The gateway tells that it was not delivered.")
    if report.reason:
        error += f" ({report.reason})"
    return {"state": LetterState.FAILED, "error": error}
