"""Spreadsheets: how they are written and read, without knowing any table."""
