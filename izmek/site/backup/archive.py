"""The file of a backup: a tar as a stream, through `age` unless somebody asks for plain text."""

import io
import os
import subprocess
import tarfile
from contextlib import contextmanager

from izmek.acts.refusal import Refusal

ENDING = ".tar.age"
PLAIN = ".tar"


@contextmanager
def writing(path, recipient):
    """Give a TarFile whose content arrives at `path`, on the disk, when the block ends; else nothing does.

    Without a recipient it is written in plain text. Raises Refusal when age fails.
    """
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    place = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(place, "wb") as file:
            if recipient:
                with _age("--recipient", recipient, stdin=subprocess.PIPE, stdout=file) as age:
                    with tarfile.open(
                        fileobj=age.stdin, mode="w|", format=tarfile.PAX_FORMAT
                    ) as tar:
                        yield tar
                    age.stdin.close()
            else:
                with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                    yield tar
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(path, identity):
    """Give the TarFile of a backup, to be read from front to back. Raises Refusal if it cannot be read."""
    try:
        if path.name.endswith(PLAIN):
            with tarfile.open(path, "r|") as tar:
                yield tar
            return
        if not identity:
            raise Refusal(
                "The backup is encrypted: name the file of its key (--identity).", code="identity"
            )
        with _age(
            "--decrypt", "--identity", str(identity), str(path), stdout=subprocess.PIPE
        ) as age:
            with tarfile.open(fileobj=age.stdout, mode="r|") as tar:
                yield tar
            while age.stdout.read(1 << 16):  # to the end, whose signature age checks as well
                pass
    except tarfile.TarError as error:
        raise Refusal(f"{path.name} cannot be read: {error}", code="file") from None


@contextmanager
def _age(*arguments, **options):
    try:
        age = subprocess.Popen(["age", *arguments], stderr=subprocess.PIPE, **options)
    except FileNotFoundError:
        raise Refusal("The program age is missing (apt install age).", code="age") from None
    with age:
        try:
            yield age
        except (BrokenPipeError, tarfile.ReadError):
            age.kill() if age.poll() is None and options.get("stdin") else None
            raise Refusal(f"age: {_said(age)}", code="age") from None
        except BaseException:
            age.kill()
            raise
        if age.wait():
            raise Refusal(f"age: {_said(age)}", code="age")


def _said(age):
    return age.stderr.read().decode(errors="replace").strip()[-500:]


def put(tar, name, content):
    """Put bytes into the tar under a name."""
    put_file(tar, name, io.BytesIO(content), len(content))


def put_file(tar, name, file, size):
    entry = tarfile.TarInfo(name)
    entry.size = size
    tar.addfile(entry, file)
