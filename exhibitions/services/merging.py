"""Two techniques that are one; and what becomes of works and photos when others are merged."""

from exhibitions import rights
from exhibitions.enums import NameForm
from exhibitions.models import Enquiry, Exhibition, Maker, NamedText, PhotoPerson, Technique, Work
from izmek.acts.merging import Move, declare, merge_rows, register

WISHES = [NameForm.NONE, NameForm.SHORT, NameForm.FULL]  # the more private one counts


def merge_techniques(*, kept, other, by, values=(), reason=""):
    """Make one of two techniques; the address of the other one leads to the first. Returns the Merge."""
    rights.require(by, "merge_techniques", kept)
    return merge_rows(kept=kept, other=other, by=by, values=values, reason=reason)


def keep_the_lesser_wish(merger, kept, other):
    """A work named both as its makers: it names one, as the one who wished less wanted it."""
    if WISHES.index(other.form) < WISHES.index(kept.form):
        merger.change(kept, form=other.form)


declare(
    Maker,
    trainee=Move(once=("work",), before=keep_the_lesser_wish),
    teacher=Move(once=("work",), before=keep_the_lesser_wish),
)
declare(Enquiry, trainee=Move(), teacher=Move())
declare(NamedText, trainee=Move(), teacher=Move(), programme=Move())
declare(PhotoPerson, trainee=Move(once=("photo",)))
declare(Work, technique=Move(), teacher=Move())
declare(Exhibition, neighbourhood=Move())
register(Technique, rights=rights, act="merge_techniques")
