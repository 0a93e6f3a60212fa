"""e-Yaygın beside us: a list is put in for one course or for many, and what differs is read there."""

import re
from contextlib import nullcontext
from datetime import timedelta
from html import escape, unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from izmek.accounts.roles import Role
from izmek.models import AccessLog, SheetHeading, SheetImport
from tests import factories as make
from tests.classroom import Classroom
from tests.sheets import messy
from tests.sheets.importing import Clerk
from trainees import services
from trainees.models import OutsideList, OutsideRow

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.usefixtures("media")]

KIND = "e-yaygin"
HEADINGS = ["Kurs No", "T.C. Kimlik No", "Adı Soyadı", "Devamsızlık", "Sonuç"]
NUMBERS = [messy.number_of(n) for n in (100_000_001, 100_000_002, 123_456_789, 200_000_005)]


@pytest.fixture
def course():
    return Classroom(trainees=0, number="41-001").course


@pytest.fixture
def seats(course):
    found = []
    for name, number in zip(
        ("Ayşe Yılmaz", "Fatma Işık", "Çiğdem Ak", "Gül Can"), NUMBERS, strict=True
    ):
        who = make.trainee(*name.split())
        services.record_identity(trainee=who, kind="tckn", number=number, by=None)
        found.append(make.enrolment(who, course))
    return found


@pytest.fixture
def clerk(client, course, django_capture_on_commit_callbacks):
    user = make.user(Role.OFFICER, centres=[course.centre])
    return Clerk(client, user, django_capture_on_commit_callbacks)


def tab(course):
    return reverse("admin:courses_course_reconciliation", args=[course.pk])


def everything():
    return reverse("admin:trainees_enrolment_reconciliation")


def seen(clerk, address):
    answer = clerk.client.get(address)
    assert answer.status_code == 200
    return (
        re.sub(r"\s+", " ", answer.content.decode()).partition("<main")[2]
        or answer.content.decode()
    )


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def parts(clerk, course):
    """{heading of a part: [who stands in it]} of the tab."""
    shown = clerk.client.get(tab(course)).context
    return {str(label): [line.who for line in lines] for label, lines in shown.get("parts", ())}


def put_in(clerk, data, about=None, name="liste.xlsx"):
    """Put in a list of which all headings are known; returns where it leads."""
    answer = clerk.choose_file(KIND, data, name=name, about=about)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return clerk.client.get(answer.url)


def paste(clerk, rows, about=None):
    sent = {"tur": KIND, "text": "\n".join("\t".join(row) for row in rows)}
    return clerk.post(reverse("admin:imports"), sent | ({"kayit": about.pk} if about else {}))


def act(model, row, name="reopen", course=None):
    """The address of an act, as the tab has it."""
    app = "courses" if model == "course" else "trainees"
    address = reverse(f"admin:{app}_{model}_act", args=[row.pk, name]) + "?tab=reconciliation"
    return f"{address}&course={course.pk}" if course else address


