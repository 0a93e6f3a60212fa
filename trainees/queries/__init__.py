"""QuerySets of the trainees app: every rule that selects or counts."""
