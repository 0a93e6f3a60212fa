"""Photos and uploads."""
