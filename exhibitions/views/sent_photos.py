"""A photo that is sent again, since its answer was lost or its process died: it makes one photo.

The script of the teacher pages gives each photo a token. In the cache stands under it who is at it and the
id that the photo will have. So a repeat finds the photo that came of the first; waits while somebody is at
it; and is taken in at once when that process is dead, as after a crash or a restart. Of another host nobody
knows: there it counts as dead after ABANDONED.
"""

import os
import socket
from uuid import UUID, uuid4

from django.core.cache import cache

REMEMBERED = 60 * 60 * 24  # seconds; a repeat is recognised for this time
ABANDONED = 60 * 3


class SentPhoto:
    """`pk`: the id for the photo. `other`: the id of who was faster, or None."""

    def __init__(self, user, work, token):
        self.key, self.pk = f"sent-photo.{user.pk}.{work.pk}.{token}", uuid4()
        self._value = f"{socket.gethostname()} {os.getpid()} {self.pk.hex}"
        self.other = None if cache.add(self.key, self._value, ABANDONED) else self._who()

    def _who(self):
        host, process, pk = (cache.get(self.key) or f"- 1 {uuid4()}").split(" ")
        self.is_dead = host == socket.gethostname() and not _lives(int(process))
        return UUID(pk)

    def take_over(self):
        """Whether it is ours now, as the one before is dead and nobody else was faster."""
        if not self.is_dead or not cache.add(f"{self.key}.{self.other.hex}", 1, ABANDONED):
            return False
        cache.set(self.key, self._value, ABANDONED)
        return True

    def done(self):
        cache.set(self.key, self._value, REMEMBERED)

    def failed(self):
        cache.delete(self.key)


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # of another user
        return True
    return True
