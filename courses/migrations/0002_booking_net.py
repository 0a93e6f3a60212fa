"""PostgreSQL refuses a teacher or a room twice at the same time by itself: a net under the service.

SQLite has no exclusion constraints; there `courses.services.book` alone refuses.
"""

from django.db import migrations

NET = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE courses_session
    ADD CONSTRAINT session_teacher_once EXCLUDE USING gist (
        holds_teacher_id WITH =, tsrange(date + "begin", date + "end") WITH &&
    ) WHERE (holds_teacher_id IS NOT NULL) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT session_room_once EXCLUDE USING gist (
        holds_room_id WITH =, tsrange(date + "begin", date + "end") WITH &&
    ) WHERE (holds_room_id IS NOT NULL) DEFERRABLE INITIALLY DEFERRED;
"""
NO_NET = """
ALTER TABLE courses_session DROP CONSTRAINT session_teacher_once, DROP CONSTRAINT session_room_once;
"""


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [migrations.RunPython(on_postgresql(NET), on_postgresql(NO_NET))]
