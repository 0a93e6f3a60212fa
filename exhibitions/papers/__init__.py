"""The printed papers of an exhibition (DOMAIN.md §3, Label of a work).

`works` collects the data of the works for every paper, `wall` makes the papers that staff print and
hang, and `catalogue` the public file. Only the catalogue is stored.
"""
