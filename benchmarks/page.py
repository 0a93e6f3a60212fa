"""The content of the empty views and of the static file: 15 KB that cost nothing to make."""

EMPTY = b"<!doctype html><title>-</title><p>" + b"x" * 15_000
