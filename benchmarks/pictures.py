"""Files as phones make them, for the photos that are uploaded."""

import random
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

SIZES = {12: (4032, 3024, "jpg"), 48: (8064, 6048, "heic")}


@contextmanager
def picture(megapixels):
    """A file of that many megapixels, drawn by another process: its memory is not to be measured."""
    _width, _height, ending = SIZES[megapixels]
    with tempfile.NamedTemporaryFile(suffix=f".{ending}") as file:
        subprocess.run([sys.executable, "-m", __name__, str(megapixels), file.name], check=True)
        yield file.name


def draw(megapixels, path):
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    width, height, ending = SIZES[megapixels]
    rng = random.Random(1)  # noqa: S311
    small = Image.new("RGB", (width // 16, height // 16))
    small.putdata(
        [tuple(rng.choices(range(256), k=3)) for _pixel in range(small.width * small.height)]
    )
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    image.save(Path(path), "JPEG" if ending == "jpg" else "HEIF", quality=85)


if __name__ == "__main__":
    draw(int(sys.argv[1]), sys.argv[2])
