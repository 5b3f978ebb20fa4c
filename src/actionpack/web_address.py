"""Which web addresses may be printed as a code, and how they read in print.

The policy is pure: an address is taken apart as RFC 3986 says and judged; the network is never
asked.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import quote, unquote, unquote_plus

from actionpack.diagnostics import NOWHERE, Finding, Place, finding
from actionpack.store import data_jail

# 62 bytes are what a code of 33 modules holds at level M, 20.5 mm with its quiet zone at 0.5 mm.
WANTED_CHARACTERS = 60
# What the largest code, version 40, holds at level M (ISO/IEC 18004:2015, Table 7).
MOST_BYTES = 2331

TABLE = "web-addresses.toml"

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
    faults = tuple(no_code_holds(url)) or tuple(_speaks_against(url))
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


def no_code_holds(text: str) -> Iterator[Finding]:
    """Say why text is in no QR code at all: there is none, or too much of it."""
    if not text:
        yield _fault("web address is empty", "write the page's, or 'none' to print no code")
    elif len(utf8(text)) > MOST_BYTES:
        yield _fault(
            f"web address has {len(utf8(text))} bytes, a QR code holds {MOST_BYTES}",
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
        excess = counted(len(url) - WANTED_CHARACTERS, "character")
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


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where there is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def utf8(text: str) -> bytes:
    """The bytes of text, of broken text too, which must not crash the check that says so."""
    return text.encode("utf-8", "surrogatepass")
