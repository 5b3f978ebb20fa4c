"""Text → QR matrix (ISO/IEC 18004:2015), and which web addresses may be printed as one.

The matrix is all that leaves here: `pdf` draws it, `preflight` compares it. The address policy
is pure: the address is taken apart as RFC 3986 says and judged; the network is never asked.
"""

from __future__ import annotations

import ipaddress
import math
import re
import socket
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_plus

from actionpack.diagnostics import NOWHERE, Finding, Place, Rejected, finding
from actionpack.geometry import EPSILON_MM
from actionpack.store import data_jail

# The empty margin round a QR code, in modules (ISO/IEC 18004:2015, "quiet zone": 4X).
QUIET_ZONE = 4
# Measured with zxing-cpp at 300 dpi after a blur of σ 0.20 mm, a poor phone or spreading ink:
# modules of 0.5 mm and more were read 100 %, 0.4 to 0.5 mm 89 %, below 0.4 mm 4 %.
WANTED_MODULE_MM = 0.5
LEAST_MODULE_MM = 0.4
# 62 bytes are what a code of 33 modules holds at level M, 20.5 mm with its quiet zone at 0.5 mm.
WANTED_CHARACTERS = 60
# What the largest code, version 40, holds at level M (ISO/IEC 18004:2015, Table 7).
MOST_BYTES = 2331

TABLE = "web-addresses.toml"


# --- the matrix -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code: what it says and its modules, row by row from the top, "1" dark, "0" light."""

    text: str
    version: int
    modules: tuple[str, ...]

    @property
    def side(self) -> int:
        """Modules along one side, without the quiet zone."""
        return len(self.modules)

    @property
    def side_with_quiet_zone(self) -> int:
        """Modules along one side of the square that must be kept for the code."""
        return self.side + 2 * QUIET_ZONE


class Run(NamedTuple):
    """Dark modules side by side in one row, counted from the code's top left module, from 0."""

    column: int
    row: int
    length: int


def encode(text: str) -> Code:
    """Encode text as UTF-8 in byte mode at level M, in the smallest version that holds it.

    The mask is the one the library scores best (ISO/IEC 18004:2015, 7.8.3): same text, same code.
    Raises Rejected (`qr-url`) when the text is empty or longer than the largest code holds.
    """
    # Imported here: it costs 0.15 s, and most commands never draw a code.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode
    from qrcode.util import QRData

    if faults := tuple(_no_code_holds(text)):
        raise Rejected(*faults)
    matrix = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    matrix.add_data(QRData(_utf8(text), mode=4))  # byte mode (ISO/IEC 18004:2015, Table 2)
    matrix.make(fit=True)
    modules = tuple("".join("01"[bool(dark)] for dark in row) for row in matrix.modules)
    return Code(text=text, version=matrix.version, modules=modules)


def byte_capacity(version: int) -> int:
    """How many bytes a version (1 to 40) holds at level M (ISO/IEC 18004:2015, Table 7)."""
    from qrcode.base import rs_blocks
    from qrcode.constants import ERROR_CORRECT_M

    codewords: int = sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))
    # 7.4.5: the mode takes 4 bits, the count 8 in versions 1 to 9 and 16 above.
    return (8 * codewords - 4 - (8 if version < 10 else 16)) // 8


def dark_runs(code: Code) -> tuple[Run, ...]:
    """The dark modules as horizontal runs, from the top and the left, for drawing rectangles."""
    return tuple(
        Run(dark.start(), row, len(dark.group()))
        for row, modules in enumerate(code.modules)
        for dark in re.finditer("1+", modules)
    )


def module_mm(code: Code, slot_side_mm: float) -> float:
    """The width of one module, mm, when the slot's square holds code and quiet zone."""
    return slot_side_mm / code.side_with_quiet_zone


def check_module_size(
    code: Code, slot_side_mm: float, place: Place = NOWHERE
) -> tuple[Finding, ...]:
    """Find modules too small to be read: below 0.5 mm a warning, below 0.4 mm an error."""
    sides = code.side_with_quiet_zone
    if slot_side_mm + EPSILON_MM >= sides * WANTED_MODULE_MM:
        return ()
    readable = slot_side_mm + EPSILON_MM >= sides * LEAST_MODULE_MM
    bound = f"{WANTED_MODULE_MM} mm is wanted" if readable else f"the least is {LEAST_MODULE_MM} mm"
    shown = _down_to_hundredth(module_mm(code, slot_side_mm))
    message = f"module of the QR code is {shown} mm in a slot of {slot_side_mm:g} mm, {bound}"
    shorter = " or ".join(_shortenings(code, slot_side_mm))
    larger = f"make the slot {sides * WANTED_MODULE_MM:g} mm"
    return (
        finding(
            "qr-module-size",
            message,
            place,
            severity="warning" if readable else "error",
            cure=f"shorten the web address {shorter}, or {larger}" if shorter else larger,
        ),
    )


