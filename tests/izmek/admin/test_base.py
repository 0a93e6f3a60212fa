"""What every page of the admin does alike: who comes in, conflicts, history, copies, words."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from courses.models import Neighbourhood, Programme, Room
from izmek.accounts.roles import Role
from izmek.admin import ModelAdmin, TabularInline, extend, object_link
from izmek.models import User
from tests import factories as make
from tests.forms import errors, shown, typed

pytestmark = pytest.mark.django_db


def registered():
    return [model for model in apps.get_models() if admin.site.is_registered(model)]


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def boss():
    return make.user("yonetici", first_name="Handan", last_name="Alkan")


@pytest.fixture
def manager(client, boss):
    client.force_login(boss)
    return client


# --- Who comes in -----------------------------------------------------------------------------


def test_the_admins_sign_in_is_everyones_and_comes_back(client):
    wanted = page("courses_course_changelist")
    everyones = f"/hesap/login/?next={wanted}"
    assert client.get(wanted)["Location"] == everyones
    assert client.get(page("login"), {"next": wanted})["Location"] == everyones


def test_the_sign_in_leads_nowhere_else(client):
    answer = client.get(page("login"), {"next": "https://example.com/"})
    assert answer["Location"] == f"/hesap/login/?next={page('index')}"


@pytest.mark.parametrize("name", ["index", "login", "courses_course_changelist"])
def test_a_teacher_is_told_that_this_is_not_for_her_and_not_asked_again(client, name):
    client.force_login(make.user("ogretmen"))
    assert client.get(page(name)).status_code == 403


def test_who_is_in_goes_where_she_wanted(manager):
    wanted = page("courses_course_changelist")
    assert manager.get(page("login"), {"next": wanted})["Location"] == wanted


def test_tables_of_installed_packages_stay_out():
    labels = {model._meta.app_label for model in registered()}
    own = {"izmek", "courses", "trainees", "exhibitions"}
    assert labels == own | {"django_tasks_database"}  # the admin of its table is ours


@pytest.mark.parametrize("admin_class", [None, admin.ModelAdmin])
def test_an_admin_without_our_rules_is_an_error(admin_class):
    with pytest.raises(ImproperlyConfigured, match=r"contenttypes\.ContentType"):
        admin.site.register(ContentType, admin_class)


# --- Users ------------------------------------------------------------------------------------


def test_a_manager_gives_roles(manager):
    user = make.user(first_name="Ayla", last_name="Kaya", email="ayla@example.com")
    form = manager.get(page("izmek_user_change", user.pk))
    chosen = [Role.CURATOR.value, Role.OFFICER.value]
    answer = manager.post(page("izmek_user_change", user.pk), typed(form, roles=chosen))
    assert answer.status_code == 302, errors(answer)
    assert User.objects.get(pk=user.pk).roles == {Role.CURATOR, Role.OFFICER}


def test_nobody_locks_herself_out(manager, boss):
    form = manager.get(page("izmek_user_change", boss.pk))
    data = typed(form, roles=[Role.AUDITOR.value])
    del data["is_active"]
    answer = manager.post(page("izmek_user_change", boss.pk), data)
    assert sorted(errors(answer)) == ["is_active", "roles"]


@pytest.mark.parametrize("asked", ["begin__year=0", "centre=" + "9" * 30, "q=%00", "q=a%00b"])
def test_a_filter_that_no_database_can_compare_is_left_out(manager, asked):
    answer = manager.get(f"{page('courses_course_changelist')}?{asked}", follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("asked", ["", "&begin__month=12&begin__day=31"])
def test_after_the_last_year_there_is_no_next_one(manager, asked):
    address = f"{page('courses_holiday_changelist')}?begin__year=9999{asked}"
    assert manager.get(address, follow=True).status_code == 200


@pytest.mark.parametrize("asked", ["abc", "%00", "9" * 30])
def test_a_form_takes_no_nonsense_from_its_address(manager, asked):
    make.work()
    for name in ("exhibitions_work_add", "exhibitions_showing_add"):
        assert manager.get(f"{page(name)}?course={asked}&work={asked}").status_code == 200


def test_the_address_of_a_new_row_names_no_row_that_one_does_not_see(client):
    mine, others = make.centre("Akmeşe Konağı"), make.centre("Bekirpaşa Konağı")
    client.force_login(make.user("merkez-sorumlusu", centres=[mine]))
    for name in ("courses_course_add", "courses_room_add"):
        text = client.get(f"{page(name)}?centre={others.pk}").content.decode()
        assert "Bekirpaşa" not in text
    text = client.get(f"{page('courses_course_add')}?centre={mine.pk}").content.decode()
    assert "Akmeşe Konağı" in text


# --- What an app adds to the admin of another --------------------------------------------------


class FirstInline(TabularInline):
    model = Room


class SecondInline(TabularInline):
    model = Neighbourhood


@pytest.fixture
def extended():
    class Admin(ModelAdmin):
        object_actions = ("open", "cancel")
        open = cancel = object_link("", str)
        inlines = (FirstInline,)

    return Admin


def test_an_extension_puts_its_buttons_where_it_says_and_its_inlines_last(extended):
    link = object_link("", str)
    extend(extended, actions={"first": link}, inlines=[SecondInline])
    extend(extended, actions={"second": link, "third": link}, after="open")
    assert extended.object_actions == ("first", "open", "second", "third", "cancel")
    assert extended.third is link
    assert extended.inlines == (FirstInline, SecondInline)


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        ({"actions": {"open": object_link("", str)}}, "`open` is taken"),
        ({"actions": {"save_row": object_link("", str)}}, "`save_row` is taken"),
        ({"actions": {"new": object_link("", str)}, "after": "shut"}, "no button `shut`"),
        ({"inlines": [FirstInline]}, "FirstInline is there already"),
    ],
)
def test_an_extension_that_does_not_fit_is_refused(extended, added, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint):
        extend(extended, **added)
    assert extended.object_actions == ("open", "cancel")
    assert extended.inlines == (FirstInline,)


# --- Two people at one form -------------------------------------------------------------------


def test_two_people_at_one_form_are_noticed_and_nothing_is_overwritten(manager, client):
    programme = make.programme("Kilim Dokuma", bring="makas")
    address = page("courses_programme_change", programme.pk)
    form = manager.get(address)
    other = make.user("yonetici", first_name="Ayla", last_name="Kaya")
    client.force_login(other)
    client.post(address, typed(client.get(address), bring="makas, iğne"))

    client.force_login(User.objects.get(first_name="Handan"))
    answer = manager.post(address, typed(form, bring="cetvel", text="Uzun bir metin"))
    text = answer.content.decode()
    assert "Ayla Kaya" in text
    assert "makas, iğne" in text
    assert shown(answer)["text"] == "Uzun bir metin"
    programme.refresh_from_db()
    assert (programme.bring, programme.text) == ("makas, iğne", "")
    # Saved once more it is meant.
    assert manager.post(address, shown(answer)).status_code == 302
    programme.refresh_from_db()
    assert programme.bring == "cetvel"


@pytest.mark.parametrize("moment", ["9" * 30, "9" * 5000, "²", "dün", ""])
def test_a_stamp_that_nobody_wrote_breaks_nothing(manager, moment):
    address = page("courses_programme_change", make.programme("Kilim Dokuma").pk)
    form = typed(manager.get(address), name="") | {"_stamp": f"x.{moment}"}
    assert manager.post(address, form).status_code == 200


def test_a_change_of_an_inline_is_noticed_too(manager):
    programme = make.programme()
    module = programme.modules.create(name="Çözgü", hours=40)
    address = page("courses_programme_change", programme.pk)
    form = manager.get(address)
    module.hours = 60
    module.save()
    answer = manager.post(address, shown(form))
    assert answer.status_code == 200
    module.refresh_from_db()
    assert module.hours == 60


def test_who_is_alone_is_not_bothered(manager):
    programme = make.programme()
    address = page("courses_programme_change", programme.pk)
    form = manager.get(address)
    wrong = manager.post(address, typed(form, name=""))
    assert list(errors(wrong)) == ["name"]
    assert manager.post(address, typed(wrong, name="Kilim")).status_code == 302


# --- History ----------------------------------------------------------------------------------


def test_a_wrong_entry_is_undone_from_the_history(manager, boss):
    programme = make.programme("Kilim Dokuma", minimum_age=16)
    address = page("courses_programme_change", programme.pk)
    manager.post(address, typed(manager.get(address), minimum_age="61", name="Kilim"))
    history = manager.get(page("courses_programme_history", programme.pk))
    text = history.content.decode()
    assert "<del>16</del>" in text
    assert "<ins>61</ins>" in text
    assert "Handan Alkan" in text
    first = programme.history.earliest()
    restore = page("courses_programme_restore", programme.pk, first.history_id)
    assert manager.get(restore).status_code == 405
    assert manager.post(restore)["Location"] == address
    programme.refresh_from_db()
    assert (programme.name, programme.minimum_age) == ("Kilim Dokuma", 16)
    assert programme.history.count() == 3


def test_a_restored_version_leaves_the_state_alone(manager):
    exhibition = make.exhibition("Sergi", state="draft")
    first = exhibition.history.get()
    exhibition.title, exhibition.state = "Başka", "published"
    exhibition.save()
    manager.post(page("exhibitions_exhibition_restore", exhibition.pk, first.history_id))
    exhibition.refresh_from_db()
    assert (exhibition.title, exhibition.state) == ("Sergi", "published")


def test_a_version_that_would_break_a_rule_is_not_restored(manager):
    place = make.neighbourhood("Akmeşe")
    first = place.history.get()
    place.name = "Akmeşe Cumhuriyet"
    place.save()
    make.neighbourhood("Akmeşe")  # the name is taken by now
    answer = manager.post(
        page("courses_neighbourhood_restore", place.pk, first.history_id), follow=True
    )
    assert "zaten mevcut" in answer.content.decode()
    place.refresh_from_db()
    assert place.name == "Akmeşe Cumhuriyet"


def test_another_rows_version_is_not_restored(manager):
    one, other = make.programme("Bir"), make.programme("İki")
    version = other.history.get().history_id
    assert manager.post(page("courses_programme_restore", one.pk, version)).status_code == 404


def test_a_row_that_hangs_on_another_by_now_is_not_restored_from_the_former_one(manager):
    former, now = make.exhibition("Bir"), make.exhibition("İki")
    guest = former.guests.create(name="Handan Alkan", office="Muhtar")
    version = guest.history.get().history_id
    guest.exhibition, guest.office = now, "Başkan"
    guest.save()
    for at in (former, now):
        restore = page("exhibitions_exhibition_restore_row", at.pk, "guest", version)
        assert manager.post(restore).status_code == 404
    guest.refresh_from_db()
    assert guest.office == "Başkan"


def test_who_only_reads_restores_nothing(client):
    programme = make.programme()
    client.force_login(make.user("denetci"))
    version = programme.history.get().history_id
    answer = client.post(page("courses_programme_restore", programme.pk, version))
    assert answer.status_code == 403
    assert client.get(page("courses_programme_history", programme.pk)).status_code == 200


def test_a_deleted_row_comes_back(manager, client):
    place = make.neighbourhood("Ortaburun")
    key = place.pk
    manager.post(page("courses_neighbourhood_delete", key), {"post": "yes"})
    assert not Neighbourhood.objects.exists()
    listed = manager.get(page("courses_neighbourhood_deleted"))
    assert "Ortaburun" in listed.content.decode()
    version = Neighbourhood.history.filter(history_type="-").get().history_id
    manager.post(page("courses_neighbourhood_undelete", version))
    assert Neighbourhood.objects.get().pk == key
    client.force_login(make.user("merkez-sorumlusu"))
    assert client.get(page("courses_neighbourhood_deleted")).status_code == 403


def test_a_row_of_a_table_inside_a_form_comes_back_and_goes_back(manager):
    room = make.room(make.centre(), name="Atölye", capacity=18)
    room.capacity = 81
    room.save()
    centre, key = room.centre, room.pk
    address = page("courses_coursecentre_history", centre.pk)
    _wrong, first = room.history.order_by("-history_id")
    restore = page("courses_coursecentre_restore_row", centre.pk, "room", first.history_id)
    assert restore in manager.get(address).content.decode()
    assert manager.get(restore).status_code == 405
    assert manager.post(restore)["Location"] == page("courses_coursecentre_change", centre.pk)
    room.refresh_from_db()
    assert room.capacity == 18

    room.delete()
    gone = room.history.model.objects.get(history_type="-")
    restore = page("courses_coursecentre_restore_row", centre.pk, "room", gone.history_id)
    text = manager.get(address).content.decode()
    assert restore in text
    assert "Geri getir" in text
    manager.post(restore)
    assert Room.objects.get(pk=key).capacity == 18
    assert restore not in manager.get(address).content.decode()


def test_a_row_is_restored_from_its_own_page_and_by_who_may_change_it(manager, client):
    room, other = make.room(make.centre()), make.centre()
    version = room.history.get().history_id
    elsewhere = page("courses_coursecentre_restore_row", other.pk, "room", version)
    assert manager.post(elsewhere).status_code == 404
    unknown = page("courses_coursecentre_restore_row", room.centre.pk, "photo", version)
    assert manager.post(unknown).status_code == 404
    client.force_login(make.user("denetci"))
    own = page("courses_coursecentre_restore_row", room.centre.pk, "room", version)
    assert client.post(own).status_code == 403
    assert (
        own not in client.get(page("courses_coursecentre_history", room.centre.pk)).content.decode()
    )


# --- Searching, copying, words ----------------------------------------------------------------


@pytest.mark.parametrize("words", ["igne", "İĞNE", "igne oyasi", "oyası iğne"])
def test_search_folds_turkish(manager, words):
    found = make.programme("İğne Oyası")
    make.programme("Kilim Dokuma")
    rows = manager.get(page("courses_programme_changelist"), {"q": words}).context["cl"].result_list
    assert list(rows) == [found]


@pytest.mark.parametrize(("words", "name"), [("ISIK", "Işık"), ("Sirin", "Şirin")])
def test_search_folds_columns_that_keep_no_folded_copy(manager, words, name):
    found = make.user(first_name=name)
    rows = manager.get(page("izmek_user_changelist"), {"q": words}).context["cl"].result_list
    assert list(rows) == [found]


@pytest.mark.parametrize(
    "pasted", [60_000 * "a", 60_000 * "5", " ".join(map(chr, range(0x4E00, 0x5200)))]
)
def test_a_whole_page_pasted_into_a_search_is_shortened(manager, pasted):
    """SQLite compares with no text of that length, and no database with as many words."""
    for model, listing in admin.site._registry.items():
        if listing.search_fields:
            address = page(f"{model._meta.app_label}_{model._meta.model_name}_changelist")
            assert manager.get(address, {"q": pasted}).status_code == 200, address
    programme = make.programme("Kilim Dokuma")
    looked_for = page("courses_programme_merge", programme.pk)
    assert manager.post(looked_for, {"q": pasted}).status_code == 200


def test_a_copy_takes_over_what_need_not_be_unique(manager):
    programme = make.programme("Kilim Dokuma", total_hours=360, bring="makas")
    data = shown(manager.get(f"{page('courses_programme_add')}?copy={programme.pk}"))
    assert (data["total_hours"], data["bring"]) == ("360", "makas")
    answer = manager.post(page("courses_programme_add"), data)
    assert list(errors(answer)) == ["name"]  # it has to be called otherwise
    assert Programme.objects.count() == 1


@pytest.mark.parametrize("key", ["abc", "\0", "9" * 30])
def test_what_is_no_row_is_refused_where_a_row_is_chosen(manager, key):
    """One row by autocomplete, several of them, and the row of an act."""
    lesson = make.session(make.course())
    add = page("exhibitions_exhibition_add")
    several = typed(manager.get(add), neighbourhood=key, centres=[key])
    assert "neighbourhood" in errors(manager.post(add, several))
    substitute = page("courses_session_act", lesson.pk, "substitute")
    assert "teacher" in errors(manager.post(substitute, {"teacher": key}))


def test_a_request_that_makes_no_sense_is_answered_in_turkish(manager):
    answer = manager.get(page("courses_course_changelist"), {"_to_field": "x"})
    assert answer.status_code == 400
    assert "Bu istek anlaşılamadı" in answer.content.decode()


def test_labels_begin_with_the_right_capital():
    """Django makes the first letter of a label a capital by the English rule: i would become I."""
    with translation.override("tr"):
        for model in registered():
            names = [model._meta.verbose_name, model._meta.verbose_name_plural]
            names += [
                field.verbose_name
                for field in model._meta.fields
                if field.name != "id"  # shown nowhere
            ]
            assert [name for name in map(str, names) if name.startswith("i")] == [], model


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("table", ["work", "exhibition", "coursecentre"])
def test_a_change_page_asks_few_things_however_many_rows_it_shows(client, rows, table):
    client.force_login(make.user("yonetici"))
    works = [make.work(makers=[make.trainee() for _row in range(rows)]) for _row in range(rows)]
    exhibition = make.exhibition(works=works)
    centre = works[0].centre
    for _row in range(rows):
        make.room(centre)
    obj = {"work": works[0], "exhibition": exhibition, "coursecentre": centre}[table]
    address = page(f"{obj._meta.app_label}_{table}_change", obj.pk)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 12, [query["sql"][:200] for query in asked]
