"""Dates in words."""

from django.utils.dates import MONTHS


def date_range(begin, end=None, precision="day"):
    """A period in words, in the active language, in its shortest form.

    `2–15 Haziran 2025`, `30 Mayıs – 2 Haziran 2025`; with `precision="month"`: `Haziran 2023`,
    `Mayıs – Haziran 2023`. Takes dates; the end is included, and None means the same as `begin`.
    """
    end = end or begin
    same_year = begin.year == end.year
    same_month = same_year and begin.month == end.month
    if precision == "month":
        last = f"{MONTHS[end.month]} {end.year}"
        if same_month:
            return last
        return f"{MONTHS[begin.month]}{'' if same_year else f' {begin.year}'} – {last}"
    last = f"{end.day} {MONTHS[end.month]} {end.year}"
    if begin == end:
        return last
    if same_month:
        return f"{begin.day}–{last}"
    first = f"{begin.day} {MONTHS[begin.month]}"
    return f"{first}{'' if same_year else f' {begin.year}'} – {last}"