def _shortenings(code: Code, slot_side_mm: float) -> Iterator[str]:
    """Say how much shorter the text must be for the next larger modules, and for those wanted."""
    modules = math.floor((slot_side_mm + EPSILON_MM) / WANTED_MODULE_MM) - 2 * QUIET_ZONE
    for version in sorted({code.version - 1, _version_of(modules)}, reverse=True):
        if 1 <= version < code.version:
            fewer = _count(len(_utf8(code.text)) - byte_capacity(version), "character")
            larger = slot_side_mm / (_side_of(version) + 2 * QUIET_ZONE)
            yield f"by {fewer} for {_down_to_hundredth(larger)} mm"


def _side_of(version: int) -> int:
    """Modules along one side, without the quiet zone: 21, 25, … 177."""
    return 17 + 4 * version


def _version_of(side: int) -> int:
    """The largest version that is not wider than `side` modules; 0 and less: there is none."""
    return (side - 17) // 4


def _utf8(text: str) -> bytes:
    # Half a surrogate pair is no text, but it must not crash the check that says so.
    return text.encode("utf-8", "surrogatepass")


def _down_to_hundredth(mm: float) -> str:
    # Rounded down, so that a module just under the bound is never shown as being on it.
    return f"{math.floor(mm * 100 + 1e-6) / 100:g}"


# --- the web address --------------------------------------------------------------------------

# RFC 3986, appendix B: takes any text apart, so that what is wrong with it can be said.
_PARTS = re.compile(
    r"(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>.*))?")
# RFC 1123, 2.1: letters, digits and inner hyphens, 63 at most.
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_EMAIL = re.compile(r"[^\s@/:?&=<>]+@[^\s@/:?&=<>]+\.[^\W\d_]{2,}")
# What RFC 3986 leaves out of every part. The backslash has its own finding; brackets may pass,
# for forms use them, and browsers send them as they are.
_NEVER = '"<>^`{|}'


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """A web address in its parts, as written; None: the part and its mark are absent."""

    scheme: str | None
    authority: str | None
    path: str
    query: str | None
    fragment: str | None

    @classmethod
    def parse(cls, url: str) -> WebAddress:
        """Take any text apart, losing nothing: `str()` gives it back."""
        # Every part may be empty and the last takes what is left, so there is always one match.
        return cls(**next(_PARTS.finditer(url)).groupdict())

    def __str__(self) -> str:
        """Put the parts together again (RFC 3986, 5.3)."""
        return "".join(
            (
                f"{self.scheme}:" if self.scheme is not None else "",
                f"//{self.authority}" if self.authority is not None else "",
                self.path,
                f"?{self.query}" if self.query is not None else "",
                f"#{self.fragment}" if self.fragment is not None else "",
            )
        )

    @property
    def host(self) -> str:
        return self._host_and_port["host"] or ""

    @property
    def port(self) -> str | None:
        return self._host_and_port["port"]

    @property
    def _host_and_port(self) -> Mapping[str, str | None]:
        text = (self.authority or "").rpartition("@")[2]
        parts = _HOST_AND_PORT.fullmatch(text)
        return parts.groupdict() if parts else {"host": text, "port": None}

    @property
    def after_host(self) -> str:
        """Path, query and fragment with their marks."""
        return str(replace(self, scheme=None, authority=None))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The `name=value` pieces of query and fragment, as written, empty ones left out."""
        text = f"{self.query or ''}&{self.fragment or ''}"
        return tuple(piece for piece in re.split("[&;]", text) if piece)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The tables of `data/web-addresses.toml`."""

    mailers: Mapping[str, str]  # parameter → the service that writes it
    personal: frozenset[str]
    shorteners: tuple[str, ...]
    private: tuple[str, ...]


@cache
def policy() -> Policy:
    """Read the tables."""
    tables = tomllib.loads(data_jail().read_text(TABLE))
    return Policy(
        mailers={name: service for service, names in tables["mailers"].items() for name in names},
        personal=frozenset(tables["personal"]["words"]),
        shorteners=tuple(tables["hosts"]["shorteners"]),
        private=tuple(tables["hosts"]["private"]),
    )


def check_url(url: str, place: Place = NOWHERE) -> tuple[Finding, ...]:
    """Find everything that speaks against printing a web address as a code (`qr-url`)."""
    faults = tuple(_no_code_holds(url)) or tuple(_speaks_against(url))
    return tuple(replace(fault, place=place) for fault in faults)


