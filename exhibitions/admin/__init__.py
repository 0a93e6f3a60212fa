"""What is shown: the admin of the exhibitions app."""

from exhibitions.admin import enquiries, exhibitions, photos, showings, visitor_book, works

__all__ = ["enquiries", "exhibitions", "photos", "showings", "visitor_book", "works"]