def letters(n):
    return chr(97 + n // 26) + chr(97 + n % 26)


def masked(number):
    return f"{number[:2]}*******{number[-2:]}"


# --- The course’s tab -------------------------------------------------------------------------


def test_a_list_that_misses_two_has_one_too_many_and_one_other_result(clerk, course, seats):
    rows = [
        HEADINGS,
        ["41-001", NUMBERS[0], "AYŞE YILMAZ", 0, "Devam ediyor"],
        ["41-001", masked(NUMBERS[1]), "FATMA IŞIK", 0, "Ayrıldı"],
        ["41-001", NUMBERS[3][:3] + "****", "BAŞKA BİRİ", 0, ""],
    ]
    there = put_in(clerk, messy.xlsx(rows), about=course)
    assert there.url == tab(course)
    assert parts(clerk, course) == {
        "Yalnız e-Yaygın’da var": ["BAŞKA BİRİ"],
        "Yalnız bizde var": ["Çiğdem Ak", "Gül Can"],
        "Farklı olanlar": ["Fatma Işık"],
    }
    html = seen(clerk, tab(course))
    assert "1 satır uyuşuyor" in html
    counter = reverse("admin:trainees_enrolment_counter") + f"?course={course.pk}"
    ends = [act("enrolment", s, "withdraw", course) for s in seats[1:]]
    for address in (counter, *ends):
        assert f'href="{escape(address)}"' in html
        assert clerk.client.get(address).status_code == 200
    assert NUMBERS[1] not in html and NUMBERS[0] not in html
    assert OutsideList.objects.get().by == clerk.user
    assert AccessLog.objects.filter(action="imported").exists()
    assert not any(seat.trainee.enrolments.exclude(state="enrolled") for seat in seats)


def test_pasted_rows_without_a_course_number_are_of_the_course_of_the_tab(clerk, course, seats):
    rows = [["Adı", "Soyadı", "Kimlik No", "Durumu"], *([*str(s.trainee).split(), masked(n), "Kayıtlı"]
            for s, n in zip(seats, NUMBERS, strict=True))]  # fmt: skip
    assert paste(clerk, rows, about=course).status_code == 302
    assert parts(clerk, course) == {} and "4 satır uyuşuyor" in seen(clerk, tab(course))
    assert "Yapılacak bir şey yok" in seen(clerk, tab(course))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "Dosyayı seçin ya da satırları yapıştırın"),
        (" \n\t ", "Dosyayı seçin ya da satırları yapıştırın"),
        ("0532 111 22 33\tAyşe", "Başlık satırı bulunamadı"),
    ],
)
def test_an_empty_paste_says_what_to_do_and_keeps_what_was_typed(clerk, course, sent, said):
    answer = clerk.post(reverse("admin:imports"), {"tur": KIND, "kayit": course.pk, "text": sent})
    html = answer.content.decode()
    assert answer.status_code == 400 and said in html
    assert sent.strip() in html and "no-store" in answer["Cache-Control"]
    assert not OutsideList.objects.exists()


def test_a_csv_of_windows_with_eight_hours_in_words(clerk, course, seats):
    services.mark_absent(
        enrolment=seats[2], session=course.sessions.get(), hours=2, by=course.teacher.user
    )
    rows = [
        ["Kursiyer Adı Soyadı", "Devamsızlık Saati"],
        ["ÇİĞDEM AK", "2 saat"],
        ["FATMA IŞIK", "5"],
    ]
    put_in(clerk, messy.csv(rows, encoding="cp1254"), about=course, name="liste.csv")
    found = parts(clerk, course)
    assert found["Farklı olanlar"] == ["Fatma Işık"] and len(found["Yalnız bizde var"]) == 2


def test_what_a_heading_means_is_asked_once_and_can_be_changed_afterwards(clerk, course, seats):
    rows = [["Kursiyer", "Özürsüz"], ["GÜL CAN", "3"]]
    answer = paste(clerk, rows, about=course)
    assert "sutunlar" in answer.url and not OutsideList.objects.exists()
    clerk.post(answer.url, {"sheet": "", "column-0": "full_name", "column-1": "absent_hours"})
    assert SheetHeading.objects.filter(kind=KIND, column="absent_hours").exists()
    assert parts(clerk, course)["Farklı olanlar"] == ["Gül Can"]
    assert paste(clerk, rows, about=course).status_code == 302
    assert OutsideRow.objects.get().facts == {"absent_hours": 3}
    clerk.post(answer.url, {"sheet": "", "column-0": "full_name", "column-1": ""})
    assert OutsideRow.objects.get().facts == {} and "Farklı olanlar" not in parts(clerk, course)


def test_a_newer_list_takes_the_place_of_the_one_before_and_rows_without_a_name_are_told(
    clerk, course, seats
):
    put_in(clerk, messy.xlsx([HEADINGS, ["41-001", "", "BAŞKA BİRİ", "", ""]]), about=course)
    rows = [HEADINGS, *(["41-001", n, str(s.trainee), "", ""] for s, n in zip(seats, NUMBERS, strict=True)),
            ["41-001", "", "", 12, ""]]  # fmt: skip
    put_in(clerk, messy.xlsx(rows), about=course)
    assert parts(clerk, course) == {} and OutsideList.objects.count() == 1
    html = seen(clerk, tab(course))
    assert "Listenin 1 satırı anlaşılmadı" in html
    (wrong,) = re.findall(r'href="(/yonetim/aktarma/\d+/\?goster=wrong)"', html)
    assert "Bu satırda ad yok" in seen(clerk, wrong)


