"""Works in the admin."""

from datetime import date

import pytest

from exhibitions import services
from exhibitions.models import Showing
from tests import factories as make
from tests.exhibitions.admin.pages import page, work_data
from tests.forms import added, errors, shown, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_the_way_of_a_work(staff):
    work, exhibition = make.work(makers=["3-B"], state="draft"), make.exhibition()
    staff.post(page("work_act", work.pk, "submit"))
    work.refresh_from_db()
    assert work.state == "submitted"
    assert work.number
    no_note = staff.post(page("work_act", work.pk, "return_it"), {"note": ""})
    assert list(errors(no_note)) == ["note"]
    staff.post(page("work_act", work.pk, "return_it"), {"note": "Ölçüsü eksik"})
    work.refresh_from_db()
    assert (work.state, work.state_note) == ("returned", "Ölçüsü eksik")
    staff.post(page("work_act", work.pk, "approve"), {"exhibition": exhibition.pk})
    assert Showing.objects.get(work=work).approved_at
    staff.post(page("work_act", work.pk, "withdraw"), {"reason": "Sahibi istedi"})
    work.refresh_from_db()
    assert work.state == "withdrawn"


def test_several_works_are_approved_at_once_and_a_refusal_is_named(staff):
    exhibition = make.exhibition()
    good = make.work("Gelincik", makers=["3-B"], state="submitted")
    gone = make.work("Menekşe", state="withdrawn")
    chosen = {"action": "approve_selected", "_selected_action": [good.pk, gone.pk], "index": "0"}
    asked = staff.post(f"{page('work_changelist')}?year=all", chosen)
    assert "Gelincik" in asked.content.decode()
    assert not Showing.objects.exists()
    done = staff.post(
        f"{page('work_changelist')}?year=all",
        shown(asked) | {"exhibition": exhibition.pk, "index": "0"},
        follow=True,
    )
    text = done.content.decode()
    assert "1 eser onaylandı." in text
    assert "Menekşe" in text
    assert [showing.work for showing in Showing.objects.all()] == [good]


def test_works_are_not_deleted_in_bulk(staff):
    make.work()
    text = staff.get(page("work_changelist")).content.decode()
    assert "delete_selected" not in text


def test_what_happens_in_the_hall_is_typed_in_the_list(staff):
    exhibition = make.exhibition(works=[make.work("Bir"), make.work("İki")])
    address = f"{page('showing_changelist')}?exhibition__id__exact={exhibition.pk}&year=all"
    typed = {"form-0-place": "3. masa", "form-0-handed_in": "02.06.2023", "_save": "Kaydet"}
    answer = staff.post(address, shown(staff.get(address)) | typed)
    assert answer.status_code == 302
    first = exhibition.showings.get(work__title="Bir")
    assert (first.place, first.handed_in) == ("3. masa", date(2023, 6, 2))
    early = typed | {"form-0-given_back": "01.06.2023"}
    refused = staff.post(address, shown(staff.get(address)) | early)
    assert "Teslim alınmadan geri verilmiş" in refused.content.decode()


def test_an_older_page_of_the_list_takes_nothing_back(staff):
    exhibition = make.exhibition(works=[make.work(title) for title in "ABC"])
    first, _second, third = exhibition.showings.all()
    address = page("showing_changelist") + f"?exhibition__id__exact={exhibition.pk}&year=all"
    old = shown(staff.get(address)) | {"_save": "Kaydet"}
    services.move_showing(showing=first, move="last", by=None)
    assert staff.post(address, old | {"form-2-place": "masa 3"}).status_code == 302
    assert [row.work.title for row in exhibition.showings.all()] == ["B", "C", "A"]
    assert exhibition.showings.get(pk=third.pk).place == "masa 3"
    told = staff.post(address, old | {"form-2-place": "masa 4"})  # both have placed C
    assert told.status_code == 200
    assert "başka biri" in told.content.decode()
    assert exhibition.showings.get(pk=third.pk).place == "masa 3"
    assert staff.post(address, shown(told) | {"_save": "Kaydet"}).status_code == 302
    assert exhibition.showings.get(pk=third.pk).place == "masa 4"


def test_a_work_that_joins_an_exhibition_hangs_last(staff):
    exhibition = make.exhibition(works=[make.work("Bir"), make.work("İki")])
    joins = make.work("Üç")
    form = typed(staff.get(page("showing_add")), exhibition=exhibition.pk, work=joins.pk)
    assert staff.post(page("showing_add"), form).status_code == 302
    assert [row.work.title for row in exhibition.showings.all()] == ["Bir", "İki", "Üç"]


def test_works_are_found_by_their_makers_and_folded(staff):
    work = make.work("Gelincik", makers=[make.trainee("Ayşe", "Işık")])
    make.work("Menekşe", technique=make.technique("Kilim Dokuma"))
    for words in ("isik", "igne", "AYSE gelincik"):
        rows = staff.get(page("work_changelist"), {"q": words}).context["cl"].result_list
        assert list(rows) == [work], words


def test_an_officer_reads_works_of_her_centre_but_decides_nothing(client):
    centre = make.centre()
    work, other = make.work(centre=centre), make.work()
    client.force_login(make.user("merkez-sorumlusu", centres=[centre]))
    assert client.get(page("work_change", work.pk)).status_code == 200
    assert client.get(page("work_change", other.pk)).status_code == 404
    answer = client.post(page("work_act", work.pk, "withdraw"), {"reason": "x"})
    assert answer.status_code == 403
    assert (
        page("work_act", work.pk, "withdraw")
        not in client.get(page("work_change", work.pk)).content.decode()
    )


def test_makers_are_one_person_or_a_group(staff):
    zeynep, teacher = make.trainee(), make.teacher()
    row = {"trainee": zeynep.pk, "teacher": teacher.pk}
    answer = staff.post(page("work_add"), added(work_data(staff), "makers", row))
    assert "Bir kursiyer ya da öğretmen seçin veya grup yazın." in str(errors(answer))
