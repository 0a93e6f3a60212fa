"""What is shown: works and their makers, exhibitions, photos, enquiries (DESIGN.md §3)."""

from exhibitions.models.enquiries import Enquiry, privacy_deadline
from exhibitions.models.exhibitions import Exhibition, ExhibitionDay, Guest, Partner
from exhibitions.models.makers import Maker
from exhibitions.models.named_texts import NamedText
from exhibitions.models.photos import Photo, PhotoPerson
from exhibitions.models.sales import Sale
from exhibitions.models.showings import Showing
from exhibitions.models.visitor_book import VisitorNote
from exhibitions.models.works import FORMS, Technique, Work
