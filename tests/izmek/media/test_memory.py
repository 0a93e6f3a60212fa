"""A process holds after a large photo what it held before."""

import platform
import subprocess
import sys

import pytest

# As a photo does: large blocks, and something small that is made beside them and stays.
PHOTOS = """
import re, django
django.setup()
def held():
    return int(re.search(r"RssAnon:\\s+(\\d+)", open("/proc/self/status").read())[1])
block = bytearray(30 << 20)
del block
before, kept = held(), []
for _photo in range(4):
    block = bytearray(b"x" * (20 << 20))
    kept.append(bytearray(100_000))
    del block
print(held() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed")
def test_large_blocks_go_back_to_the_system(settings):
    command = [sys.executable, "-c", PHOTOS]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True
    )
    assert int(done.stdout) < 5_000  # kB; else 20,000
