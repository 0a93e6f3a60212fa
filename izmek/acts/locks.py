"""Reading a row again under its lock."""


def lock(row):
    """The row as it is now, held until the end of the transaction."""
    return type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
