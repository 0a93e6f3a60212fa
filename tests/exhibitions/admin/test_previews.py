"""The signed preview of a draft."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from exhibitions import previews, services
from tests import factories as make
from tests.exhibitions.admin.desk import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def link_to(client, exhibition):
    return client.get(page("exhibition_preview", exhibition.pk)).context["link"]


def test_a_link_shows_the_draft_to_who_has_no_account(curator, draft):
    # The same work elsewhere stands in the preview once, in this exhibition's order.
    make.exhibition(works=[draft.showings.get(approved_at__isnull=False).work])
    link = link_to(curator, draft)
    visitor = Client()
    answer = visitor.get(link)
    told = answer.content.decode()
    assert "Gizli Sergi" in told
    assert told.count("Karanfil</h3>") == 1
    assert "Bekleyen" not in told
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    shown, hidden = (row.work.photos.get() for row in draft.showings.order_by("pk"))
    address = f"{link}gorsel/{shown.pk.hex}/240.webp".replace("http://testserver", "")
    assert address in told
    picture = visitor.get(address)
    assert picture.status_code == 200
    assert "no-store" in picture["Cache-Control"]
    assert visitor.get(address.replace(shown.pk.hex, hidden.pk.hex)).status_code == 404
    assert visitor.get(address.replace("240.webp", "master.jpg")).status_code == 404


def test_a_photo_of_someone_who_does_not_agree_is_not_previewed(curator, draft):
    photo = draft.photos.create(width=620, height=620, alt="Grup", people="trainees")
    photo.trainees.add(make.trainee())
    link = link_to(curator, draft)
    assert photo.pk.hex not in Client().get(link).content.decode()
    assert Client().get(f"{link}gorsel/{photo.pk.hex}/240.webp").status_code == 404


def test_a_link_ends(curator, draft, monkeypatch):
    link = link_to(curator, draft)
    draft.title_en = "Secret"
    draft.save()
    assert Client().get(link).status_code == 200
    assert Client().get(link.replace("onizleme/", "onizleme/9")).status_code == 404
    with monkeypatch.context() as later:
        later.setattr(previews, "LASTS", timedelta(seconds=-1))
        assert Client().get(link).status_code == 410
    draft.showings.filter(approved_at=None).delete()
    tomorrow = timezone.now() + timedelta(days=1)
    services.publish_exhibition(exhibition=draft, publish_from=tomorrow, by=None)
    assert Client().get(link).status_code == 200  # nobody else sees it yet
    services.publish_exhibition(exhibition=draft, by=None)
    assert Client().get(link).status_code == 410
    services.unpublish_exhibition(exhibition=draft, by=None)
    assert Client().get(link).status_code == 410
    assert Client().get(link_to(curator, draft)).status_code == 200
