"""Work that no request waits for: by a worker in production, at once on a trial."""

from django_tasks import task

from exhibitions.services import look_for_name
from trainees.models import Consent


@task()
def look_for_names_left(consent):
    """Look through the public texts after somebody answered about their name on the web."""
    if found := Consent.objects.filter(pk=consent).first():
        look_for_name(found)
