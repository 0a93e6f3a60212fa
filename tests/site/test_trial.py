"""`make run`: what the trial hands on to the site that it starts."""

import os

import pytest

from izmek.site import trial


@pytest.fixture
def started(monkeypatch, settings, tmp_path):
    """Starts the trial on a port, up to where it becomes the server; gives its SITE_URL."""
    settings.DEBUG = True
    monkeypatch.setattr(trial, "ROOT", tmp_path)
    monkeypatch.setattr(trial, "port_is_taken", lambda port: False)
    monkeypatch.setattr(trial, "prepare", lambda: None)
    monkeypatch.setattr(os, "execv", lambda *_arguments: None)
    monkeypatch.setenv("SITE_URL", "")
    monkeypatch.delenv("SITE_URL")

    def start(port):
        monkeypatch.setenv("PORT", port)
        trial.main()
        return os.environ["SITE_URL"]

    return start


def test_letters_lead_to_the_port_of_the_trial(started):
    assert started("8103") == "http://127.0.0.1:8103"


def test_an_address_in_the_env_file_stands(started, tmp_path):
    (tmp_path / ".env").write_text("DEBUG=on\nSITE_URL=https://deneme.example\n")
    assert started("8103") == "https://deneme.example"
