"""Papers of many works in the admin: ordered, followed, fetched, and kept when they no longer hold."""

import io
from types import SimpleNamespace

import pytest
from django.urls import reverse
from pypdf import PdfReader

from exhibitions.enums import ExhibitionState
from exhibitions.papers import wall
from izmek.accounts.roles import Role
from izmek.acts import jobs
from izmek.acts.enums import Access, JobState
from izmek.models import AccessLog, Job
from tests import factories as make
from trainees.enums import Purpose
from trainees.services import withdraw_consent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DUMMY = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
SLUG = "etiket-70x37"


@pytest.fixture
def maker():
    person = make.trainee("Şule", "Kırkpınarlı")
    make.consent(person, Purpose.NAME_LABEL)
    return person


@pytest.fixture
def fair(maker, monkeypatch):
    """Three works, which are many here."""
    monkeypatch.setattr(wall, "AT_ONCE", 2)
    here = make.centre("Akmeşe Kurs Merkezi")
    works = [make.work("Bir", [maker], centre=here), make.work("İki", centre=here), make.work("Üç")]
    return make.exhibition("Büyük Sergi", works)


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """Send a form; what waits for the commit is done."""

    def sent(address):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address)

    return sent


def paper(exhibition, slug=SLUG):
    return reverse("admin:exhibitions_exhibition_paper", args=[exhibition.pk, slug])


def papers(exhibition):
    return reverse("admin:exhibitions_exhibition_papers", args=[exhibition.pk])


def text_of(answer):
    content = b"".join(answer.streaming_content)
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_many_labels_are_ordered_followed_and_fetched(curator, send, fair):
    page = curator.get(papers(fair)).content.decode()
    assert f'action="{paper(fair)}"' in page
    assert f'href="{paper(fair, "afis-a4")}"' in page  # a poster is at once there
    job_page = send(paper(fair)).url
    page = curator.get(job_page)
    assert "Hazır" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert not AccessLog.objects.exists()
    for _time in range(2):
        answer = curator.get(page.context["file"])
        assert "Şule Kırkpınarlı" in text_of(answer)
        assert "no-store" in answer["Cache-Control"]
        assert f"{fair.slug}-{SLUG}.pdf" in answer["Content-Disposition"]
    assert AccessLog.objects.count() == 2
    for entry in AccessLog.objects.all():
        assert (entry.action, entry.object) == (Access.EXPORTED, fair)
        assert entry.reason == f"{SLUG}.pdf: 3"
    listed = curator.get(papers(fair)).content.decode()
    assert f'<a href="{job_page}">Küçük künyeler 70 × 37 mm – Büyük Sergi</a>: hazır' in listed


def test_an_address_alone_orders_nothing(curator, fair):
    assert curator.get(paper(fair)).url == papers(fair)
    assert not Job.objects.exists()


def test_few_works_of_one_centre_are_printed_at_once(curator, send, fair):
    here = fair.works.get(title="Bir").centre
    assert curator.get(paper(fair), {"merkez": here.pk})["Content-Type"] == "application/pdf"
    make.show(make.work("Dört", centre=here), fair)
    job_page = send(f"{paper(fair)}?merkez={here.pk}").url
    page = curator.get(job_page)
    assert "Akmeşe Kurs Merkezi" in page.content.decode()
    assert page.context["back"] == f"{papers(fair)}?merkez={here.pk}"
    text = text_of(curator.get(page.context["file"]))
    assert "Dört" in text and "Üç" not in text


