"""What the tests of the courses' admin share."""

from django.urls import reverse


def page(name, *args):
    return reverse(f"admin:courses_{name}", args=args)
