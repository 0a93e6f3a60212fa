"""Secrets: identity numbers and encryption."""
