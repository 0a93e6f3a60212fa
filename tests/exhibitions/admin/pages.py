"""What the tests of the exhibitions' admin share."""

from django.urls import reverse

from tests import factories as make
from tests.forms import typed


def page(name, *args):
    return reverse(f"admin:exhibitions_{name}", args=args)


def work_data(staff, **values):
    year, centre = make.year(), make.centre()
    first = {"title": "Karanfil", "technique": make.technique().pk} | values
    return typed(staff.get(page("work_add")), **first, year=year.pk, centre=centre.pk)
