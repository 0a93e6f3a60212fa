"""Rows that may not overlap."""

from itertools import pairwise

from izmek.acts.refusal import Refusal


def refuse_overlap(rows, message, *, begin, end):
    """Raise Refusal at `begin` when two rows overlap; its `row` is the later one."""
    rows = sorted(rows, key=begin)
    for before, row in pairwise(rows):
        if begin(row) < end(before):
            refusal = Refusal(
                message,
                params={"row": str(row), "other": str(before)},
                field="begin",
                code="overlap",
            )
            refusal.row = row
            raise refusal
