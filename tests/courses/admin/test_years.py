"""A new education year with its terms and holidays in one form."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses import services
from courses.enums import DayPart
from courses.models import EducationYear, Holiday, Term
from tests import factories as make
from tests.courses.admin.pages import page

pytestmark = pytest.mark.django_db
NEW = page("educationyear_new")


@pytest.fixture
def last_year():
    year = make.year(date(2025, 9, 1), end=date(2026, 8, 31), pass_mark=45, minimum_group=10)
    make.term(year, begin=date(2025, 9, 1), end=date(2026, 1, 31))
    return year


def sent(answer, **changes):
    """What the form would send as it stands, with the changes."""
    data = {}
    for form in (
        answer.context["form"],
        *answer.context["terms"],
        *answer.context["holidays"],
    ):
        for bound in form:
            value = bound.value()
            if value not in (None, False, ""):
                data[bound.html_name] = (
                    "on" if value is True else bound.field.widget.format_value(value)
                )
    return data | changes


def days(holidays):
    return [(one.name, one.begin, one.end, one.part) for one in holidays]


def test_the_next_year_is_proposed_and_made_in_one_press(manager, last_year):
    answer = manager.get(NEW)
    assert manager.post(NEW, sent(answer)).status_code == 302
    year = EducationYear.objects.get(name="2026-2027")
    assert (year.begin, year.end) == (date(2026, 9, 1), date(2027, 8, 31))
    assert (year.pass_mark, year.minimum_group) == (45, 10)
    term = Term.objects.get(year=year)
    assert (term.name, term.begin, term.end) == ("Güz", date(2026, 9, 1), date(2027, 1, 31))
    entered = days(Holiday.objects.all())
    assert ("Ramazan Bayramı", date(2027, 3, 9), date(2027, 3, 11), "whole") in entered
    assert ("Ramazan Bayramı", date(2027, 3, 8), date(2027, 3, 8), "afternoon") in entered
    assert ("Cumhuriyet Bayramı", date(2026, 10, 28), date(2026, 10, 28), "afternoon") in entered
    assert len(entered) == len(answer.context["holidays"]) - 4
    again = manager.post(NEW, sent(answer))  # the same form once more
    assert again.status_code == 422
    assert "name" in again.context["form"].errors
    assert Holiday.objects.count() == len(entered)


def test_only_what_is_ticked_is_entered_and_known_days_are_told(manager, last_year):
    Holiday.objects.create(name="Yılbaşı", begin=date(2027, 1, 1), end=date(2027, 1, 1))
    answer = manager.get(NEW)
    rows = {row.proposal.holiday.name: row for row in answer.context["holidays"] if row.proposal}
    assert not rows["Yılbaşı"]["chosen"].value()
    assert "girilmiş" in answer.content.decode()
    data = sent(answer)
    del data[f"{rows['Zafer Bayramı'].prefix}-chosen"]
    own = answer.context["holidays"][-1].prefix
    data |= {f"{own}-name": "Yarıyıl", f"{own}-begin": "25.01.2027", f"{own}-end": "05.02.2027"}
    assert manager.post(NEW, data).status_code == 302
    names = list(Holiday.objects.values_list("name", flat=True))
    assert names.count("Yılbaşı") == 1
    assert "Zafer Bayramı" not in names
    assert "Yarıyıl" in names


def test_what_is_wrong_stays_at_its_field_and_nothing_is_made(manager, last_year):
    answer = manager.get(NEW)
    term, spare = answer.context["terms"][:2]
    changes = {
        f"{term.prefix}-end": "01.12.2030",
        f"{spare.prefix}-name": "Bahar",
        "pass_mark": "400",
    }
    answer = manager.post(NEW, sent(answer, **changes))
    assert answer.status_code == 422
    assert "pass_mark" in answer.context["form"].errors
    assert "begin" in answer.context["terms"][1].errors
    assert 'value="01.12.2030"' in answer.content.decode()
    assert EducationYear.objects.count() == 1
    assert not Holiday.objects.exists()
    fixed = {"pass_mark": "50", f"{spare.prefix}-begin": "01.01.2027", f"{spare.prefix}-end": "x"}
    answer = manager.post(NEW, sent(manager.get(NEW), **changes | fixed))
    assert "end" in answer.context["terms"][1].errors


def test_terms_lie_in_the_year_and_apart(manager, last_year):
    answer = manager.get(NEW)
    spare = answer.context["terms"][1].prefix
    name, begin, end = f"{spare}-name", f"{spare}-begin", f"{spare}-end"
    overlap = {name: "Bahar", begin: "31.01.2027", end: "30.06.2027"}
    outside = overlap | {begin: "01.02.2027", end: "30.06.2028"}
    for changes in (overlap, outside):
        again = manager.post(NEW, sent(answer, **changes))
        assert again.context["terms"][1].errors.keys() == {"begin"}
    assert EducationYear.objects.count() == 1


def test_estimated_days_are_called_so():
    later = services.propose_holidays(date(2040, 1, 1), date(2040, 12, 31))
    religious = [one for one in later if one.holiday.name == "Kurban Bayramı"]
    assert religious and all(one.estimated for one in religious)
    assert {one.holiday.part for one in religious} == {DayPart.WHOLE, DayPart.AFTERNOON}
    assert not any(one.estimated for one in later if one.holiday.name == "Zafer Bayramı")
    near = services.propose_holidays(date(2026, 1, 1), date(2026, 12, 31))
    assert not any(one.estimated for one in near)


def test_a_year_is_made_by_managers_alone(client, last_year):
    for role in ("merkez-sorumlusu", "denetci", "sergi-sorumlusu"):
        client.force_login(make.user(role))
        assert client.get(NEW).status_code == 403


def test_the_list_leads_to_the_page(manager, last_year):
    answer = manager.get(page("educationyear_add"), follow=True)
    assert answer.redirect_chain == [(NEW, 302)]


def test_the_form_costs_few_queries(manager, last_year):
    manager.get(NEW)
    with CaptureQueriesContext(connection) as queries:
        manager.get(NEW)
    assert len(queries) <= 12


def test_the_words_of_papers_are_checked_at_the_field_and_go_on_in_the_next_year(
    manager, last_year
):
    address = page("educationyear_change", last_year.pk)
    context = manager.get(address).context
    managed = [one.formset.management_form for one in context["inline_admin_formsets"]]
    data = {
        bound.html_name: bound.field.widget.format_value(bound.value()) or ""
        for form in (context["adminform"].form, *managed)
        for bound in form
        if bound.value() not in (None, False)
    }
    data |= {form.add_prefix("TOTAL_FORMS"): "0" for form in managed}
    data |= {form.add_prefix("INITIAL_FORMS"): "0" for form in managed}
    for wrong in ("{toplam} kişi, {sayı} kişi", "{toplam kişi"):
        answer = manager.post(address, data | {"outcome_sentence": wrong})
        assert "outcome_sentence" in answer.context["adminform"].form.errors
    saved = data | {"outcome_sentence": "{toplam} kişi, {merkez}.", "hem_signs": ""}
    assert manager.post(address, saved).status_code == 302
    manager.post(NEW, sent(manager.get(NEW)))
    following = EducationYear.objects.get(name="2026-2027")
    assert following.outcome_sentence == "{toplam} kişi, {merkez}." and following.hem_signs == ""
