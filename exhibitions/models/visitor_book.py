"""The visitor book of an exhibition."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exhibitions.enums import NoteState
from exhibitions.models.exhibitions import Exhibition
from exhibitions.queries.visitor_book import VisitorNoteQuerySet
from izmek.text.names import NameField


class VisitorNote(models.Model):
    """A line in an exhibition's visitor book; shown after it was read by the curator."""

    exhibition = models.ForeignKey(
        Exhibition, models.CASCADE, related_name="notes", verbose_name=_("exhibition")
    )
    name = NameField(_("name"), max_length=80, blank=True)
    text = models.TextField(_("text"), max_length=1000)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="tr"
    )
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, null=True, editable=False
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NoteState,
        default=NoteState.WAITING,
        editable=False,
    )

    objects = VisitorNoteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("visitor's note")
        verbose_name_plural = _("visitor book")
        ordering = ["-written_at"]

    def __str__(self):
        return self.text[:60]
