"""The load that is held: a town that does not bear it is reported, too."""

import time

from benchmarks import held


def test_a_line_that_grows_without_end_is_a_failure_with_figures(monkeypatch):
    monkeypatch.setattr(
        held, "mix", lambda _people: [(1, "public: slow", lambda _later: time.sleep(0.3))]
    )
    monkeypatch.setattr(held, "CLIENTS", 1)
    monkeypatch.setattr(held, "MOST_IN_LINE", 5)
    load = held.Load(None, minutes=10, rate=100)
    load.run(lambda _moment: None)
    [error] = load.errors
    assert "5 pages stood in line" in error
    assert load.figures()["all"]["count"] >= 1