def test_several_possible_are_named_and_none_is_taken(clerk, course, seats):
    make.enrolment(make.trainee("Gül", "Can"), course)
    put_in(clerk, messy.xlsx([["Ad Soyad", "TC"], ["GÜL CAN", "***"]]), about=course)
    found = parts(clerk, course)
    assert (
        found["Birden çok kişi olabilir"] == ["GÜL CAN"]
        and "Gül Can" not in found["Yalnız bizde var"]
    )
    html = seen(clerk, tab(course))
    assert html.count('aria-label="Gül Can') == 2 and seats[3].trainee.masked_number in html


def test_a_finished_course_is_reopened_to_be_mended(clerk, course, seats):
    course.state = "finished"
    course.save()
    seats[0].state, seats[0].absent_hours = "completed", 0
    seats[0].save()
    rows = [
        HEADINGS,
        ["41-001", NUMBERS[0], "Ayşe Yılmaz", 0, "Başarısız"],
        ["41-001", "", "Yeni Biri", 0, ""],
    ]
    put_in(clerk, messy.xlsx(rows), about=course)
    reopen = act("course", course)
    assert seen(clerk, tab(course)).count(f'href="{reopen}"') >= 3
    assert "Sonuç: Başarısız" in text(seen(clerk, tab(course)))


def test_an_act_leads_back_to_the_tab_from_which_it_was_opened(clerk, course, seats):
    put_in(clerk, messy.xlsx([HEADINGS, ["41-001", NUMBERS[1], "Fatma Işık", 0, ""]]), about=course)
    there = act("enrolment", seats[0], "withdraw", course)
    assert f'href="{tab(course)}" class="closelink"' in clerk.client.get(there).content.decode()
    assert clerk.post(there, {"reason": "gelmiyor"}).url == tab(course)
    assert parts(clerk, course) == {"Yalnız bizde var": ["Çiğdem Ak", "Gül Can"]}
    bare = make.enrolment(make.trainee("Nur", "Er"), course).trainee
    number = messy.number_of(300_000_001)
    sent = {"identity_kind": "tckn", "identity_number": number}
    there = act("trainee", bare, "record_identity", course)
    assert clerk.post(there, sent).url == tab(course)
    done = reverse("admin:trainees_enrolment_counter_done", args=[seats[1].pk])
    assert f'href="{tab(course)}"' in seen(clerk, done)
    course.state = "finished"
    course.save()
    assert clerk.post(act("course", course), {"reason": "eksik kişi"}).url == tab(course)
    OutsideList.objects.all().delete()
    assert f'href="{tab(course)}"' not in seen(clerk, done)


def test_names_and_numbers_are_mended_on_the_page_of_the_person(clerk, course, seats):
    bare = make.enrolment(make.trainee("Nur", "Er"), course)
    rows = [["TC", "Ad Soyad"], [NUMBERS[0], "Ayşe Yılmaz Kara"], [NUMBERS[2], "Fatma Işık"],
            [messy.number_of(300_000_001), "Nur Er"]]  # fmt: skip
    put_in(clerk, messy.xlsx(rows), about=course)
    html = seen(clerk, tab(course))
    ids = [seat.trainee_id for seat in (*seats, bare)]
    for address in (
        reverse("admin:trainees_trainee_change", args=[ids[0]]),
        act("trainee", bare.trainee, "record_identity", course),
    ):
        assert f'href="{escape(address)}"' in html
        assert clerk.client.get(address).status_code == 200


# --- Many courses ---------------------------------------------------------------------------------


