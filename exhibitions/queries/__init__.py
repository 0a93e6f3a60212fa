"""QuerySets of the exhibitions app: what is public, who may see what, and who is named."""
