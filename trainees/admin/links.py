"""Links to the page of a person: a name in any list of the admin leads there."""

from django.urls import reverse
from django.utils.html import format_html


def link_to(trainee):
    """A trainee's name as a link to their page."""
    address = reverse("admin:trainees_trainee_desk", args=[trainee.pk])
    return format_html('<a href="{}">{}</a>', address, trainee)
