"""Which tables of trainees the public pages are made of (izmek/public/areas.py)."""

from izmek.public.areas import ends_at, watch
from izmek.public.enums import Area
from trainees.models import (
    Application,
    Certificate,
    Consent,
    CountedYear,
    Enrolment,
    NoticeText,
    RollCall,
)

watch([Enrolment, Application], Area.SEATS)
watch([NoticeText], Area.COURSES)
watch([RollCall], Area.LESSONS)  # on a holiday it says that the lesson took place
watch([CountedYear], Area.FIGURES)
# A new one changes no page that is kept: what finds nothing under its code is not.
watch(
    [Certificate],
    Area.CERTIFICATES,
    columns=("number", "code", "content", "state", "replaces"),
)
# The teacher's name stands on the page of the course.
watch([Consent], Area.COURSES, when=lambda consent: consent.teacher_id)
ends_at(Area.SEATS)(lambda now: Application.objects.next_end_of_offer(now))
