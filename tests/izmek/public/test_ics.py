"""What a calendar programme reads of ours (izmek/public/ics.py)."""

from datetime import date, time

import icalendar

from izmek.public.ics import Event, calendar, calendar_response, local


def event(**fields):
    day = date(2026, 3, 2)
    facts = {"key": "kurs-7", "title": "Kilim", "begin": local(day, time(9))}
    return Event(**facts | {"end": local(day, time(12))} | fields)


def test_a_lesson_stands_at_the_hours_of_our_clocks():
    read = icalendar.Calendar.from_ical(
        calendar(
            "Kilim; dokuma", [event(place="Konak Sokak 7, Akmeşe", text="A\nB", url="http://x/")]
        )
    )
    (lesson,) = read.events
    assert read["X-WR-CALNAME"] == "Kilim; dokuma"
    assert [zone["TZID"] for zone in read.timezones] == ["Europe/Istanbul"]
    assert lesson["DTSTART"].params["TZID"] == "Europe/Istanbul"
    assert (lesson.start.hour, lesson.end.hour) == (9, 12)
    assert lesson.start.utcoffset().total_seconds() == 3 * 3600
    assert (lesson["LOCATION"], lesson["DESCRIPTION"]) == ("Konak Sokak 7, Akmeşe", "A\nB")
    assert (lesson["UID"], lesson["STATUS"]) == ("kurs-7@127.0.0.1", "CONFIRMED")


def test_whole_days_end_after_the_last_one_and_need_no_zone():
    days = event(begin=date(2026, 3, 2), end=date(2026, 3, 4), cancelled=True)
    read = icalendar.Calendar.from_ical(calendar("Sergi", [days]))
    (whole,) = read.events
    assert (whole.start, whole.end) == (date(2026, 3, 2), date(2026, 3, 5))
    assert whole["STATUS"] == "CANCELLED"
    assert not read.timezones


def test_an_unchanged_calendar_is_the_same_to_the_byte():
    assert calendar("Kilim", [event()]) == calendar("Kilim", [event()])
    answer = calendar_response("Kilim", [event()], "kurs-7.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="kurs-7.ics"' in answer["Content-Disposition"]


def test_a_day_at_the_end_of_all_days_costs_nobody_the_calendar():
    far = event(key="kurs-8", begin=local(date.max, time(9)), end=local(date.max, time(12)))
    read = icalendar.Calendar.from_ical(calendar("Kilim", [event(), far]))
    assert len(read.events) == 2
    whole = event(begin=date.min, end=date.max)
    assert len(icalendar.Calendar.from_ical(calendar("Sergi", [whole])).events) == 1
