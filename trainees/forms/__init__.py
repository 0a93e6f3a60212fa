"""The forms of the trainees app."""
