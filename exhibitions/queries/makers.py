"""QuerySets of makers: who is named in public (DESIGN.md §3, Names in public)."""

from django.db import models
from django.db.models import Case, Q, Value, When

from exhibitions.enums import NameForm, Surface
from exhibitions.queries.scope import WorkChildQuerySet
from trainees.enums import Purpose
from trainees.queries.consents import consenting_teachers

PURPOSE_OF = {Surface.LABEL: Purpose.NAME_LABEL, Surface.WEB: Purpose.NAME_WEB}


def named_teachers(surface=Surface.WEB):
    """Teachers whose consent to their name on a surface is valid now."""
    return consenting_teachers(PURPOSE_OF[surface])


class MakerQuerySet(WorkChildQuerySet):
    def with_public_names(self, surface=Surface.WEB):
        """Annotate `shows`: the NameForm in which a maker is named on a surface now.

        This is the only code that reads names for the public. It takes the lesser of the maker's
        wish and their consent to the surface's purpose. A trainee under 18 is named with first name
        and initial at most, and only with the guardian's consent, which expires at 18 (DESIGN.md
        §3). A group is named as written. `Maker.public_name` makes the text.
        """
        from trainees.models import Consent
        from trainees.queries.people import adulthood

        purpose = PURPOSE_OF[surface]
        return (
            self.select_related("trainee", "teacher")
            .annotate(
                consents=Case(
                    When(
                        trainee__isnull=False,
                        then=Consent.objects.holds(purpose, trainee="trainee"),
                    ),
                    When(
                        teacher__isnull=False,
                        then=Consent.objects.holds(purpose, teacher="teacher"),
                    ),
                    default=Value(True),
                    output_field=models.BooleanField(),
                )
            )
            .annotate(
                shows=Case(
                    When(consents=False, then=Value(NameForm.NONE)),
                    When(
                        Q(form=NameForm.FULL)
                        & (Q(trainee=None) | Q(trainee__birth_date__lte=adulthood())),
                        then=Value(NameForm.FULL),
                    ),
                    When(form=NameForm.NONE, then=Value(NameForm.NONE)),
                    default=Value(NameForm.SHORT),
                )
            )
        )

    def named_like(self, word):
        """Of makers with `shows`: those whose public name contains the folded word."""
        # Filter by name first: that is fast, and consents are then checked only for the matches.
        fits = (
            Q(trainee__folded__contains=word)
            | Q(teacher__folded__contains=word)
            | Q(group_folded__contains=word)
        )
        return self.filter(fits).filter(
            Q(shows=NameForm.FULL, trainee__folded__contains=word)
            | Q(shows=NameForm.FULL, teacher__folded__contains=word)
            | Q(shows=NameForm.FULL, group_folded__contains=word)
            | Q(shows=NameForm.SHORT, trainee__first_folded__contains=word)
            | Q(shows=NameForm.SHORT, teacher__first_folded__contains=word)
        )
