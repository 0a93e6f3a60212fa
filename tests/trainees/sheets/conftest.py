import pytest

from tests import factories as make
from tests.sheets.importing import Clerk


@pytest.fixture
def course(db):
    return make.course(number="41-001", capacity=20)


@pytest.fixture
def clerk(client, course, media, django_capture_on_commit_callbacks):
    """The officer of the course's centre, in front of the pages."""
    user = make.user("merkez-sorumlusu", centres=[course.centre])
    return Clerk(client, user, django_capture_on_commit_callbacks)
