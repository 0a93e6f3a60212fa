"""Work that no request waits for: by a worker in production, at once on a trial."""

from django_tasks import task

from exhibitions.services import tell_of_names_left
from trainees.models import Consent


@task()
def look_for_names_left(consent):
    """Look through the public texts after somebody withdrew a consent to their name on the web."""
    if found := Consent.objects.filter(pk=consent).first():
        tell_of_names_left(found)
