"""QuerySets of makers: who is named in public (DESIGN.md §3, Names in public)."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Case, Q, Value, When

from exhibitions.enums import NameForm, Surface
from exhibitions.queries.scope import WorkChildQuerySet
from izmek.acts.prepared import prepared
from trainees.enums import Purpose
from trainees.queries.consents import consenting_teachers

PURPOSE_OF = {Surface.LABEL: Purpose.NAME_LABEL, Surface.WEB: Purpose.NAME_WEB}


SHORTEST = 3  # letters of a word that is looked up in all names
KEYS = ("folded", "first_folded")  # of a person: the whole name, and the first alone


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
        from trainees.queries.people import adulthood

        return (
            self.select_related("trainee", "teacher")
            .annotate(consents=agrees_to(PURPOSE_OF[surface]))
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


def agrees_to(purpose):
    """An expression: whether a maker's consent to the purpose is valid now; a group needs none."""
    from trainees.models import Consent

    return Case(
        When(trainee__isnull=False, then=Consent.objects.holds(purpose, trainee="trainee")),
        When(teacher__isnull=False, then=Consent.objects.holds(purpose, teacher="teacher")),
        default=Value(True),
        output_field=models.BooleanField(),
    )


def works_named(words):
    """{folded word: the keys of the works by a maker whose public name holds it now}.

    A word of one or two letters is in a great many names, and no index knows it: it is looked for only in
    names that hold a longer word as well.
    """
    long = [word for word in words if len(word) >= SHORTEST]
    works = {word: set() for word in words}
    if not long:
        return works
    found = [pk for (pk,) in _holding(**{f"word{place}": word for place, word in enumerate(long)})]
    if not found:
        return works
    for work, shows, group, *keys in _named(makers=found):
        whole, given = (
            mine or yours or group for mine, yours in zip(keys[:2], keys[2:], strict=True)
        )
        name = {NameForm.FULL: whole, NameForm.SHORT: given}.get(shows, "")
        for word in words:
            if word in name:
                works[word].add(work)
    return works


@prepared
def _holding(**words):
    """The keys of makers whose name, public or not, holds any of the words."""
    from exhibitions.models import Maker

    # Each table by itself: an OR over three would read all of them, whatever their indexes.
    columns = ("trainee__folded", "teacher__folded", "group_folded")
    rows = Maker.objects.order_by()
    first, *others = (
        rows.filter(_any(words.values(), column)).values_list("pk") for column in columns
    )
    return first.union(*others, all=True)


@prepared
def _named(makers):
    """Consents are checked only for those who are found."""
    from exhibitions.models import Maker

    names = [f"{person}__{key}" for person in ("trainee", "teacher") for key in KEYS]
    rows = Maker.objects.order_by().filter(pk__in=makers).with_public_names(Surface.WEB)
    return rows.values_list("work", "shows", "group_folded", *names)


def _any(words, column):
    """Rows whose column holds any of the words."""
    return reduce(or_, (Q(**{f"{column}__contains": word}) for word in words))
