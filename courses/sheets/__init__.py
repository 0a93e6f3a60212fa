"""The lists of this app: which columns they have, what a row means, and the acts that it asks for."""

from courses.sheets.centres import CentreList
from courses.sheets.courses import CourseList
from courses.sheets.programmes import ProgrammeList
from courses.sheets.rooms import RoomList
from courses.sheets.teachers import TeacherList
