"""What is shown: the admin of the exhibitions app."""

from exhibitions import attention
from exhibitions.admin import (
    enquiries,
    exhibitions,
    extensions,
    header_search,
    named_texts,
    photos,
    sales,
    showings,
    visitor_book,
    works,
)
