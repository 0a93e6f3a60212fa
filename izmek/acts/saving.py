"""Saving with a user name in the history (django-simple-history)."""


def save(row, *, by, reason=""):
    """Save a tracked row; the history gets `by` (a User, or None for the system) and the reason."""
    row._history_user = by
    row._change_reason = reason or None  # clear the reason of an earlier act on the same object
    row.save()
    return row
