"""The only door to the disk: jailed reading, hashes, atomic writing, and the cache.

Nothing is read from outside the folders it belongs to, whatever a name or a symbolic link says,
and nothing is written anywhere but under the folder asked for. A file appears under its name
whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from actionpack.diagnostics import Finding, MissingOnMachine, Place, Rejected, finding

# The most that one text file of a project may hold. The longest action ever written is a
# thousandth of it, and what is larger is not text that somebody wrote.
MOST_TEXT_BYTES = 2_000_000
# The most that a picture or a PDF to be looked at may hold.
MOST_FILE_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Jail:
    """A folder that reading cannot leave, and the name under which findings speak of it."""

    root: Path
    name: str

    def resolve(self, relative: str | Path) -> Path:
        """Find a file inside; raises Rejected (`blocked-resource`) when it lies outside."""
        root = self.root.resolve()
        try:
            path = (root / relative).resolve()
            if os.path.islink(path):  # noqa: PTH114 -- of too long a name Path would raise
                # From Python 3.13 on a link that leads in a circle is what is left, not an error.
                raise RuntimeError(f"Symlink loop from '{relative}'")
        except (OSError, ValueError, RuntimeError) as error:
            raise Rejected(
                finding(
                    "bad-value",
                    f"'{relative}' is no file name ({error})",
                    Place(file=self.name),
                )
            ) from error
        if not path.is_relative_to(root):
            raise Rejected(
                finding(
                    "blocked-resource",
                    f"'{relative}' lies outside '{self.name}'",
                    Place(file=self.name),
                )
            )
        return path

    def label(self, relative: str | Path) -> str:
        """The file's name as the user knows it."""
        return f"{self.name}/{relative}" if self.name else str(relative)

    def inner(self, relative: str) -> Jail:
        """The jail of a folder inside this one."""
        return Jail(root=self.resolve(relative), name=self.label(relative))

    def read_bytes(self, relative: str | Path, *, most: int = MOST_FILE_BYTES) -> bytes:
        """Read a file; raises Rejected when it is not there, not a file, or too large."""
        return read_file(self.resolve(relative), label=self.label(relative), most=most)

    def read_text(self, relative: str | Path) -> str:
        """Read a UTF-8 file with line ends made `\\n`; raises Rejected with the line at fault."""
        data = self.read_bytes(relative, most=MOST_TEXT_BYTES)
        return decode_utf8(data, Place(file=self.label(relative)))

    def has_file(self, relative: str | Path) -> bool:
        """Whether there is such a file; raises Rejected when it lies outside."""
        try:
            return self.resolve(relative).is_file()
        except OSError:
            return False  # such as a name longer than any file can have

    def names(self, relative: str = ".") -> tuple[str, ...]:
        """The names in a folder, sorted; nothing when there is no such folder."""
        try:
            return tuple(sorted(path.name for path in self.resolve(relative).iterdir()))
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            label = self.label(relative)
            raise Rejected(
                finding(
                    "bad-file", f"'{label}' cannot be read ({error.strerror})", Place(file=label)
                )
            ) from error


def read_file(path: Path, *, label: str, most: int = MOST_FILE_BYTES) -> bytes:
    """Read a file whole; raises Rejected when that cannot be done."""
    place = Place(file=label)
    try:
        _refuse_endless(path, place)
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError as error:
        raise Rejected(finding("missing-file", f"there is no '{label}'", place)) from error
    except OSError as error:
        raise Rejected(
            finding("bad-file", f"'{label}' cannot be read ({error.strerror})", place)
        ) from error
    except ValueError as error:
        raise Rejected(finding("bad-value", f"'{label!r}' is no file name", place)) from error
    if len(data) > most:
        raise Rejected(
            finding(
                "bad-file",
                f"'{label}' is larger than {most // 1_000_000} MB",
                place,
                cure="make it smaller",
            )
        )
    return data


def head_of(path: Path, most: int) -> bytes | None:
    """The first bytes of a plain file; None for whatever is none, or cannot be read."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as stream:
            return stream.read(most)
    except OSError:
        return None


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a plain file, one at a time; none of what is none, or cannot be read."""
    with contextlib.suppress(OSError):
        if stat.S_ISREG(path.lstat().st_mode):
            with path.open("rb") as stream:
                yield from stream


