"""Names that were found in public texts though the person does not agree."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CourseCentre, Programme, Teacher
from exhibitions.models.exhibitions import Exhibition
from exhibitions.models.works import Work
from exhibitions.queries.named_texts import NamedTextQuerySet
from trainees.models import Trainee

ROWS = ("work", "exhibition", "course", "coursecentre", "programme")
PEOPLE = ("trainee", "teacher")


def _one(model):
    return models.ForeignKey(
        model,
        models.CASCADE,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=model._meta.verbose_name,
    )


def _exactly_one(*names):
    """The condition that one of the columns is filled and no other."""
    found = Q()
    for name in names:
        found |= Q(**{f"{other}__isnull": other != name for other in names})
    return found


class NamedText(models.Model):
    """A public text that names somebody who may not be named on the web (services/named_texts.py).

    Texts cannot be looked through for each page, so what was found is kept: by keys alone, since no
    name is copied anywhere. `place` says in words which text of the row it is.
    """

    ROWS, PEOPLE = ROWS, PEOPLE

    work = _one(Work)
    exhibition = _one(Exhibition)
    course = _one(Course)
    coursecentre = _one(CourseCentre)
    programme = _one(Programme)
    trainee = _one(Trainee)
    teacher = _one(Teacher)
    place = models.CharField(_("where"), max_length=200, editable=False)
    found_at = models.DateTimeField(_("found"), default=timezone.now, editable=False)

    objects = NamedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("name in a text without consent")
        verbose_name_plural = _("names in texts without consent")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_exactly_one(*ROWS), name="named_text_in_one_row"),
            models.CheckConstraint(condition=_exactly_one(*PEOPLE), name="named_text_of_one"),
        ]

    def __str__(self):
        return f"{self.row}, {self.place}"

    @property
    def row(self):
        """Whatever has the text."""
        return self._first(self.ROWS)

    @property
    def who(self):
        """The person whom the text names."""
        return self._first(self.PEOPLE)

    def _first(self, names):
        name = next(name for name in names if getattr(self, f"{name}_id") is not None)
        return getattr(self, name)
