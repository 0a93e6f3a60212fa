"""The printed papers of an exhibition (DOMAIN.md §3, Label of a work): what each prints, and of whom.

`entries` gathers the works as every paper prints them, `wall` makes what staff print and hang, and
`catalogue` the public file. Nothing here stores a paper but the catalogue.
"""
