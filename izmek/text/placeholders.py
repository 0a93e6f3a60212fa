"""Sentences with places for facts, such as `{toplam} kursiyer`: checked when typed, filled when printed."""

import re

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

PLACE = re.compile(r"\{([^{}]*)\}")


@deconstructible
class KnownPlaces:
    """Validator: the text has no places but those of these names, and no bracket that stands alone."""

    def __init__(self, *names):
        self.names = names

    def __call__(self, text):
        unknown = [name for name in PLACE.findall(text) if name not in self.names]
        known = ", ".join(f"{{{name}}}" for name in self.names)
        if unknown:
            raise ValidationError(
                _("There is no {%(name)s}. Known: %(known)s."),
                code="place",
                params={"name": unknown[0], "known": known},
            )
        if re.search(r"[{}]", PLACE.sub("", text)):
            raise ValidationError(
                _("A { or } stands alone. Known: %(known)s."),
                code="place",
                params={"known": known},
            )

    def __eq__(self, other):
        return isinstance(other, KnownPlaces) and self.names == other.names

    def __hash__(self):
        return hash(self.names)


def filled(text, facts):
    """The text with its places filled: {name: fact}; one that is not among them stays as it is."""
    return PLACE.sub(lambda place: str(facts.get(place[1], place[0])), text)
