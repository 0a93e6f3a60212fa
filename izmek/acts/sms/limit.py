"""The daily limit of text messages, in parts (SMS_DAILY_LIMIT; 0: none)."""

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from izmek.models import SmsDay


def take(parts, half=False):
    """Count parts that are about to be sent today; whether they fit. Of many at once none goes over.

    `half`: for what may take half of the limit alone.
    """
    today = timezone.localdate()
    SmsDay.objects.get_or_create(day=today)
    rows = SmsDay.objects.filter(day=today)
    if most := settings.SMS_DAILY_LIMIT:
        rows = rows.filter(parts__lte=(most // 2 if half else most) - parts)
    if rows.update(parts=F("parts") + parts):
        return True
    SmsDay.objects.filter(day=today).update(over=F("over") + 1)
    return False


def give_back(parts, day):
    """Parts that were counted on a day and surely not sent."""
    SmsDay.objects.filter(day=day, parts__gte=parts).update(parts=F("parts") - parts)
