"""Who made a work."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.models import Teacher
from exhibitions.enums import NameForm
from exhibitions.models.works import Work
from exhibitions.queries.makers import MakerQuerySet
from izmek.text.case import initial
from izmek.text.fields import FoldedField
from izmek.text.lines import LineField
from izmek.text.trigrams import TrigramIndex
from trainees.models import Trainee


class Maker(models.Model):
    """Who made a work: a trainee, a teacher, or a group by name; `form` is the maker's wish."""

    work = models.ForeignKey(Work, models.CASCADE, related_name="makers", verbose_name=_("work"))
    trainee = models.ForeignKey(
        Trainee,
        models.PROTECT,
        related_name="made",
        verbose_name=_("trainee"),
        null=True,
        blank=True,
    )
    teacher = models.ForeignKey(
        Teacher,
        models.PROTECT,
        related_name="made",
        verbose_name=_("teacher"),
        null=True,
        blank=True,
    )
    group_name = LineField(
        _("group"),
        max_length=120,
        blank=True,
        help_text=_("A class or a group, never a person's name."),
    )
    form = models.CharField(
        _("wishes to be named"), max_length=5, choices=NameForm, default=NameForm.SHORT
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    group_folded = FoldedField(source=("group_name",))

    objects = MakerQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["group_folded"])

    class Meta:
        verbose_name = _("maker")
        verbose_name_plural = _("makers")
        ordering = ["order", "pk"]
        indexes = [TrigramIndex(fields=["group_folded"], name="maker_group_trgm")]
        constraints = [
            models.CheckConstraint(
                condition=Q(trainee__isnull=False, teacher=None, group_name="")
                | Q(trainee=None, teacher__isnull=False, group_name="")
                | (Q(trainee=None, teacher=None) & ~Q(group_name="")),
                name="maker_is_one",
                violation_error_message=_("Choose a trainee or a teacher, or write a group."),
            ),
            models.UniqueConstraint(fields=["work", "trainee"], name="maker_trainee_once"),
            models.UniqueConstraint(fields=["work", "teacher"], name="maker_teacher_once"),
        ]

    def __str__(self):
        return self.group_name or str(self.trainee or self.teacher)

    @property
    def public_name(self):
        """The name as the surface of `with_public_names()` may print it; '' when unnamed."""
        if self.group_name:
            return self.group_name
        person = self.trainee or self.teacher
        if self.shows == NameForm.FULL:
            return str(person)
        if self.shows == NameForm.SHORT:
            return f"{person.first_name} {initial(person.last_name)}".strip()
        return ""