def test_while_it_is_made_the_page_says_how_far_it_is(curator, send, fair, settings):
    settings.TASKS = DUMMY
    job_page = send(paper(fair)).url
    assert send(paper(fair)).url == job_page  # a second order leads to the running one
    job = Job.objects.get()
    page = curator.get(job_page).content.decode()
    assert "bekliyor" in page and "js/job.js" in page and f'href="{job_page}"' in page
    Job.objects.update(state=JobState.RUNNING, done=1, total=4)
    assert "%25 tamam" in curator.get(job_page).content.decode()
    told = curator.get(job_page, headers={"accept": "application/json"})
    assert told.json() == {"waits": True, "percent": 25, "said": "%25 tamam"}
    assert curator.get(reverse("admin:job_file", args=[job.pk])).url == papers(fair)
    Job.objects.update(state=JobState.FAILED, error="Olmadı.")
    page = curator.get(job_page).content.decode()
    assert "Olmadı." in page and "js/job.js" not in page
    again = send(job_page).url
    assert again != job_page and curator.get(again).status_code == 200


def test_a_consent_withdrawn_after_it_was_made_is_kept(curator, send, fair, maker, media):
    page = curator.get(send(paper(fair)).url)
    (file,) = media.rglob("jobs/*")
    withdraw_consent(trainee=maker, purpose=Purpose.NAME_LABEL, channel="paper", by=None)
    answer = curator.get(page.context["file"])
    assert answer.status_code == 302
    assert not file.exists()  # nor does it lie about
    assert not AccessLog.objects.exists()
    page = curator.get(answer.url)
    assert "yeniden yapılıyor" in page.content.decode()
    jobs.run.call(SimpleNamespace(attempt=1), Job.objects.get().pk)
    assert "Kırkpınarlı" not in text_of(curator.get(page.context["file"]))


def test_a_consent_withdrawn_while_it_is_made_is_kept(curator, send, fair, maker, monkeypatch):
    made = jobs.KINDS["exhibition_paper"].make

    def slow(job, out, report):
        fingerprint = made(job, out, report)
        make.consent(maker, Purpose.NAME_LABEL, False)
        return fingerprint

    monkeypatch.setattr(jobs.KINDS["exhibition_paper"], "make", slow)
    page = curator.get(send(paper(fair)).url)
    assert curator.get(page.context["file"]).status_code == 302
    assert not AccessLog.objects.exists()


def test_only_who_ordered_it_and_still_may_gets_it(client, send, fair):
    here = fair.works.get(title="Bir").centre
    fair.centres.add(here)
    make.show(make.work("Dört", centre=here), fair)
    officer = make.user(Role.OFFICER, centres=[here])
    client.force_login(officer)
    job_page = send(paper(fair)).url
    file = client.get(job_page).context["file"]
    text = text_of(client.get(file))
    assert "Dört" in text and "Üç" not in text  # the works of her centre
    for other in (Role.MANAGER, Role.CURATOR, Role.OFFICER):
        client.force_login(make.user(other))
        assert client.get(job_page).status_code == client.get(file).status_code == 404
    client.force_login(officer)
    officer.offices.all().delete()  # another centre from now on
    officer.offices.create(centre=make.centre())
    assert client.get(file).status_code in (403, 404)
    client.force_login(make.user(Role.TEACHER))
    assert client.get(file).status_code == 403


def test_nothing_is_left_to_print(curator, send, fair):
    page = curator.get(send(paper(fair)).url)
    fair.showings.update(approved_at=None)
    assert curator.get(page.context["file"]).status_code == 404


def test_a_draft_can_be_printed(curator, send, fair):
    fair.state = ExhibitionState.DRAFT
    fair.save()
    page = curator.get(send(paper(fair)).url)
    assert "Bir" in text_of(curator.get(page.context["file"]))


def test_fetching_asks_as_often_for_many_works(
    curator, send, fair, maker, django_assert_max_num_queries
):
    page = curator.get(send(paper(fair)).url)
    curator.get(page.context["file"])
    with django_assert_max_num_queries(40) as few:
        curator.get(page.context["file"])
    count = len(few)
    for title in ("Dört", "Beş"):
        make.show(make.work(title, [maker]), fair)
    page = curator.get(send(paper(fair)).url)
    curator.get(page.context["file"])
    with django_assert_max_num_queries(count):
        curator.get(page.context["file"])
