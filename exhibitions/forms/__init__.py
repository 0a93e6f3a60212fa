"""The forms of the exhibitions app."""
