from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from shotkit.demo.film import film
from shotkit.demo.landscape import Scene, paint
from shotkit.demo.light import light_at
from shotkit.demo.looks import LOOKS, dress
from shotkit.demo.pictures import FILM, FRAMES, IMAGE, RATE
from shotkit.demo.story import tell
from shotkit.storage import location

SCENE = Scene("test", (100, 140, 90), (250, 200, 40), 0.4)
SIZE = (192, 108)


def brightness(picture):
    return ImageStat.Stat(picture.convert("L")).mean[0]


def difference(first, second):
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean)


def test_the_light_rises_from_dawn_to_noon_and_falls_to_night():
    dawn, noon, evening, dusk, night = (
        brightness(paint(SCENE, hour, 0.5, SIZE)) for hour in (0, 0.4, 0.74, 0.86, 1)
    )
    assert dawn < noon > evening > dusk > night
    assert noon > 3 * night


@pytest.mark.parametrize("hour", [-1, 0, 0.5, 1, 2])
def test_there_is_a_light_at_every_hour(hour):
    light = light_at(hour)
    assert 0 < light.brightness <= 1
    assert all(0 <= shade <= 255 for colour in (light.zenith, light.sky, light.horizon) for shade in colour)


def test_the_plant_grows():
    stages = [paint(SCENE, 0.4, growth, SIZE) for growth in (0, 0.5, 1)]
    assert difference(stages[0], stages[2]) > difference(stages[0], stages[1]) > 0


def test_the_same_arguments_paint_the_same_pixels():
    first, second = (
        paint(Scene("test", (100, 140, 90), (250, 200, 40), 0.4), 0.9, 0.7, SIZE) for _ in range(2)
    )
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_can_be_told_from_the_original(look):
    original = paint(SCENE, 0.5, 0.7, SIZE)
    dressed = dress(original, look)
    assert dressed.size == ((384, 216) if look == "upscale" else SIZE)
    assert difference(original, dressed.resize(SIZE)) > 1
    assert dress(original, "original") is original


def test_a_film_is_webm_of_vp8_key_frames():
    frames = [paint(SCENE, hour / 10, 0.5, SIZE) for hour in range(4)]
    tree = dict(elements(film(frames, 8)))
    assert b"webm" in tree[0x1A45DFA3]
    segment = dict(elements(tree[0x18538067]))
    assert b"V_VP8" in segment[0x1654AE6B]
    blocks = [content for identity, content in elements(segment[0x1F43B675]) if identity == 0xA3]
    assert [int.from_bytes(block[1:3], "big") for block in blocks] == [0, 125, 250, 375]  # milliseconds
    for block, frame in zip(blocks, frames, strict=True):
        assert block[7:10] == b"\x9d\x01\x2a"  # the start code of a VP8 key frame, then its size
        assert (int.from_bytes(block[10:12], "little"), int.from_bytes(block[12:14], "little")) == SIZE
        assert difference(decoded(block[4:]), frame) < 30


def elements(content):
    """The EBML elements of a stretch: identity and content."""
    place = 0
    while place < len(content):
        wide = 9 - content[place].bit_length()
        identity = int.from_bytes(content[place : place + wide], "big")
        place += wide
        assert content[place] == 1, "sizes are written in eight bytes"
        size = int.from_bytes(content[place + 1 : place + 8], "big")
        place += 8
        yield identity, content[place : place + size]
        place += size


def decoded(vp8):
    padded = vp8 + b"\0" * (len(vp8) % 2)
    chunk = b"VP8 " + len(vp8).to_bytes(4, "little") + padded
    riff = b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk
    return Image.open(BytesIO(riff)).convert("RGB")


def test_the_files_are_pictures_of_the_sizes_they_claim(filled, store):
    for picture in tell().pictures:
        with Image.open(BytesIO(store.read(location("image_uploads", picture.thumbnail)))) as small:
            assert small.format == "JPEG"
            assert max(small.size) == 300
        content = store.read(location("image_uploads", picture.path))
        if picture.until:
            cluster = dict(elements(dict(elements(content))[0x18538067]))[0x1F43B675]
            blocks = [block for identity, block in elements(cluster) if identity == 0xA3]
            assert (len(blocks), decoded(blocks[0][4:]).size) == (FRAMES, FILM)
        else:
            with Image.open(BytesIO(content)) as image:
                assert image.size == (
                    tuple(2 * side for side in IMAGE) if picture.look == "upscale" else IMAGE
                )
    assert RATE * 2 > FRAMES  # a film is a moment, not a minute
