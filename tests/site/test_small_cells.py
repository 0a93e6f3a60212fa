"""What is published of a table tells nobody how many people a small cell holds: attacked, not believed."""

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from izmek.site.small_cells import SMALLEST, groups, may_be_told, may_stand_beside

tables = st.lists(
    st.one_of(st.integers(0, SMALLEST + 1), st.integers(0, 60)), min_size=1, max_size=12
)


def published(counts):
    """All that a reader gets: the cells that stand alone and the groups with their sums."""
    found = groups(counts)
    if found is None:
        return None
    joint = tuple((tuple(group), sum(counts[place] for place in group)) for group in found)
    inside = {place for group, _ in joint for place in group}
    alone = tuple((place, n) for place, n in enumerate(counts) if place not in inside)
    return alone, joint


@given(tables)
def test_no_small_cell_stands_alone_and_nothing_is_lost(counts):
    shown = published(counts)
    assume(shown is not None)
    alone, joint = shown
    assert all(n == 0 or n >= SMALLEST for _, n in alone)
    assert all(n >= SMALLEST for _, n in joint)
    assert sum(n for _, n in [*alone, *joint]) == sum(counts)
    places = [place for group, _ in joint for place in group]
    assert len(set(places)) == len(places)
    assert not any(counts[place] == 0 for place in places)


@given(tables)
@settings(max_examples=50)
def test_a_table_without_small_cells_is_published_as_it_is(counts):
    large = [n + SMALLEST if n else 0 for n in counts]
    assert groups(large) == []


@given(tables)
def test_every_cell_of_a_group_has_four_values_for_one_who_knows_the_rule(counts):
    """The proof in the module's docstring, made: other tables that are published just the same."""
    shown = published(counts)
    assume(shown is not None)
    for group, total in shown[1]:
        *first, last = group
        values = {place: set() for place in group}
        for one, value in product(first, range(1, SMALLEST)):
            other = list(counts)
            for place in first:
                other[place] = value if place == one else 1
            other[last] = total - sum(other[place] for place in first)
            assert published(other) == shown
            for place in group:
                values[place].add(other[place])
        assert all(len(found) >= SMALLEST - 1 for found in values.values())
        assert all(values[place] >= set(range(1, SMALLEST)) for place in first)


def test_whoever_tries_every_small_table_finds_no_cell():
    """All tables of four cells up to 8: those that look alike leave each grouped cell open."""
    alike = {}
    for counts in product(range(9), repeat=4):
        alike.setdefault(published(counts), []).append(counts)
    alike.pop(None)
    for (_alone, joint), tables in alike.items():
        for group, total in joint:
            if total > 8 + len(group) - 1:
                continue  # some of the tables that look so lie beyond 8
            for place in group:
                assert len({counts[place] for counts in tables}) >= SMALLEST - 1


def test_hiding_the_next_smallest_would_not_do():
    """What the rule is there for: 5, 5, 5, 4 betrays its 4 when first and last are hidden."""
    assert groups([5, 5, 5, 4]) == [[2, 3]]
    assert published([5, 5, 4, 5]) == published([5, 5, 6, 3]) == published([5, 5, 5, 4])


def test_too_few_for_one_group():
    assert groups([4]) is groups([1, 2]) is groups([0, 3, 0]) is groups([1, 1, 1, 1, 1]) is None
    assert groups([]) == groups([0]) == groups([0, 5]) == []
    assert groups([1, 5]) == [[0, 1]]


def test_two_sums_side_by_side():
    """107 people and 110 places would tell that at most three people attend two courses."""
    assert may_stand_beside(110, 110)
    assert may_stand_beside(110, 105)
    assert not any(may_stand_beside(110, part) for part in range(106, 110))


def test_a_sum_of_earnings_is_of_five_rows_of_five_people():
    assert may_be_told([{person} for person in range(5)])
    assert not may_be_told([{1}] * 50)  # one person's income
    assert not may_be_told([{1, 2, 3}, {4, 5}])
