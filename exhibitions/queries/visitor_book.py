"""QuerySets of the visitor book."""

from exhibitions.enums import NoteState
from exhibitions.queries.scope import ExhibitionChildQuerySet


class VisitorNoteQuerySet(ExhibitionChildQuerySet):
    def shown(self):
        return self.filter(state=NoteState.SHOWN)

    def waiting(self):
        """Notes that nobody has read yet."""
        return self.filter(state=NoteState.WAITING)
