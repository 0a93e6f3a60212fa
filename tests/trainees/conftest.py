"""Fixtures that several of these files share."""

import pytest

from tests.classroom import Classroom, signed_in
from trainees.enums import NoticeKind
from trainees.models import (
    NoticeText,
)


@pytest.fixture
def room(client):
    room = Classroom(trainees=3, modules=2)
    signed_in(client, room.user)
    return room


@pytest.fixture
def notices():
    for kind in (NoticeKind.REGISTRATION, NoticeKind.CONSENT):
        NoticeText.objects.create(kind=kind, version=7, language="tr", text="Metin\n\nDevamı")
