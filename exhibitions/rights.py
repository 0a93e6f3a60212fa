"""Who may do what in the exhibitions app (izmek/acts/rights.py)."""

from django.db.models import Q

from courses.rights import of_own_centres, taught_today
from exhibitions.models import Exhibition
from izmek.accounts.roles import Role
from izmek.acts.rights import Right, Rights, everything


def exhibitions_seen(user):
    """The exhibitions that the user sees."""
    return Q(pk__in=Exhibition.objects.visible_to(user).values("pk"))


CURATORS = {Role.CURATOR: everything}
TEACHERS_TOO = {**CURATORS, Role.TEACHER: taught_today("course")}
OFFICERS_TOO = {**CURATORS, Role.OFFICER: of_own_centres("centre")}

RIGHTS = Rights(
    # Works
    begin_work=Right({**CURATORS, Role.TEACHER: taught_today("pk")}),  # on its course
    save_work=Right(TEACHERS_TOO),
    hand_in_work=Right(TEACHERS_TOO),
    submit_work=Right(TEACHERS_TOO),
    withdraw_work=Right(TEACHERS_TOO),
    approve_work=Right(CURATORS),
    return_work=Right(CURATORS),
    readmit_work=Right(CURATORS),
    take_approval_back=Right(CURATORS),
    take_return_back=Right(CURATORS),
    merge_techniques=Right({}),
    # Sales: on the work
    sell_work=Right({**OFFICERS_TOO, Role.TEACHER: taught_today("course")}),
    undo_sale=Right({**OFFICERS_TOO, Role.TEACHER: taught_today("course")}),
    # Photos
    add_photo_of_work=Right(TEACHERS_TOO),
    add_photo_of_exhibition=Right(CURATORS),
    add_photo_of_centre=Right(CURATORS),
    describe_photo=Right({**CURATORS, Role.TEACHER: taught_today("work__course")}),
    set_focal_point=Right(CURATORS),
    delete_photo=Right({**CURATORS, Role.TEACHER: taught_today("work__course")}),
    # Exhibitions
    publish_exhibition=Right(CURATORS),
    unpublish_exhibition=Right(CURATORS),
    close_exhibition_early=Right(CURATORS),
    postpone_exhibition=Right(CURATORS),
    cancel_exhibition=Right(CURATORS),
    preview_exhibition=Right(CURATORS),  # a page of the admin
    # The order of the works: on the exhibition
    place_showing=Right(CURATORS),
    move_showing=Right(CURATORS),
    # Papers: a page of the admin; whoever prints gets the works that they see
    print_papers=Right({**CURATORS, Role.OFFICER: exhibitions_seen}),
    # Enquiries and the visitor book; what the public writes comes without a user
    ask=Right({}),
    answer_enquiry=Right(OFFICERS_TOO),
    note_answer=Right(OFFICERS_TOO),
    close_enquiry=Right(OFFICERS_TOO),
    reopen_enquiry=Right(OFFICERS_TOO),
    route_enquiry=Right(OFFICERS_TOO),
    # Requests about personal data: whose data it is, those say who see people.
    enter_request=Right({Role.OFFICER: everything}),
    identify_request=Right({Role.OFFICER: of_own_centres("centre")}),
    note_done=Right({Role.OFFICER: of_own_centres("centre")}),
    write_note=Right({}),
    show_note=Right(CURATORS),
    refuse_note=Right(CURATORS),
)
require, may, rows = RIGHTS.require, RIGHTS.may, RIGHTS.rows
