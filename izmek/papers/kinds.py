"""What every paper has that can be chosen, of a course, of certificates or of an exhibition."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class PaperKind:
    """A paper: its name in addresses and files, its title, and what it is for, in a sentence."""

    slug: str
    name: Promise
    text: Promise


def by_slug(*kinds):
    """{slug: the kind of paper}, in this order."""
    return {kind.slug: kind for kind in kinds}
