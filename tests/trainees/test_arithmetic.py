"""Absence, marks and outcome (DOMAIN.md §3), without a database."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainees.arithmetic import EXEMPT, Attendance, outcome, success_mark
from trainees.enums import AbsenceLevel, EnrolmentState

PRESENT = Attendance(0, 100, 1, 5)

limits = st.integers(1, 10).flatmap(
    lambda denominator: st.tuples(st.integers(0, denominator), st.just(denominator))
)
attendances = st.builds(
    lambda absent, total, limit: Attendance(absent, total, *limit),
    st.integers(0, 2500),
    st.integers(1, 2000),
    limits,
)
marks = st.lists(st.one_of(st.integers(0, 100), st.just(EXEMPT), st.none()), max_size=12)


@given(attendances)
def test_strictly_more_than_the_limit_fails(attendance):
    limit = Fraction(attendance.total * attendance.numerator, attendance.denominator)
    assert attendance.too_absent == (attendance.absent > limit)
    assert attendance.allowed == int(limit)


@given(attendances)
def test_what_is_left_can_be_missed_and_one_hour_more_cannot(attendance):
    if attendance.too_absent:
        assert (attendance.left, attendance.level) == (0, AbsenceLevel.OVER)
        return

    def after(hours):
        return Attendance(
            attendance.absent + hours,
            attendance.total,
            attendance.numerator,
            attendance.denominator,
        )

    assert not after(attendance.left).too_absent
    assert after(attendance.left + 1).too_absent


@pytest.mark.parametrize(
    ("absent", "level"),
    [
        (0, "fine"),
        (9, "fine"),
        (10, "half"),
        (15, "half"),
        (16, "near"),
        (20, "near"),
        (21, "over"),
    ],
)
def test_warnings_at_half_and_four_fifths_of_the_limit(absent, level):
    assert Attendance(absent, 100, 1, 5).level == level


def test_a_year_without_a_limit_is_broken_by_the_first_hour():
    assert Attendance(0, 100, 0, 5).level == AbsenceLevel.FINE
    assert Attendance(1, 100, 0, 5).level == AbsenceLevel.OVER
    assert Attendance(100, 100, 5, 5).too_absent is False


@pytest.mark.parametrize(
    ("given_marks", "mean"),
    [
        ([], None),
        ([None, EXEMPT], None),
        ([0], "0.0"),
        ([70, EXEMPT, 80], "75.0"),
        ([50, 50, 51], "50.3"),
        ([85, 86, 85, 85], "85.3"),  # 85.25 is rounded up
        ([70, None], "70.0"),
    ],
)
def test_the_success_mark_is_the_mean_to_one_decimal(given_marks, mean):
    assert success_mark(given_marks) == (mean and Decimal(mean))


@given(marks)
def test_the_success_mark_lies_between_the_marks(given_marks):
    values = [mark for mark in given_marks if isinstance(mark, int)]
    mean = success_mark(given_marks)
    assert (mean is None) == (not values)
    if values:
        assert min(values) <= mean <= max(values)


@pytest.mark.parametrize(
    ("given_marks", "state"),
    [
        ([], EnrolmentState.COMPLETED),
        ([50, 100], EnrolmentState.COMPLETED),
        ([EXEMPT, 50], EnrolmentState.COMPLETED),
        ([EXEMPT, EXEMPT], EnrolmentState.COMPLETED),
        ([49, 50], EnrolmentState.TRANSCRIPT),
        ([None, 90], EnrolmentState.TRANSCRIPT),
        ([49, 0], EnrolmentState.FAILED),
        ([None], EnrolmentState.FAILED),
    ],
)
def test_each_module_needs_the_pass_mark(given_marks, state):
    assert outcome(PRESENT, given_marks, 50).state == state


def test_absence_comes_first():
    result = outcome(Attendance(21, 100, 1, 5), [100, 100], 50)
    assert (result.state, result.absent_hours, result.success_mark) == (
        EnrolmentState.ABSENT,
        21,
        None,
    )
    assert "21" in result.reason and "20" in result.reason


@given(attendances, marks, st.integers(0, 100))
def test_better_marks_never_end_worse(attendance, given_marks, pass_mark):
    order = [
        EnrolmentState.ABSENT,
        EnrolmentState.FAILED,
        EnrolmentState.TRANSCRIPT,
        EnrolmentState.COMPLETED,
    ]
    before = outcome(attendance, given_marks, pass_mark)
    better = [100 if mark is None else mark for mark in given_marks]
    after = outcome(attendance, better, pass_mark)
    assert order.index(before.state) <= order.index(after.state)
    assert (before.state == EnrolmentState.ABSENT) == attendance.too_absent
