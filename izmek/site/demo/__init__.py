"""The demo municipality: the real case, invented people, drawn works."""
