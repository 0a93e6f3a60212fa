"""Many photos at once, in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories as make
from tests.exhibitions.admin.desk import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_a_bad_file_is_named_and_the_others_are_kept(curator):
    exhibition = make.exhibition()
    files = [
        make.picture(name="bir.jpg"),
        SimpleUploadedFile("tatil.jpg", b"not a photo", content_type="image/jpeg"),
        make.picture(name="iki.jpg"),
    ]
    answer = curator.post(page("exhibition_photos", exhibition.pk), {"photos": files}, follow=True)
    assert [photo.order for photo in exhibition.photos.all()] == [0, 2]
    told = [str(message) for message in answer.context["messages"]]
    assert len(told) == 2
    assert told[1].startswith("tatil.jpg: ")


def test_an_empty_file_among_several_is_named_and_the_others_are_kept(curator):
    exhibition = make.exhibition()
    files = [make.picture(620, 620, name=f"{number}.jpg") for number in range(7)]
    files[2] = SimpleUploadedFile("bos.jpg", b"", content_type="image/jpeg")
    answer = curator.post(page("exhibition_photos", exhibition.pk), {"photos": files}, follow=True)
    assert exhibition.photos.count() == 6
    told = [str(message) for message in answer.context["messages"]]
    assert told[1].startswith("bos.jpg: Bu dosya boş")


def test_a_work_takes_no_more_photos_than_it_may_have(curator):
    work = make.work()
    make.photo(work=work, order=4)
    files = [make.picture(620, 620, name=f"{number}.jpg") for number in range(6)]
    answer = curator.post(page("work_photos", work.pk), {"photos": files}, follow=True)
    assert work.photos.count() == 6
    assert "5.jpg" in str(list(answer.context["messages"])[1])
    assert curator.post(page("work_photos", work.pk)).context["errors"]


def test_works_whose_photos_want_words_are_found(curator):
    described, silent, bare = (make.work(title) for title in ("Bir", "İki", "Üç"))
    make.photo(work=described)
    make.photo(work=silent, alt="")

    def found(value):
        answer = curator.get(page("work_changelist"), {"photos": value, "year": "all"})
        return list(answer.context["cl"].result_list)

    assert found("undescribed") == [silent]
    assert found("none") == [bare]
