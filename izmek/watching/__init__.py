"""Watching: what is logged, counted and mailed of the work of a server, without telling of people."""
