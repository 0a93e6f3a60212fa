"""The pages of the trainees app."""
