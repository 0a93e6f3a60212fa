"""The drawn works of the demo: every technique draws, truthfully described, the same every time."""

import pytest

from izmek.site.demo.illustrations import (
    SCENES,
    TECHNIQUES,
    describe,
    draw,
    draw_scene,
    materials,
    size_cm,
    title,
)
from izmek.site.demo.illustrations.colour import Colour
from izmek.text.fold import fold

SMALL = 120
PRAISE = ("güzel", "harika", "muhteşem", "beautiful", "lovely", "stunning")


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_seed_gives_the_same_picture_every_time_and_another_seed_another(technique):
    first = draw(technique, 1, size=SMALL)
    assert (first.mode, max(first.size)) == ("RGB", SMALL)
    assert first.tobytes() == draw(technique, 1, size=SMALL).tobytes()
    assert first.tobytes() != draw(technique, 2, size=SMALL).tobytes()


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_detail_is_another_picture_with_something_on_it(technique):
    detail = draw(technique, 3, view="detail", size=SMALL)
    assert max(detail.size) == SMALL
    assert detail.tobytes() != draw(technique, 3, size=SMALL).tobytes()
    assert all(high - low > 20 for low, high in detail.getextrema())


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_three_to_two(kind):
    scene = draw_scene(kind, 1, size=180)
    assert scene.size == (180, 120)
    assert scene.tobytes() == draw_scene(kind, 1, size=180).tobytes()


@pytest.mark.parametrize("what", [*TECHNIQUES, *SCENES])
def test_descriptions_say_what_is_there_in_ten_to_thirty_words(what):
    for seed in range(1, 41):
        for view in ("whole", "detail") if what in TECHNIQUES else ("whole",):
            for text in describe(what, seed, view):
                assert 10 <= len(text.split()) <= 30, text
                assert "fotoğraf" not in text and "photo" not in text
                assert not any(word in text for word in PRAISE), text
                assert text[0].isupper() and not text.endswith("."), text


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_description_names_the_colours_of_the_picture(technique):
    """What the words call a colour is really on the picture: they come from one plan."""
    for seed in (1, 2):
        piece = TECHNIQUES[technique](seed)
        planned = _colours(vars(piece).values())
        text = describe(technique, seed)[0]
        named = [c for c in planned if fold(c.tr) in fold(text)]
        assert named, text
        picture = draw(technique, seed, size=SMALL)
        assert any(_covers(picture, c.rgb) for c in named), (text, named)


def _colours(values):
    found = []
    for value in values:
        if isinstance(value, Colour):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found += _colours(value)
    return found


def _covers(picture, rgb):
    """Whether at least one pixel in a thousand is near that colour, light and shade apart."""
    near = sum(
        max(abs(a - b) for a, b in zip(p, rgb, strict=True)) < 48
        for p in picture.get_flattened_data()
    )
    return near > picture.width * picture.height / 1000


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_label_has_title_material_and_size(technique):
    titles = {title(technique, seed)[0] for seed in range(1, 25)}
    assert len(titles) >= 3
    assert all(materials(technique, 1)) and all(title(technique, 1))
    width, height = size_cm(technique, 1)
    assert 5 <= width <= 250 and 5 <= height <= 250


def test_unknown_words_are_refused():
    with pytest.raises(KeyError):
        draw("telkâri", 1, size=SMALL)
    with pytest.raises(ValueError, match="sideways"):
        draw("ebru", 1, view="sideways", size=SMALL)
    with pytest.raises(KeyError):
        draw_scene("cinema", 1, size=SMALL)
