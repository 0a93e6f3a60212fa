"""Read a row again and lock it."""


def lock(row):
    """The row with its current values, locked until the end of the transaction."""
    return type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
