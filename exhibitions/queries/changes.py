"""When what visitors see of a row was last changed."""

from django.db.models import OuterRef

from izmek.public import changes
from izmek.public.changes import latest
from trainees.enums import Purpose


def exhibitions_with_change(rows):
    """Annotate `changed_at` of exhibitions: with their days, photos, and who agreed to be on them."""
    from exhibitions.models import ExhibitionDay, Photo

    own = {"exhibition": OuterRef("pk")}
    return changes.with_change(
        rows,
        latest(ExhibitionDay.history.filter(**own)),
        latest(Photo.history.filter(**own)),
        _latest_answer(Purpose.PHOTO, "trainee__photos__exhibition"),
    )


def works_with_change(rows):
    """Annotate `changed_at` of works: with makers, photos, and the consents to show them."""
    from exhibitions.models import Maker, Photo

    own = {"work": OuterRef("pk")}
    return changes.with_change(
        rows,
        latest(Maker.history.filter(**own)),
        latest(Photo.history.filter(**own)),
        _latest_answer(Purpose.NAME_WEB, "trainee__made__work"),
        _latest_answer(Purpose.NAME_WEB, "teacher__made__work"),
        _latest_answer(Purpose.NAME_WEB, "teacher__works_taught"),
        _latest_answer(Purpose.PHOTO, "trainee__photos__work"),
    )


def _latest_answer(purpose, path):
    """The time of the latest answer to a purpose of the people that the path leads to."""
    from trainees.models import Consent

    return latest(Consent.objects.filter(purpose=purpose, **{path: OuterRef("pk")}), "at")
