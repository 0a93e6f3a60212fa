"""The year at a glance on the admin's index: figures with links to their lists.

It takes one query for each table, however large the year is. A figure is left out when the user may
not open its list.
"""

from django.utils import timezone

from courses.models import EducationYear
from izmek.admin.attention import rules

SOON = timedelta(days=30)  # a draft that begins within this time should be published
NEXT = 5  # number of coming exhibitions or courses shown


def glance(user, today=None):
    """{year, figures, waiting, coming}: lists of {label, count, url}.

    Coming rows are {…, day, what}.

    Items past a legal deadline are `urgent` and come first.
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
