"""What is shown: the admin of the exhibitions app."""

from exhibitions.admin import exhibitions, photos, visitors, works

__all__ = ["exhibitions", "photos", "visitors", "works"]
