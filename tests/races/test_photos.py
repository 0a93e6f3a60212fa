"""Two photos of one work sent at the same moment, on PostgreSQL with real threads."""

from functools import partial

import pytest

from exhibitions import services
from exhibitions.models import Photo, Work
from exhibitions.services.photos import MOST_PHOTOS
from izmek.acts.refusal import Refusal
from tests import factories as make
from tests.races.together import Meeting, at_once, before_saving, without_locks

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
]


@pytest.fixture
def work():
    """A work with room for one more photo."""
    made = make.work()
    for _photo in range(MOST_PHOTOS - 1):
        make.photo(work=made)
    yield made
    for model in (Photo, Work):
        model.objects.all().delete()
        model.history.all().delete()


def add_two(work):
    uploads = [make.picture(620, 620), make.picture(620, 620)]
    with before_saving(Photo, call=Meeting()):
        return at_once(
            *(partial(services.add_photo, upload=one, work=work, by=None) for one in uploads)
        )


def test_one_is_refused_and_leaves_no_file(work, media):
    results = add_two(work)
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]
    assert work.photos.count() == MOST_PHOTOS
    assert len(list((media / "photos").iterdir())) == 1


def test_without_the_lock_both_are_taken(work, monkeypatch):
    without_locks(monkeypatch)
    add_two(work)
    assert work.photos.count() == MOST_PHOTOS + 1