def _refuse_endless(path: Path, place: Place) -> None:
    """Refuse pipes and devices, at which reading could wait without end; folders refuse it."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise Rejected(
            finding(
                "bad-file",
                f"'{place.file}' is no plain file",
                place,
                cure="name a file that lies on the disk",
            )
        )


def decode_utf8(data: bytes, place: Place) -> str:
    """Turn the bytes of a text file into text; raises Rejected with the line that is not UTF-8."""
    bom_less = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = bom_less.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _plain_line_ends(bom_less[: error.start].decode("utf-8")).count("\n") + 1
        byte = len(data) - len(bom_less) + error.start + 1
        told = f"byte {byte} is 0x{bom_less[error.start]:02x}"
        if half := _half_of_a_character(bom_less[error.start : error.start + 3]):
            told += f", where half of a character begins, U+{half:04X}"
        raise Rejected(
            finding(
                "bad-file",
                f"the file is not UTF-8 text: {told}",
                Place(file=place.file, line=line),
                cure="save it as UTF-8 in the editor",
            )
        ) from error
    return _plain_line_ends(text)


def _half_of_a_character(data: bytes) -> int | None:
    """The surrogate that some bytes stand for, which programs write that cut emoji in two."""
    try:
        return ord(data.decode("utf-8", "surrogatepass"))
    except (UnicodeDecodeError, TypeError):
        return None


def _plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(*parts: bytes | str) -> str:
    """The SHA-256, in hex, of `parts`; where one ends and the next begins counts."""
    sha = hashlib.sha256()
    for part in parts:
        data = os.fsencode(part) if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "big"))
        sha.update(data)
    return sha.hexdigest()


def folder_digest(folder: Path, suffixes: tuple[str, ...] = ("",)) -> str:
    """The hash of every file's name and content below `folder`, hidden files left out.

    `suffixes` narrows it to the files whose names end so.
    """
    parts: list[bytes | str] = []
    for path in files_below(folder):
        if not path.name.endswith(suffixes):
            continue
        parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest(*parts)


@cache
def program_digest() -> str:
    """The hash of this program's own files; the layouts and fonts that ship with it are not among.

    It is the same however the program was installed, and in which folder.
    """
    package = Path(__file__).parent
    parts: list[bytes | str] = []
    for path in files_below(package):
        inside = path.relative_to(package)
        if inside.parts[0] != "shipped" and "__pycache__" not in inside.parts:
            parts += [inside.as_posix(), path.read_bytes()]
    return digest(*parts)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below `folder` in a fixed order; hidden ones and links to folders left out."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


# ------------------------------------------------------------------------------------- writing

# What is half written is called by the first characters of its name, eight of no meaning, and this:
# other programs leave files with names like these, and none that say so.
_MOST_NAME, _HALF = 40, ".actionpack.part"
_UNIQUE = f"[a-z0-9_]{{8}}{re.escape(_HALF)}"
_PART = re.compile(rf"\..{{1,{_MOST_NAME}}}\.{_UNIQUE}", re.DOTALL)


def write_whole(
    path: Path, data: bytes | Iterable[bytes], *, inside: Path, label: str | None = None
) -> None:
    """Write a file, in one or in pieces, beside its place and move it there whole.

    Raises Rejected when the place lies outside `inside` after resolving links, holds something
    that is no file, or the disk refuses. A symbolic link of that name is replaced, never followed.
    """
    name = label or str(path)
    try:
        inside.mkdir(parents=True, exist_ok=True)
        folder = path.parent
        if not folder.resolve().is_relative_to(inside.resolve()):
            raise Rejected(
                finding(
                    "blocked-resource",
                    f"'{name}' would be written outside '{inside}'",
                    Place(file=name),
                    cure="choose another place for it",
                )
            )
        if _is_special(path):
            raise Rejected(
                finding(
                    "exists",
                    f"'{name}' is a device or a pipe, and no file",
                    Place(file=name),
                    cure="choose another place for it",
                )
            )
        folder.mkdir(parents=True, exist_ok=True)
        begun = f".{path.name[:_MOST_NAME]}."
        handle, beside = tempfile.mkstemp(prefix=begun, suffix=_HALF, dir=folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                for piece in (data,) if isinstance(data, bytes) else data:
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            Path(beside).chmod(0o666 & ~_umask())
            Path(beside).replace(path)
            _sync_folder(folder)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(beside).unlink()
            raise
    except (OSError, RuntimeError, ValueError) as error:
        # The two others come from `resolve`: links that lead in a circle, a NUL in a name.
        why = error.strerror if isinstance(error, OSError) else error
        raise Rejected(
            finding(
                "bad-file",
                f"'{name}' cannot be written ({why})",
                Place(file=name),
                cure="choose a folder you may write to, with room left on its disk",
            )
        ) from error


def _sync_folder(folder: Path) -> None:
    """Have the disk note the new name too, so that what is there after a power cut is whole."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# What says that a folder is held; nobody needs it once the program has ended.
