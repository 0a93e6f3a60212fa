"""QuerySets of the courses app: every rule that selects or counts."""
