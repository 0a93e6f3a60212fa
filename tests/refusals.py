"""How tests ask for a refusal."""

import pytest

from izmek.acts.refusal import Refusal


def refused(code, act, **facts):
    """The sentence with which an act is refused, for the reason of the given code."""
    with pytest.raises(Refusal) as caught:
        act(**facts)
    assert caught.value.reason == code
    return " ".join(caught.value.messages)
