"""QuerySets of the exhibitions app: what is public, what is seen by whom, and who is named."""

from exhibitions.queries.changes import with_change
from exhibitions.queries.enquiries import EnquiryQuerySet
from exhibitions.queries.exhibitions import ExhibitionQuerySet
from exhibitions.queries.makers import PURPOSE_OF, MakerQuerySet, named_teachers
from exhibitions.queries.photos import PhotoQuerySet
from exhibitions.queries.scope import ExhibitionChildQuerySet, WorkChildQuerySet
from exhibitions.queries.showings import ShowingQuerySet
from exhibitions.queries.visitor_book import VisitorNoteQuerySet
from exhibitions.queries.works import TechniqueQuerySet, WorkQuerySet

__all__ = [
    "PURPOSE_OF",
    "EnquiryQuerySet",
    "ExhibitionChildQuerySet",
    "ExhibitionQuerySet",
    "MakerQuerySet",
    "PhotoQuerySet",
    "ShowingQuerySet",
    "TechniqueQuerySet",
    "VisitorNoteQuerySet",
    "WorkChildQuerySet",
    "WorkQuerySet",
    "named_teachers",
    "with_change",
]
