"""schema.org for courses and course centres (see izmek/public/schema_org.py)."""

from itertools import groupby

from courses.enums import CourseState, Weekday
from izmek.public.schema_org import coordinates, identify, person, postal_address
from izmek.text.languages import in_language


def centre_node(base, centre):
    """An EducationalOrganization with its address."""
    return {
        "@type": "EducationalOrganization",
        "@id": identify(base, centre, "merkez"),
        "name": centre.name,
        "url": base + centre.get_absolute_url(),
        "telephone": centre.phone.as_e164 if centre.phone else None,
        "email": centre.email,
        "address": postal_address(centre.address),
        "geo": coordinates(centre),
        "parentOrganization": {"@id": f"{base}/#kurum"},
    }


def course_node(base, course, *, slots, modules, teacher):
    """A Course with its one instance.

    `course`: `with_free_seats()` and `with_application_period()`, its year at hand; `slots`: its weekly
    times; `teacher`: the name that may be printed, or "". Free seats are told while they can be had, as
    on the page: later they would tell how few attended, which the published figures keep back.
    """
    programme, url = course.programme, base + course.get_absolute_url()
    status = "EventCancelled" if course.state == CourseState.CANCELLED else "EventScheduled"
    return {
        "@type": "Course",
        "@id": identify(base, course, "kurs"),
        "name": programme.public_name,
        "description": in_language(programme, "text") or programme.public_name,
        "url": url,
        "courseCode": course.number,
        "inLanguage": "tr",
        "teaches": [module.name for module in modules],
        "provider": {"@id": f"{base}/#kurum"},
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "category": "Free", "price": "0", "priceCurrency": "TRY"},
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "@id": identify(base, course, "grup"),
            "name": f"{course.public_name}, {course.centre.name}",
            "url": url,
            "courseMode": "Onsite",
            "startDate": course.begin.isoformat(),
            "endDate": course.end.isoformat(),
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "courseWorkload": f"PT{course.total_hours * course.term.year.lesson_minutes}M",
            "courseSchedule": [_schedule(times, days) for times, days in _by_time(slots)],
            "location": centre_node(base, course.centre),
            "instructor": person(teacher),
            "maximumAttendeeCapacity": course.capacity,
            "remainingAttendeeCapacity": course.free if course.takes_applications else None,
        },
    }


def _by_time(slots):
    """(begin, end) and the weekdays that have it."""
    slots = sorted(slots, key=lambda slot: (slot.begin, slot.end, slot.weekday))
    for times, group in groupby(slots, key=lambda slot: (slot.begin, slot.end)):
        yield times, [slot.weekday for slot in group]


def _schedule(times, days):
    begin, end = times
    return {
        "@type": "Schedule",
        "repeatFrequency": "P1W",
        "byDay": [f"https://schema.org/{Weekday(day).name.capitalize()}" for day in days],
        "startTime": f"{begin:%H:%M}",
        "endTime": f"{end:%H:%M}",
        "scheduleTimezone": "Europe/Istanbul",
    }
