"""The record of processing: what we know of people, why, for how long, and how it goes again."""
