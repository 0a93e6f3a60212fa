"""The guide inside the admin: every page of docs/kullanim, and the way there from the page at hand."""

import re

import polib
import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.urls import reverse

from izmek.site import guide
from izmek.text.case import lower
from tests import factories as make
from tests.words import CATALOGUE, WORDS

# Words and pages, the same on either database.
pytestmark = [pytest.mark.django_db]
ROLES = ("yonetici", "merkez-sorumlusu", "sergi-sorumlusu", "denetci")


def page(client, name):
    answer = client.get(reverse("admin:guide_page", args=[name]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_year_in_ten_pages_and_more_each_with_the_sentence_that_says_what_it_is_for(
    client,
):
    client.force_login(make.user("yonetici"))
    shown = client.get(reverse("admin:guide")).content.decode()
    numbers = [guide.read(name).number for name in guide.names()]
    assert numbers[:10] == list(range(1, 11)) and numbers == sorted(set(numbers))
    for name in guide.names():
        one = guide.read(name)
        assert one.title in shown and one.lead and one.url in shown


@pytest.mark.parametrize("name", guide.names())
def test_links_pictures_and_headings_of_a_page_lead_somewhere(client, name):
    client.force_login(make.user("yonetici"))
    shown = page(client, name).partition("<article")[2].partition("</article>")[0]
    for target in re.findall(r'href="([^"]+)"', shown):
        path, _hash, heading = target.partition("#")
        if path.startswith("/yonetim/yardim/"):
            marks = [
                mark for mark, _text in guide.read(path.strip("/").rpartition("/")[2]).headings
            ]
            assert not heading or heading in marks, target
        else:
            assert client.get(path).status_code == 200, target
    pictures = re.findall(r'<img src="/static/([^"]+)" alt="([^"]+)"', shown)
    assert len(pictures) == shown.count("<img")
    assert all(finders.find(source) for source, _alt in pictures)
    assert "&lt;" not in shown  # HTML is not let through, so nobody should have written any


@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_open_the_admin_reads_it(client, role):
    client.force_login(make.user(role))
    assert client.get(reverse("admin:guide")).status_code == 200


def test_a_teacher_and_a_stranger_do_not(client):
    assert client.get(reverse("admin:guide")).status_code == 302
    client.force_login(make.user("ogretmen"))
    assert client.get(reverse("admin:guide_page", args=["1-baslarken"])).status_code == 403


@pytest.mark.parametrize("name", ["11-yok", "README", "..", "1-baslarken.md", "%2e%2e"])
def test_what_is_no_page_of_it_is_not_found(client, name):
    client.force_login(make.user("yonetici"))
    assert client.get(f"/yonetim/yardim/{name}/").status_code == 404


def test_help_leads_to_the_page_that_belongs(client):
    client.force_login(make.user("yonetici"))
    course = make.course()
    for address, chapter in (
        ("/yonetim/", "1-baslarken"),
        (reverse("admin:courses_course_applications", args=[course.pk]), "4-on-kayitlar"),
        (reverse("admin:trainees_trainee_changelist"), "8-kisiler"),
        (reverse("admin:exhibitions_work_changelist"), "9-eserler-ve-sergi"),
    ):
        url = reverse("admin:guide_page", args=[chapter])
        assert f'<a href="{url}">' in client.get(address).content.decode(), address


def test_every_chapter_of_the_table_is_there():
    for chapter in filter(None, guide.CHAPTERS.values()):
        name, _hash, heading = chapter.partition("#")
        assert not heading or heading in [mark for mark, _text in guide.read(name).headings], (
            chapter
        )


@pytest.mark.parametrize("name", guide.names())
def test_it_calls_each_thing_by_its_one_word(name):
    text = (guide.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    wrong = [word.right for word in WORDS if not word.about and re.search(word.never, text, re.M)]
    assert wrong == []


def names_quoted(text):
    """What the guide says stands on the screen: all in bold that does not lead into a sentence."""
    for bold in re.findall(r"\*\*([^*]+)\*\*", text):
        if bold.endswith(":"):
            yield from re.findall("“([^”]+)”", bold)
        else:
            yield from bold.split(" → ")


def plain(text):
    return lower(" ".join(text.split())).strip(" :.…")


@pytest.fixture(scope="module")
def said():
    """All that the pages may say in Turkish, and what stands before a colon or a value in it."""
    entries = [entry for entry in polib.pofile(CATALOGUE) if not entry.obsolete]
    texts = [text for one in entries for text in (one.msgstr, *one.msgstr_plural.values())]
    found = {plain(text) for text in texts}
    found |= {plain(f"{model._meta.verbose_name} ekle") for model in apps.get_models()}
    return found | {plain(text.partition(":")[0]) for text in texts}


@pytest.mark.parametrize("name", [*guide.names(), "README"])
def test_every_name_that_the_guide_quotes_stands_on_a_page(name, said):
    text = (guide.FOLDER / f"{name}.md").read_text()
    assert [quoted for quoted in names_quoted(text) if plain(quoted) not in said] == []
