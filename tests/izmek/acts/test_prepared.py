"""Querysets whose SQL is made once: the answers are those of the queryset, now and with other values."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db.models.functions import Now
from django.utils import timezone

from courses.enums import CourseState
from courses.models import CentreOfficer, Course
from exhibitions.models import Exhibition, Photo, Work
from izmek.accounts.roles import Role
from izmek.acts.prepared import in_order, prepared
from izmek.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@prepared
def titled(titles):
    return Exhibition.objects.filter(title__in=titles).order_by("title")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_list_may_be_of_any_length(count):
    for title in "abcdef":
        make.exhibition(title=title)
    wanted = list("abcdef"[:count])
    assert [row.title for row in titled(titles=wanted)] == wanted


def test_a_number_that_no_column_holds_names_no_row():
    numbered = prepared(lambda key: Exhibition.objects.filter(pk=key))
    assert numbered(key=99999999999999999999) == numbered(key=-(2**63)) == []
    assert numbered(key=make.exhibition().pk) != []
    listed = prepared(lambda keys: Exhibition.objects.filter(pk__in=keys))
    assert listed(keys=[2**63]) == [] and len(listed(keys=[2**63, make.exhibition().pk])) == 1


def test_a_choice_stands_for_its_value_and_what_is_none_has_no_place():
    course = make.course(CourseState.RUNNING)
    of_state = prepared(lambda state: Course.objects.filter(state=state))
    assert of_state(state=CourseState.RUNNING) == of_state(state="running") == [course]
    with pytest.raises(TypeError, match="NoneType"):
        of_state(state=None)


def test_the_database_is_asked_each_time(django_assert_num_queries):
    assert titled(titles=["x"]) == []
    row = make.exhibition(title="x")
    with django_assert_num_queries(1):
        assert titled(titles=["x"]) == [row]
    Exhibition.objects.filter(pk=row.pk).update(title="y")
    assert titled(titles=["x"]) == []


def test_rows_come_with_what_the_queryset_reads(django_assert_num_queries):
    """Joined rows, annotations, prefetched rows; and lists of values."""

    @prepared
    def works(exhibition):
        return Work.objects.shown_at(exhibition).with_named_teacher().prefetch_related("photos")

    @prepared
    def numbers(exhibition):
        return Work.objects.shown_at(exhibition).values_list("number", "showings__order")

    work = make.work(teacher=make.teacher())
    photo, exhibition = make.photo(work=work), make.exhibition(works=[work])
    with django_assert_num_queries(2):
        (found,) = works(exhibition=exhibition.pk)
        assert list(found.photos.all()) == [photo]
        assert found.teacher == work.teacher and found.teacher_is_named is False
    assert numbers(exhibition=exhibition.pk) == [(work.number, 10)]
    assert numbers(exhibition=exhibition.pk + 1) == []


def test_days_moments_and_random_ids_are_values_too():
    @prepared
    def begun(day, moment, ids):
        rows = Exhibition.objects.filter(begin__lte=day, publish_from__lte=moment)
        return rows.filter(pk__in=Photo.objects.filter(pk__in=ids).values("exhibition"))

    now = timezone.now()
    row = make.exhibition(begin=date(2026, 5, 1), end=date(2026, 5, 2), publish_from=now)
    photo = make.photo(exhibition=row)
    values = {"day": date(2026, 5, 1), "moment": now, "ids": [photo.pk]}
    assert begun(**values) == [row]
    assert begun(**values | {"day": date(2026, 4, 30)}) == []
    assert begun(**values | {"moment": now - timedelta(seconds=1)}) == []
    assert begun(**values | {"ids": []}) == []


def test_a_search_takes_signs_of_patterns_as_they_are():
    @prepared
    def holding(text):
        return Exhibition.objects.filter(title__contains=text)

    row = make.exhibition(title="100 % el_işi \\ “dantel”")
    make.exhibition(title="100 el işi")
    for text in ("0 % e", "l_i", "\\", "“d"):
        assert holding(text=text) == [row]


def test_what_depends_on_the_date_is_made_anew_each_day():
    made = set()

    @prepared
    def coming():
        made.add(timezone.localdate())
        return Exhibition.objects.coming()

    row = make.exhibition(begin=timezone.localdate() + timedelta(days=1))
    assert coming() == coming() == [row] and len(made) == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert coming() == [] and len(made) == 2


def test_a_moment_is_never_kept_with_a_statement():
    @prepared
    def open_now():
        return Exhibition.objects.filter(publish_from__lte=timezone.now())

    @prepared
    def by_the_clock_of_the_database():
        return Exhibition.objects.filter(publish_from__lte=Now())

    assert by_the_clock_of_the_database() == []
    with pytest.raises(TypeError, match="moment"):
        open_now()


def test_rows_in_the_order_of_their_keys():
    @prepared
    def rows(keys):
        return Exhibition.objects.filter(pk__in=keys)

    one, two, three = (make.exhibition() for _one in range(3))
    assert in_order(rows, [three.pk, one.pk, 0, two.pk]) == [three, one, two]
    assert in_order(rows, []) == []


def test_the_rows_of_a_user_follow_from_what_they_may_do():
    made = []

    @prepared(by=("user", "day"))
    def seen(user, day):
        made.append(user.roles)
        before = Course.objects.filter(begin__lt=day + timedelta(days=1))
        return before.visible_to(user).order_by("pk")

    one, other = make.course(), make.course()
    day = max(one.begin, other.begin)
    first = make.user(Role.OFFICER, centres=[one.centre])
    second = make.user(Role.OFFICER, centres=[other.centre])
    assert seen(user=first, day=day) == seen(user=first, day=day) == [one]
    calls = len(made)
    assert seen(user=second, day=day) == [other]
    assert len(made) == calls  # one statement serves everybody of the same roles
    assert seen(user=second, day=one.begin - timedelta(days=1)) == []
    CentreOfficer.objects.filter(user=second).delete()
    assert seen(user=second, day=day) == []
    second.groups.add(Group.objects.get(name=Role.MANAGER.value))
    assert seen(user=User.objects.get(pk=second.pk), day=day) == [one, other]


def test_the_key_of_a_user_is_never_kept_as_a_text():
    @prepared(by=("user",))
    def called_like(user):
        return Exhibition.objects.filter(title=str(user.pk))

    with pytest.raises(TypeError, match="key of a user"):
        called_like(user=make.user(Role.OFFICER))


def test_nothing_is_asked_where_nobody_sees_anything():
    nothing = prepared(by=("user",))(lambda user: Course.objects.none())
    assert nothing(user=make.user()) == nothing(user=make.user()) == []
