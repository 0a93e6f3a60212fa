"""How counts of people are published: no cell smaller than 5, none that can be computed, all rounded.

A table is a list of counts of people whose sum is published as well. Hiding the small cells alone is
not enough: a single hidden one is the sum less the others. Hiding the next smallest with it is not
enough either, for whoever knows that rule: of 5, 5, 5, 4 it would hide the first and the last, and
had the first been the small one, the second would have been hidden with it.

So small cells are published together with their neighbours, as one sum, and who is whose neighbour
does not depend on the counts: the caller gives the cells in an order that everyone may know (by name,
by age). Going along it, a small cell begins a group, which takes in the next cells until it has two at
least and they hold 4 people more than one each. What is left at the end goes to the cell before it.

Why that is safe: let a published group have k cells and the sum S ≥ k + 4. Give one of its first k - 1
cells any value from 1 to 4, the others of them 1, and the last the rest. Going along that table the
same group begins and ends at the same places, so exactly the same is published. Every cell of a group
has therefore at least four possible values, and each but the last can be anything from 1 to 4: a reader
who knows the rule learns no more than "fewer than five". Publishing one sum for all groups of a table
tells less still. Tables of the same people by other properties add no equation but the same sum, as
long as no property follows from another (programme and field: publish one of them).

What is published is then rounded to the nearest five (`rounded`). Rounding tells less than the exact sum,
so the above holds; and two published numbers, of two months, two years or two tables, differ by nothing
or by five at least: their difference singles nobody out who came or left in between.

What people earned is told in steps (`sales_of` in `izmek.site.figures`): a sum changes only when what
came to it may be told by itself (`may_be_told`), so that neither the sum nor the difference of two
published ones is the income of a few.

A zero is published: it speaks of nobody, and hiding it would make a reader of "hidden" think of people.
"""

SMALLEST = 5


def groups(counts):
    """The groups of cells (by position) to publish as one sum each; other cells are shown alone.

    None when the table cannot be published: too few people for one group.
    """
    made, group, spare = [], [], 0
    for place, count in enumerate(counts):
        if count == 0 or (not group and count >= SMALLEST):
            continue
        group.append(place)
        spare += count - 1
        if len(group) > 1 and spare >= SMALLEST - 1:
            made.append(group)
            group, spare = [], 0
    if not group:
        return made
    before = [place for place in range(group[0]) if counts[place]]
    if not before:
        return None
    if made and made[-1][-1] == before[-1]:
        made[-1] += group
    else:
        made.append([before[-1], *group])
    return made


def may_be_told(rows):
    """Whether a sum over rows, such as what was paid for works, may be told: of five by five people.

    `rows`: of each the keys of the people whom it tells of.
    """
    return len(rows) >= SMALLEST and len(set().union(*rows)) >= SMALLEST


def rounded(count):
    """A count of people as it is published: the nearest multiple of five."""
    return SMALLEST * round(count / SMALLEST)


def may_stand_beside(whole, part):
    """Whether two sums may both be published when one is a part of the other."""
    return whole == part or whole - part >= SMALLEST