LOCK = ".lock"


@contextlib.contextmanager
def hold(folder: Path, *, label: str) -> Iterator[None]:
    """Have a folder for oneself; raises Rejected when another program has it.

    The system lets go of it when this program ends, however it ends.
    """
    import fcntl

    place = Place(file=label)
    path = folder / LOCK
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Rejected(
            finding(
                "bad-file",
                f"'{label}' cannot be written ({error.strerror})",
                place,
                cure="choose a folder you may write to, with room left on its disk",
            )
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _is_still(path, handle):
            # Whoever had it removed it between our opening and our locking it: others will hold
            # the one that is there next.
            raise BlockingIOError
    except OSError as error:
        os.close(handle)
        raise Rejected(
            finding(
                "exists",
                f"another batch is being made in '{label}'",
                place,
                cure="wait for its end, or name another folder with -o",
            )
        ) from error
    try:
        yield
    finally:
        # While it is held, so that nobody else's is removed.
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        os.close(handle)
        if is_new:
            # When nothing came of it, nothing is left; what holds something cannot be removed.
            with contextlib.suppress(OSError):
                folder.rmdir()


def _is_still(path: Path, handle: int) -> bool:
    """Whether a path leads to the file that is open."""
    opened = os.fstat(handle)
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (opened.st_dev, opened.st_ino)


def clear_parts(folder: Path) -> None:
    """Remove what a program that was killed left half written in a folder."""
    remove_all(parts_in(folder))


def parts_in(folder: Path) -> tuple[Path, ...]:
    """What was half written in a folder, or is being so right now."""
    return tuple(
        path
        for path in sorted(folder.glob(f".*{_HALF}"))
        if _PART.fullmatch(path.name) and stat.S_ISREG(path.lstat().st_mode)
    )


def folders_in(folder: Path) -> tuple[Path, ...]:
    """The folders in a folder, links to others left out; none when it is not there."""
    try:
        return tuple(
            sorted(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
        )
    except OSError:
        return ()


def remove_all(paths: Iterable[Path]) -> tuple[int, int]:
    """Remove files; return how many they were, and how many bytes they had."""
    count, size = 0, 0
    for path in paths:
        held = path.lstat().st_size
        remove(path)
        count, size = count + 1, size + held
    return count, size


def _is_special(path: Path) -> bool:
    """Whether something stands there that renaming a file over would destroy."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(kind) or stat.S_ISLNK(kind) or stat.S_ISDIR(kind))


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def remove(path: Path) -> None:
    """Remove a file that may not be there; raises Rejected when the disk refuses."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Rejected(
            finding("bad-file", f"'{path}' cannot be removed ({error.strerror})")
        ) from error


# --------------------------------------------------------------------------------------- cache

_MAGIC = b"actionpack cache 1\n"


def cache_folder() -> Path:
    """Where the cache lies: `ACTIONPACK_CACHE`, or the usual place of this system."""
    named = os.environ.get("ACTIONPACK_CACHE")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("actionpack", appauthor=False))


