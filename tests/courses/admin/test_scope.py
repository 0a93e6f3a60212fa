"""Which rows of the courses app a role sees in the admin."""

import pytest

from tests import factories as make
from tests.courses.admin.pages import page
from tests.forms import errors, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, akmese):
    client.force_login(make.user("merkez-sorumlusu", centres=[akmese]))
    return client


def test_another_centres_course_is_not_there_for_an_officer(officer):
    other = make.course()
    for address in (
        page("course_change", other.pk),
        page("course_history", other.pk),
        page("course_act", other.pk, "cancel"),
    ):
        assert officer.get(address).status_code == 404
    assert officer.post(page("course_act", other.pk, "cancel"), {"reason": "x"}).status_code == 404


def test_an_officer_enters_courses_of_her_centre_only(officer, akmese):
    other, term, teacher = make.centre("Uzak Merkez"), make.term(), make.teacher()
    teacher.centres.add(akmese)
    data = typed(
        officer.get(page("course_add")),
        programme=make.programme().pk,
        centre=other.pk,
        teacher=teacher.pk,
        term=term.pk,
        begin=f"{term.begin:%d.%m.%Y}",
        end=f"{term.end:%d.%m.%Y}",
        capacity="20",
    )
    assert list(errors(officer.post(page("course_add"), data))) == ["centre"]
    assert officer.post(page("course_add"), data | {"centre": akmese.pk}).status_code == 302


def test_what_is_chosen_stays_though_the_officer_sees_it_nowhere_else(officer, akmese):
    course = make.course(centre=akmese, teacher=make.teacher("Uzaktan", "Gelen"))
    form = officer.get(page("course_change", course.pk))
    assert "Uzaktan Gelen" in form.content.decode()
    answer = officer.post(page("course_change", course.pk), typed(form, note="Merhaba"))
    assert answer.status_code == 302, errors(answer)


def test_an_officer_reads_her_centre_but_not_its_deletion(officer, akmese):
    assert officer.get(page("coursecentre_change", akmese.pk)).status_code == 200
    assert officer.get(page("coursecentre_delete", akmese.pk)).status_code == 403
    assert officer.get(page("programme_add")).status_code == 403
