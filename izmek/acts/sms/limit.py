"""The daily limit of text messages, in parts (SMS_DAILY_LIMIT; 0: none)."""

from django.conf import settings
from django.db.models import F

from izmek.models import SmsDay


def take(parts, day, half=False):
    """Count parts that are about to be sent on a day; whether they fit. Of many at once none goes over.

    `half`: for what may take half of the limit alone.
    """
    SmsDay.objects.get_or_create(day=day)
    rows = SmsDay.objects.filter(day=day)
    if most := settings.SMS_DAILY_LIMIT:
        rows = rows.filter(parts__lte=(most // 2 if half else most) - parts)
    if rows.update(parts=F("parts") + parts):
        return True
    SmsDay.objects.filter(day=day).update(over=F("over") + 1)
    return False


def give_back(parts, day):
    """Parts that were counted on a day and surely not sent."""
    SmsDay.objects.filter(day=day, parts__gte=parts).update(parts=F("parts") - parts)
