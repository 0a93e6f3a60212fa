"""A municipality of a given size (`manage.py populate`): what the benchmarks measure on.

All people and works are invented. The rows are those that the acts would have written, but loaded in
bulk: the demo shows what the site looks like, this shows what it is like with ten years in it. The
same seed, size and day give the same rows. `build` makes it.
"""
