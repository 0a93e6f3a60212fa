"""When what visitors see of a row was last changed."""

from django.db.models import Max, OuterRef

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


def exhibitions_changed_at():
    """When anything of any exhibition was last changed, also of one that is not public; or None."""
    from exhibitions.models import Exhibition, ExhibitionDay, Photo

    return _latest_of(Exhibition, ExhibitionDay, Photo, purposes=[Purpose.PHOTO])


def works_changed_at():
    """When anything of any work was last changed, also of one that is not public; or None."""
    from exhibitions.models import Maker, Photo, Work

    return _latest_of(Work, Maker, Photo, purposes=[Purpose.NAME_WEB, Purpose.PHOTO])


def _latest_of(*models, purposes):
    """Asked of the ends of indexes: of each row alone it would cost seconds with thousands of works."""
    from trainees.models import Consent

    changes = [model.history.aggregate(latest=Max("history_date"))["latest"] for model in models]
    answers = Consent.objects.filter(purpose__in=purposes).order_by("-pk")
    changes += answers.values_list("at", flat=True)[:1]
    return max(filter(None, changes), default=None)


def _latest_answer(purpose, path):
    """The time of the latest answer to a purpose of the people that the path leads to."""
    from trainees.models import Consent

    return latest(Consent.objects.filter(purpose=purpose, **{path: OuterRef("pk")}), "at")
