"""The hours in which text messages go (SMS_HOURS): nobody is woken by one."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def read(hours):
    """The two times of "09:00-20:00"; of "" the whole day. Raises ValueError for anything else."""
    if not hours:
        return time.min, time.max
    begin, end = (time.fromisoformat(part.strip()) for part in hours.split("-"))
    if begin >= end:
        raise ValueError(hours)
    return begin, end


def opens(moment):
    """The first moment from this one on at which text messages go: itself, or the next morning."""
    begin, end = read(settings.SMS_HOURS)
    local = timezone.localtime(moment)
    if begin <= local.time() <= end:
        return moment
    day = local.date() + timedelta(days=local.time() > end)
    return timezone.make_aware(datetime.combine(day, begin))
