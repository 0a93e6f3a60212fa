"""QuerySets of the trainees app. All rules that select or count rows are here."""
