"""The year at a glance: what the admin's index says to someone, each figure a link to its list.

What is told stands in each app's attention.py.
"""

from django.utils import timezone

from courses.models import EducationYear
from izmek.admin.attention import rules

MOST_COMING = 10  # rows of what begins or opens next


def glance(user, today=None):
    """{year, figures, waiting, coming}: lists of {label, count, url}, of coming rows {…, day, what}.

    What waits past a day that the law sets is `urgent` and stands first.
    """
    today = today or timezone.localdate()
    year = EducationYear.objects.current(today)
    figures, waiting, coming = [], [], []
    for rule in rules():
        rule(user, year, today, figures, waiting, coming)
    coming.sort(key=lambda row: row["day"])
    return {
        "year": year,
        "figures": figures,
        "waiting": [row for row in waiting if row["count"]],
        "coming": coming[:MOST_COMING],
    }
