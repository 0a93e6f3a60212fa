"""What is shown: the admin of the exhibitions app."""

from exhibitions import attention
from exhibitions.admin import (
    enquiries,
    exhibitions,
    extensions,
    photos,
    showings,
    visitor_book,
    works,
)
