"""QuerySets of the exhibitions app: what is public, what is seen by whom, and who is named."""