def cache_files() -> Iterator[Path]:
    """What is kept in the cache; raises Rejected when that folder holds anything else.

    Whoever has `ACTIONPACK_CACHE` lead to a folder of their own must not lose what is in it.
    """
    root = cache_folder()
    others = [one for one in _listed(root) if not _SHELF.fullmatch(one.name) or not one.is_dir()]
    shelves = [one for one in _listed(root) if one not in others]
    files = [path for shelf in shelves for path in _listed(shelf)]
    others += (path for path in files if not _KEPT.fullmatch(path.name) or not path.is_file())
    if others:
        raise Rejected(
            finding(
                "bad-value",
                f"'{root}' is no cache of actionpack: it holds '{others[0].relative_to(root)}'",
                cure="correct ACTIONPACK_CACHE, or take that away",
            )
        )
    yield from files


def remove_empty_cache() -> None:
    """Remove the folders of the cache that hold nothing."""
    root = cache_folder()
    for folder in (*_listed(root), root):
        # Whatever was put there in the meantime stays.
        with contextlib.suppress(OSError):
            folder.rmdir()


# An entry is called by a hash: two digits for its folder, and 62; or it is half written.
_SHELF = re.compile("[0-9a-f]{2}")
_KEPT = re.compile(rf"[0-9a-f]{{62}}|\.[0-9a-f]{{{_MOST_NAME}}}\.{_UNIQUE}")


def _listed(folder: Path) -> tuple[Path, ...]:
    """What is in a folder; nothing when it is not there, or is none."""
    try:
        return tuple(sorted(folder.iterdir()))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise Rejected(
            finding("bad-file", f"'{folder}' cannot be read ({error.strerror})")
        ) from error


def cache_get(key: str) -> dict[str, bytes] | None:
    """Fetch an entry's parts; None when it is not there or was damaged, which removes it."""
    path = _cache_path(key)
    try:
        data = path.read_bytes()
    except OSError:
        # No entry, or none that can be read: the same to whoever asks, since the caller makes
        # it anew and `cache_put` is the one to say what is wrong with the folder.
        return None
    parts = _unpack(data)
    if parts is None:
        remove(path)
    return parts


def cache_put(key: str, parts: Mapping[str, bytes]) -> None:
    """Keep an entry; raises Rejected when the cache cannot be written."""
    index = json.dumps({name: len(data) for name, data in parts.items()}).encode()
    body = index + b"\n" + b"".join(parts.values())
    write_whole(_cache_path(key), _cache_header(body) + body, inside=cache_folder())


def cache_keep(key: str, parts: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Keep an entry if that can be done: work that is finished is not lost for want of a cache."""
    try:
        cache_put(key, parts)
    except Rejected as rejected:
        why = "; ".join(one.message.rpartition("(")[2].rstrip(")") for one in rejected.findings)
        return (
            finding(
                "cache-unwritable",
                f"the cache in '{cache_folder()}' cannot be written ({why}); "
                "the next build will take as long",
            ),
        )
    return ()


def _cache_path(key: str) -> Path:
    return cache_folder() / key[:2] / key[2:]


def _cache_header(body: bytes) -> bytes:
    return _MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n"


def _unpack(data: bytes) -> dict[str, bytes] | None:
    body = data[len(_cache_header(b"")) :]
    if not data.startswith(_cache_header(body)):
        return None
    index, _, rest = body.partition(b"\n")
    parts: dict[str, bytes] = {}
    start = 0
    for name, length in json.loads(index).items():
        parts[name] = rest[start : start + length]
        start += length
    return parts


# ---------------------------------------------------------------------------- what ships with it


def shipped_folder() -> Path:
    """The folder that holds the `layouts` and `assets` of the package itself."""
    here = Path(__file__).resolve().parent
    for candidate in (here / "shipped", here.parents[1]):
        if (candidate / "layouts").is_dir() and (candidate / "assets").is_dir():
            return candidate
    raise MissingOnMachine(
        finding(
            "missing-file",
            "the layouts and fonts that belong to actionpack are not where they were installed",
            cure="install it again: sh setup.sh",
        )
    )


def data_jail() -> Jail:
    """The tables that the package itself holds."""
    return Jail(root=Path(__file__).resolve().parent / "data", name="actionpack/data")


def is_plain(name: str) -> bool:
    """Whether a name is one of a folder or file, and leads nowhere else."""
    return name not in ("", ".", "..") and not set(name) & set("/\\\0")


def first_existing(candidates: Iterable[Path]) -> Path | None:
    """The first of `candidates` that is there."""
    return next((path for path in candidates if path.exists()), None)
