"""The business acts of the exhibitions app: submitting, approving, publishing, photos, answering.

Each act takes keyword arguments only, with `by` (a User, or None for the system). It checks
`exhibitions.rights` first, runs in a transaction and raises `Refusal` with a sentence for people.
"""

from exhibitions.services.data_requests import (
    enter_request,
    identify_request,
    note_done,
    open_requests,
    reached_by,
)
from exhibitions.services.enquiries import (
    answer_enquiry,
    ask,
    close_enquiry,
    note_answer,
    reopen_enquiry,
    route_enquiry,
)
from exhibitions.services.exhibitions import (
    cancel_exhibition,
    check_dates,
    close_exhibition_early,
    postpone_exhibition,
    publish_exhibition,
    unpublish_exhibition,
)
from exhibitions.services.merging import merge_techniques
from exhibitions.services.named_texts import check_public_texts, find_named_texts, look_for_name
from exhibitions.services.names_in_texts import (
    check_names_in_texts,
    named_in_public,
    names_in_work,
    with_texts,
)
from exhibitions.services.photos import (
    MOST_PHOTOS,
    add_photo,
    add_photos,
    delete_folder,
    delete_photo,
    describe_photo,
    make_sizes,
    set_focal_point,
    store_photo,
)
from exhibitions.services.sales import check_sale_status, sell_work, undo_sale
from exhibitions.services.showings import move_showing, order_has_changed, place_showing
from exhibitions.services.visitor_book import refuse_note, show_note, write_note
from exhibitions.services.works import (
    approve_work,
    hand_in_work,
    readmit_work,
    return_work,
    save_work,
    submit_work,
    take_approval_back,
    take_return_back,
    waits_for,
    withdraw_work,
)
