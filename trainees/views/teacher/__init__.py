"""The teacher pages (`/ogretmen/…`): course, roll call, enrolment, marks (DESIGN.md §4, §5)."""
