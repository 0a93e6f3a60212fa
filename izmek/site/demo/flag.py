"""Whether demo data are loaded, kept in the database so that every process knows it at once.

The one place that knows: the row of the counter table of the kind "demo", which counts how often
the demo was loaded. One query by a unique key each time it is asked, never cached.
"""

from izmek.acts.prepared import prepared
from izmek.models import Counter
from izmek.public.areas import note_change

KIND = {"kind": "demo", "year": 0}


def is_on():
    """Whether demo data are in the database: every page says so, and robots are refused."""
    return bool(_marks())


@prepared
def _marks():
    return Counter.objects.filter(**KIND).values_list("pk")


def mark():
    """Note that demo data were loaded (again)."""
    counter, _made = Counter.objects.get_or_create(**KIND)
    counter.last += 1
    counter.save()
    note_change()


def clear():
    """Note that the demo data are gone."""
    Counter.objects.filter(**KIND).delete()
    note_change()