def with_source(url: str, source: str) -> str:
    """Name the `source` in the query, in place of one already there; the rest stays as written.

    An empty source leaves the address unchanged.
    """
    if not source:
        return url
    address = WebAddress.parse(url)
    ours = f"source={quote(source, safe='')}"
    before = [piece for piece in (address.query or "").split("&") if piece]
    after = [ours if _decoded(piece)[0] == "source" else piece for piece in before]
    # A second `source` falls away, for pages differ in which of two they heed.
    pieces = [piece for at, piece in enumerate(after) if piece != ours or at == after.index(ours)]
    return str(replace(address, query="&".join(pieces if ours in pieces else [*pieces, ours])))


def printed(url: str) -> str:
    """The address as it stands in print: only `https://` goes, for every browser adds it.

    Nothing else may go. People type what they read, and `www.`, a closing slash, the query or
    capitals in the path can be what tells two pages apart.
    """
    return re.sub("^https://", "", url, flags=re.IGNORECASE)


# --- the rules: each yields what it finds, without a place ------------------------------------


def _fault(message: str, cure: str) -> Finding:
    return finding("qr-url", message, cure=cure)


def _doubt(message: str, cure: str) -> Finding:
    return finding("qr-url", message, cure=cure, severity="warning")


def _no_code_holds(text: str) -> Iterator[Finding]:
    if not text:
        yield _fault("web address is empty", "write the page's, or 'none' to print no code")
    elif len(_utf8(text)) > MOST_BYTES:
        yield _fault(
            f"web address has {len(_utf8(text))} bytes, a QR code holds {MOST_BYTES}",
            f"write one of {WANTED_CHARACTERS} characters or less",
        )


def _speaks_against(url: str) -> Iterator[Finding]:
    address = WebAddress.parse(url)
    # One without a scheme is judged as what was meant, so that every fault is said at once.
    whole = address if address.scheme else WebAddress.parse(f"https://{url.lstrip('/')}")
    yield from _misleading(url)
    yield from _not_escaped(whole)
    yield from _bad_scheme(address)
    yield from _bad_authority(whole)
    yield from _bad_host(whole)
    yield from _personal_data(whole)
    yield from _too_many_characters(url)


def _misleading(url: str) -> Iterator[Finding]:
    """Spaces, controls, marks without width or that turn the line round, and backslashes."""
    for mark in dict.fromkeys(url):
        if mark == " " or not mark.isprintable():
            name = unicodedata.name(mark, "control or unknown character").lower()
            yield _fault(
                f"web address has U+{ord(mark):04X} ({name}) as character {url.index(mark) + 1}",
                "delete it" if mark != " " else "delete it, or write %20",
            )
    if "\\" in url:
        yield _fault("web address has '\\', which browsers take for '/'", "write '/'")


def _not_escaped(address: WebAddress) -> Iterator[Finding]:
    """Characters after the host that must be percent escapes, and escapes that are none."""
    text = address.after_host
    bare = [mark for mark in dict.fromkeys(text) if _needs_escape(mark)]
    if bare:
        marks = ", ".join(f"'{mark}'" for mark in bare)
        path = "".join(quote(mark) if _needs_escape(mark) else mark for mark in text)
        whole = _shown(str(address).removesuffix(text) + path)
        yield _fault(f"web address has {marks}, which phones send differently", f"write '{whole}'")
    for escape in dict.fromkeys(re.findall(r"%(?![0-9A-Fa-f]{2})\w{0,2}", text)):
        yield _fault(f"'{_shown(escape)}' is no percent escape", "write %25 for a percent sign")


def _needs_escape(mark: str) -> bool:
    return mark in _NEVER or (mark.isprintable() and not mark.isascii())


def _bad_scheme(address: WebAddress) -> Iterator[Finding]:
    scheme = (address.scheme or "").lower()
    if not scheme:
        yield _fault("web address does not begin with 'https://'", "put 'https://' before it")
    elif scheme == "http":
        yield _fault(
            "web address begins with 'http://', which anybody on the way can read and change",
            "write 'https://', and open it once to see that it works",
        )
    elif scheme != "https":
        yield _fault(
            f"web address has the scheme '{_shown(scheme)}', only https may be printed",
            "write the page's https address",
        )


def _bad_authority(address: WebAddress) -> Iterator[Finding]:
    """User-info, which can pass for the host, and ports, which networks for guests often close."""
    if "@" in (address.authority or ""):
        yield _fault(
            "web address has a user name before its host", "delete all between '//' and '@'"
        )
    port = address.port
    if port is not None and not re.fullmatch("[0-9]{1,5}", port):
        yield _fault(f"port '{_shown(port)}' is no number", "delete it with its ':'")
    elif port is not None and int(port) != 443:
        yield _doubt(
            f"web address names the port {int(port)}, which many networks do not let through",
            "use an address without a port",
        )