def test_one_list_of_many_courses_is_divided_and_others_are_named_by_count(clerk, course, seats):
    own = make.course(centre=course.centre, number="41-002")
    foreign = make.course(number="41-777")
    make.enrolment(make.trainee("Elif", "Su"), own)
    rows = [HEADINGS, *(["41-001", n, str(s.trainee), "", ""] for s, n in zip(seats, NUMBERS, strict=True)),
            ["41-002", "", "ELİF SU", "", ""], ["41-002", "", "EDA SU", "", ""],
            ["41-777", "", "Yabancı Biri", "", ""], ["41-999", "", "Kimse", "", ""],
            ["", "", "Kursu Yok", "", ""]]  # fmt: skip
    there = put_in(clerk, messy.xlsx(rows))
    assert there.url == everything()
    html = text(seen(clerk, everything()))
    assert "2 kurs numarası" in html and "3 satır" in html and "41-777" not in html
    assert str(foreign) not in html and str(own) in html
    assert parts(clerk, course) == {}
    assert parts(clerk, own) == {"Yalnız e-Yaygın’da var": ["EDA SU"]}
    assert everything() in seen(clerk, tab(own))
    assert not OutsideList.objects.filter(course=foreign).exists()


def test_an_unknown_number_on_a_course_s_own_tab_keeps_nothing_and_says_why(clerk, course):
    answer = put_in(clerk, messy.xlsx([HEADINGS, ["41-999", "", "Kimse", "", ""]]), about=course)
    assert answer.status_code == 200 and "numarası bu değil" in answer.content.decode()
    assert not OutsideList.objects.exists()


def test_a_small_list_is_answered_at_once_and_a_large_one_left_to_the_worker(
    clerk, course, seats, monkeypatch, django_capture_on_commit_callbacks
):
    def orders():
        with django_capture_on_commit_callbacks() as left:
            paste(Clerk(clerk.client, clerk.user, no_commits), [["Ad Soyad"], ["Gül Can"]], course)
        return left

    assert orders() == [] and OutsideRow.objects.count() == 1
    OutsideList.objects.all().delete()
    monkeypatch.setattr("izmek.admin.imports.SMALL", 0)
    (run,) = orders()
    assert not OutsideList.objects.exists()
    waits = clerk.client.get(reverse("admin:import", args=[SheetImport.objects.latest("pk").pk]))
    assert waits.context["waits"]
    run()
    assert clerk.client.get(waits.request["PATH_INFO"]).url == tab(course)
    assert "1 satır uyuşuyor" in seen(clerk, tab(course))


def no_commits(execute):
    return nullcontext()


def test_a_list_of_the_whole_town_is_not_kept_for_one_course(clerk, course, seats):
    put_in(clerk, messy.xlsx([["Ad Soyad"], ["Gül Can"]]), about=course)
    rows = [["Ad Soyad"], *([f"Kişi {letters(n)}"] for n in range(201))]
    there = put_in(clerk, messy.xlsx(rows), about=course)
    html = text(there.content.decode())
    assert "Bir kurs için çok fazla satır var: 201" in html and "kurs no olduğunu" in html
    assert OutsideRow.objects.get().name == "Gül Can"  # the list before stays
    put_in(clerk, messy.xlsx(rows[:-1]), about=course)
    assert OutsideRow.objects.count() == 200


def test_of_many_courses_the_one_with_too_many_rows_is_left_out(clerk, course, seats):
    make.course(centre=course.centre, number="41-002")
    rows = [HEADINGS, *(["41-002", "", f"Kişi {letters(n)}", "", ""] for n in range(201)),
            ["41-001", "", "Gül Can", "", ""]]  # fmt: skip
    put_in(clerk, messy.xlsx(rows))
    assert OutsideList.objects.get().course == course
    html = text(seen(clerk, everything()))
    assert "201 satır dışarıda kaldı" in html and "kurs numarası kurslarınız" not in html


