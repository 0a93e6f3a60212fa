"""The demo municipality (`manage.py demo`): `data/` says what it holds, `build` makes it.

One exhibition took place; everything else and all people but two officials are invented, and the
pictures are drawings. While it is loaded every page says so (`flag`).
"""