def _bad_host(address: WebAddress) -> Iterator[Finding]:
    """A host that is missing, malformed, private, or not what it seems."""
    host, shown = _as_browsers_read(address.host), _shown(address.host)
    number = _ip_address(host)
    if not host:
        if (address.scheme or "").lower() in ("https", "http"):
            yield _fault("web address names no host", "write it like https://www.example.org/page")
    elif number is not None:
        yield from _bad_number(number, shown)
    elif not _is_host_name(host) or _ends_in_number(host):
        yield _fault(
            f"host '{shown}' is no host name",
            "write letters, digits and hyphens, with single dots between them",
        )
    elif "." not in host or _is_under(host, policy().private):
        yield _fault(
            f"host '{shown}' opens only inside one network, or nowhere",
            "write the public address of the page",
        )
    elif not address.host.isascii() or any(label.startswith("xn--") for label in host.split(".")):
        yield _doubt(
            f"host '{shown}' has letters outside a to z, which can imitate those of another host",
            "use a host in plain letters, or compare each letter with the page's own address",
        )
    elif _is_under(host, policy().shorteners):
        yield _doubt(
            f"'{shown}' shortens links: it hides the page, can lead elsewhere after printing, and "
            "sees every reader",
            "write the address it leads to, or a short one on your own site",
        )


def _bad_number(
    number: ipaddress.IPv4Address | ipaddress.IPv6Address, shown: str
) -> Iterator[Finding]:
    if not number.is_global or number.is_multicast:
        yield _fault(
            f"host '{shown}' is {number}, which opens only inside one network",
            "write the public address of the page",
        )
    else:
        yield _doubt(
            f"host '{shown}' is a number, which does not tell whose page it is",
            "write the host's name",
        )


def _as_browsers_read(host: str) -> str:
    """The host in lower case, with wide letters and ideographic dots made plain (UTS 46)."""
    return unicodedata.normalize("NFKC", host).replace("。", ".").lower()


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that browsers take a host for, also from 127.1, 0x7f.1 and 2130706433."""
    try:
        if host.startswith("[") and host.endswith("]"):
            address = ipaddress.IPv6Address(host[1:-1])
            return address.ipv4_mapped or address.sixtofour or address
        if _is_host_name(host) and _ends_in_number(host):
            # The C library reads the same old forms as browsers: hex, octal, and fewer parts.
            return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        pass
    return None


def _is_host_name(host: str) -> bool:
    # Whether letters outside ASCII may stand in a label is for the registries; they are doubted.
    labels = host.split(".")
    return len(host) <= 253 and all(
        _LABEL.fullmatch(label) or (label and not label.isascii()) for label in labels
    )


def _ends_in_number(host: str) -> bool:
    """Whether browsers take the host for IPv4 (WHATWG URL, "ends in a number checker")."""
    return bool(_NUMBER.fullmatch(host.rpartition(".")[2]))


def _is_under(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


def _personal_data(address: WebAddress) -> Iterator[Finding]:
    """What belongs to one reader. Values are never repeated: findings are kept and shown."""
    for piece in dict.fromkeys(address.parameters):
        name, value = _decoded(piece)
        shown = _shown(name)
        service = policy().mailers.get(name.lower())
        if _EMAIL.search(name) or _EMAIL.search(value):
            where = f"'{shown}'" if "@" not in name else "its query"
            yield _fault(f"web address has an e-mail address in {where}", "delete it")
        elif value and service:
            yield _fault(
                f"web address has '{shown}', by which {service} knows one reader",
                f"delete '{shown}=…', or copy the address from the page and not from a mail",
            )
        elif value and not policy().personal.isdisjoint(_words(name)):
            yield _fault(
                f"web address has '{shown}', which is one person's data", f"delete '{shown}=…'"
            )
    if any(_EMAIL.fullmatch(unquote(step)) for step in address.path.split("/")):
        yield _fault("web address has an e-mail address in its path", "use the page's public one")


def _words(name: str) -> set[str]:
    """What a parameter may be called: `answer[firstName]` is answerfirstname and firstname."""
    last = re.split(r"[.:/?\[]", name)[-1]
    return {re.sub(r"[\W_]", "", word.lower()) for word in (name, last)}


def _too_many_characters(url: str) -> Iterator[Finding]:
    if len(url) > WANTED_CHARACTERS:
        excess = _count(len(url) - WANTED_CHARACTERS, "character")
        yield _doubt(
            f"web address has {len(url)} characters, {WANTED_CHARACTERS} or less print well",
            f"shorten it by {excess}",
        )


# --- words ------------------------------------------------------------------------------------


def _decoded(piece: str) -> tuple[str, str]:
    """Name and value of one `name=value`, as the page will read them."""
    name, _, value = piece.partition("=")
    return unquote_plus(name), unquote_plus(value)


def _shown(text: str) -> str:
    """Text for a message: what cannot be seen, or would turn the line round, is spelt out."""
    return "".join(mark if mark.isprintable() else f"<U+{ord(mark):04X}>" for mark in text)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