def test_rows_of_a_course_are_written_in_one_go_wherever_they_stand(
    clerk, course, seats, monkeypatch
):
    other = make.course(centre=course.centre, number="41-002")
    calls = []

    def counted(**given):
        calls.append((given["course"], len(given["rows"])))
        return services.reconcile(**given)

    monkeypatch.setattr("trainees.sheets.reconciliation.reconcile", counted)
    monkeypatch.setattr("trainees.sheets.reconciliation.OutsideListKind.batch", 50)
    rows = [([course, other][n % 2].number, "", f"Kişi {letters(n)}", "", "") for n in range(150)]
    put_in(clerk, messy.xlsx([HEADINGS, *rows]))
    assert sorted(calls, key=lambda call: call[0].number) == [(course, 75), (other, 75)]
    assert OutsideRow.objects.filter(list__course=other).count() == 75


def test_a_list_of_which_no_row_is_understood_can_be_compared_again(clerk, course, seats):
    rows = [HEADINGS, ["41-999", "", "Gül Can", "", ""]]
    html = put_in(clerk, messy.xlsx(rows)).content.decode()
    assert "Yeniden karşılaştır" in html and not OutsideList.objects.exists()
    course.number = "41-999"
    course.save()
    row = SheetImport.objects.get()
    there = clerk.post(reverse("admin:import", args=[row.pk]), {"do": "check"})
    assert clerk.client.get(there.url).url == everything()
    assert OutsideRow.objects.get().list.course == course


def test_a_list_that_broke_off_can_be_compared_again(clerk, course, seats, monkeypatch):
    def broken(**given):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("trainees.sheets.reconciliation.reconcile", broken)
        there = put_in(clerk, messy.xlsx([["Ad Soyad"], ["Gül Can"]]), about=course)
    assert "Yeniden karşılaştır" in there.content.decode()
    clerk.post(there.request["PATH_INFO"], {"do": "check"})
    assert OutsideRow.objects.get().name == "Gül Can"


def test_pasted_rows_that_are_too_large_are_told_at_their_field(course, clerk):
    checked = Client(enforce_csrf_checks=True)  # it is the check that reads the form
    checked.force_login(clerk.user)
    token = checked.get(tab(course)).cookies["csrftoken"].value
    (form,) = re.findall(
        r'<form[^>]* action="([^"]*)"[^>]*>(?=[^$]*name="kayit")', seen(clerk, tab(course))
    )
    sent = {
        "csrfmiddlewaretoken": token,
        "tur": KIND,
        "kayit": course.pk,
        "text": "Gül Can\n" * 400_000,
    }
    answer = checked.post(unescape(form), sent)
    html = answer.content.decode()
    assert answer.status_code == 413 and "2,5 MB" in html and "parça" in html
    assert 'aria-describedby="import-text-wrong"' in html
    assert answer.context["about"] == course  # the page stays what it was
    assert answer.wsgi_request.read() == b""  # else the browser would see no page at all
    del sent["kayit"]
    assert checked.post(reverse("admin:imports") + "?tur=yok&kayit=x", sent).status_code == 413
    assert not OutsideList.objects.exists()


@pytest.mark.parametrize("mark", ["{}*", "#{}", "{}…", "T.C. {}"])
def test_a_whole_number_with_a_mark_is_whole_and_never_shown(clerk, course, seats, mark):
    rows = [["TC", "Ad Soyad"], [mark.format(NUMBERS[3]), "Gül Can"],
            [mark.format(messy.number_of(300_000_001)), "Nur Er"],
            [mark.format("12345678901"), "Ece Er"]]  # fmt: skip
    put_in(clerk, messy.xlsx(rows), about=course)
    html = seen(clerk, tab(course))
    row = SheetImport.objects.get()
    html += clerk.client.get(
        reverse("admin:import", args=[row.pk]), {"goster": ""}
    ).content.decode()
    html += str(list(row.rows.values_list("shown", flat=True)))
    assert NUMBERS[3] not in html and messy.number_of(300_000_001) not in html
    assert "1234" not in html and "30000" not in html
    assert OutsideRow.objects.get(name="Gül Can").number == NUMBERS[3]
    assert "1 satır uyuşuyor" in html


