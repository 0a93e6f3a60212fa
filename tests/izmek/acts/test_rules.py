"""A rule decides alike for a query and for a loaded row."""

from datetime import date
from itertools import product

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from exhibitions.models import Exhibition
from izmek.acts.rules import holds

DAYS = [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
STATES = ["draft", "published", "cancelled"]
VISITORS = [None, 10, 20]

COMPARISONS = st.sampled_from(["", "__lt", "__lte", "__gt", "__gte"])
PARTS = st.one_of(
    st.builds(lambda how, day: Q(**{f"begin{how}": day}), COMPARISONS, st.sampled_from(DAYS)),
    st.builds(
        lambda how, n: Q(**{f"visitor_count{how}": n}), COMPARISONS, st.sampled_from([10, 15])
    ),
    st.just(Q(visitor_count=None)),
    st.builds(lambda states: Q(state__in=states), st.lists(st.sampled_from(STATES), min_size=1)),
)
RULES = st.recursive(
    PARTS,
    lambda rules: st.one_of(
        st.builds(Q.__and__, rules, rules),
        st.builds(Q.__or__, rules, rules),
        rules.map(Q.__invert__),
    ),
    max_leaves=6,
)


@pytest.mark.django_db
@settings(max_examples=150)
@given(rule=RULES)
def test_the_database_and_loaded_rows_give_the_same_answer(rule):
    if not Exhibition.objects.exists():
        Exhibition.objects.bulk_create(
            Exhibition(
                slug=str(n), kind="general", state=state, begin=day, end=day, visitor_count=count
            )
            for n, (state, day, count) in enumerate(product(STATES, DAYS, VISITORS))
        )
    expected = set(Exhibition.objects.filter(rule).values_list("pk", flat=True))
    assert {row.pk for row in Exhibition.objects.all() if holds(rule, row)} == expected
