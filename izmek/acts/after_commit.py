"""What follows a commit: an error in it is logged, and whoever waits for the page does not meet it."""

from django.db import transaction


def after_commit(act, *args):
    """Do `act(*args)` once the transaction is committed, at once where there is none.

    Never hand a `partial` to `on_commit(robust=True)`: Django tells of one that failed by a name that a
    partial does not have, and so raises after all.
    """
    transaction.on_commit(lambda: act(*args), robust=True)
