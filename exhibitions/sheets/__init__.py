"""Lists of works that go out as spreadsheets."""