# --- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "own", "statuses"),
    [
        (Role.MANAGER, False, (200, 200, 200)),
        (Role.OFFICER, True, (200, 200, 200)),
        (Role.OFFICER, False, (404, 200, 404)),
        (Role.AUDITOR, False, (403, 403, 403)),
        (Role.CURATOR, False, (403, 403, 403)),
        (Role.TEACHER, False, (403, 403, 403)),
    ],
)
def test_who_reconciles(client, course, role, own, statuses):
    client.force_login(make.user(role, centres=[course.centre] if own else []))
    asks = {"tur": KIND, "kayit": course.pk}
    answers = (
        client.get(tab(course)).status_code,
        client.get(everything()).status_code,
        client.get(reverse("admin:imports"), asks).status_code,
    )
    assert answers == statuses


def test_an_officer_who_audits_as_well_reconciles_the_own_centre_alone(client, course):
    client.force_login(make.user(Role.OFFICER, Role.AUDITOR, centres=[make.centre()]))
    assert client.get(tab(course)).status_code == 404
    assert (
        tab(course)
        not in client.get(
            reverse("admin:courses_course_trainees", args=[course.pk])
        ).content.decode()
    )


def test_the_list_of_enrolments_and_the_page_of_lists_lead_there(clerk):
    assert everything() in seen(clerk, reverse("admin:trainees_enrolment_changelist"))
    assert f'value="{KIND}"' in seen(clerk, reverse("admin:imports"))


# --- How dear -------------------------------------------------------------------------------------


def test_one_row_and_sixty_cost_the_same(clerk, course, seats):
    def queries():
        found = {}
        for name, address in (("tab", tab(course)), ("all", everything())):
            with CaptureQueriesContext(connection) as asked:
                seen(clerk, address)
            found[name] = len(asked)
        return found

    def listed(count):
        rows = (["41-001", "1" + "*" * 10, f"Kişi {letters(n)}", n, "Kaldı"] for n in range(count))
        put_in(clerk, messy.xlsx([HEADINGS, *rows]), about=course)

    listed(1)
    queries()
    few = queries()
    listed(3)
    assert queries() == few
    for n in range(60):
        make.enrolment(make.trainee("Kişi", letters(n)), course)
    listed(60)
    assert queries() == few and max(few.values()) <= 12, few


def test_what_was_left_out_is_counted_by_the_database(clerk, course):
    rows = [["41-9" + str(n % 3), "", f"Kişi {letters(n)}", "", ""] for n in range(60)]
    put_in(clerk, messy.xlsx([HEADINGS, *rows, ["", "", "Kursu Yok", "", ""]]))
    with CaptureQueriesContext(connection) as asked:
        html = text(seen(clerk, everything()))
    assert "3 kurs numarası" in html and "61 satır" in html
    reads = [one["sql"] for one in asked if "problems" in one["sql"]]
    assert reads and all("COUNT" in sql for sql in reads)


def test_files_in_the_template_are_understood(clerk, course):
    template = clerk.client.get(reverse("admin:import_template", args=[KIND, "xlsx"]))
    there = put_in(clerk, template.content, about=course)
    assert there.status_code in (200, 302)


def test_without_a_browser(course, seats, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_bytes(messy.csv([HEADINGS, ["41-001", NUMBERS[0], "Ayşe Yılmaz", 0, ""]]))
    call_command("import_sheet", KIND, file, check=True)
    assert not OutsideList.objects.exists()
    call_command("import_sheet", KIND, file)
    assert OutsideRow.objects.get().name == "Ayşe Yılmaz"
    file.write_bytes(messy.csv([["Ad Soyad"], ["Gül Can"]]))
    call_command("import_sheet", KIND, file, about=course.pk)
    assert OutsideRow.objects.get().name == "Gül Can"


def test_a_list_that_was_interrupted_begins_anew_and_doubles_nobody(clerk, course, seats):
    rows = [["Ad Soyad"], ["Ayşe Yılmaz"], ["Gül Can"]]
    put_in(clerk, messy.xlsx(rows), about=course)
    row = SheetImport.objects.get()
    long_ago = timezone.now() - timedelta(minutes=5)
    SheetImport.objects.update(state="writing", begun=True, told_at=long_ago)
    row.rows.filter(number=3).update(state="new")
    clerk.post(reverse("admin:import", args=[row.pk]), {"do": "again"})
    assert OutsideRow.objects.count() == 2
