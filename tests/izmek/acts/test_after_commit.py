"""What follows a commit: an error in it reaches the log, and nobody who waits for a page."""

from functools import partial

import pytest
from django.db import transaction

from izmek.acts.after_commit import after_commit


@pytest.mark.django_db(transaction=True)
def test_an_error_after_the_commit_is_logged_and_what_comes_next_is_done(caplog):
    done = []

    def fail(what):
        raise OSError(what)

    with transaction.atomic():
        after_commit(partial(fail, "no room"))
        after_commit(done.append, "the next")
        assert done == []
    assert done == ["the next"]
    assert "no room" in caplog.text
