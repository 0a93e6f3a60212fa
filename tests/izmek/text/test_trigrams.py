"""The index for search inside a text."""

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection

from exhibitions.models import Work
from izmek.text import trigrams

pytestmark = pytest.mark.django_db


def test_a_word_inside_a_text_is_looked_up_in_the_index():
    found = Work.objects.filter(folded__contains="oyasi").values("pk")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # it would rather read an empty table
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "work_folded_trgm" in found.explain()


def test_a_server_without_the_extension_is_told_what_to_install(monkeypatch):
    class Connection:
        vendor = "postgresql"

        def cursor(self):
            raise DatabaseError('extension "pg_trgm" is not available')

    monkeypatch.setattr(trigrams, "connections", {"default": Connection()})

    with pytest.raises(CommandError, match=r"contrib.*is not available"):
        trigrams.prepare_extension(sender=None, using="default")
