"""Techniques that were on record twice, and names in public after two people became one."""

import pytest
from django.urls import reverse

from exhibitions import services
from exhibitions.models import Technique
from izmek.acts.merging import undo
from tests import factories as make
from trainees.enums import Purpose
from trainees.services import merge_trainees, preview_trainees

pytestmark = pytest.mark.django_db


def test_a_technique_takes_the_works_and_the_old_address(client):
    manager = make.user("yonetici")
    kept, other = make.technique("İğne Oyası"), make.technique("İğne oyaları")
    work = make.work(technique=other)
    make.exhibition(works=[work])
    made = services.merge_techniques(kept=kept, other=other, by=manager)
    work.refresh_from_db()
    assert work.technique == kept
    old = client.get(reverse("works"), {"teknik": other.slug})
    assert old.status_code == 302
    assert old.url.endswith(f"?teknik={kept.slug}")
    undo(merge=made, by=manager)
    assert Technique.objects.get(pk=other.pk).works.get() == work
    assert client.get(reverse("works"), {"teknik": other.slug}).status_code == 200


def test_a_name_in_public_follows_the_newest_answer(client):
    """She had said yes under one name, and no under the other: no page shows either from then on."""
    manager = make.user("yonetici")
    one, other = make.trainee("Zeynep", "Yıldız"), make.trainee("Zeynep Su", "Yıldız")
    for who in (one, other):
        make.consent(who, Purpose.NAME_WEB, True)
    work = make.work(makers=[other])
    make.exhibition(works=[work])
    page = work.get_absolute_url()
    assert "Zeynep Su Yıldız" in client.get(page).content.decode()
    make.consent(one, Purpose.NAME_WEB, False)
    assert "Zeynep Su Yıldız" in client.get(page).content.decode()
    preview = preview_trainees(first=one, second=other)
    answers = {name: question.default for name, question in preview.asked.items()}
    made = merge_trainees(first=one, second=other, answers=answers, by=manager)
    assert "Zeynep" not in client.get(page).content.decode()
    undo(merge=made, by=manager)
    assert "Zeynep Su Yıldız" in client.get(page).content.decode()
