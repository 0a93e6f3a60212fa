"""Backup and restore: one file for each day, encrypted, tried out before it counts.

`databases.py` writes, tries and loads a dump and tells its rows by counts and hashes; `archive.py` is the
file, a tar through `age`; `generations.py` says which stay; `making.py` and `restoring.py` are the acts.
"""
