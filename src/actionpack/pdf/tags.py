"""The structure of a stencil's pages (ISO 32000-1, 14.7), to be written anew for each copy.

Whoever hears a pack instead of seeing it gets its headings, lists, links and languages from here.
Marked contents lie in the shared pages under the same numbers in every copy; what differs from copy
to copy is which page and which element they belong to, so that all this is gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from actionpack.pdf.file import SLOT_MARK, File, Page
from actionpack.pdf.objects import kids_of
from actionpack.pdf.template import opened

# What a structure element has in every copy by other means than as it stands.
_SETTLED = ("/Type", "/S", "/P", "/K")


class Gap(NamedTuple):
    """Where a number goes that is another one in each copy, or in each file.

    `own`: that of an object which each copy has for itself, here by its number in the pages;
    `shared`: that of an object which all copies share, here by the index of its part; `key`: a key
    of the parent tree, here counted from 0; `copy`: the number of the copy in six digits.
    """

    kind: Literal["own", "shared", "key", "copy"]
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Bytes with gaps; there is one text more than there are gaps."""

    texts: tuple[bytes, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A structure element: its number in the pages, its type, what it says, what is below it.

    `above` is the number of its parent, 0 for the one that holds all others. Of a placeholder,
    `content` is the marked content that a stamp has to draw; others have None.
    """

    number: int
    kind: str
    entries: Template
    above: int
    kids: tuple[Kid, ...]
    content: int | None


class Kid(NamedTuple):
    """What stands below an element: another, by its number, or content, where that is 0."""

    element: int
    text: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedSide:
    """A page: its number, what it draws with, its links, and the element of each marked content.

    `resources` are a dictionary whose last entry, that of the fonts, is left open for more.
    """

    number: int
    resources: Template
    links: tuple[int, ...]
    elements: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A bookmark within a pack; `level` counts from 0."""

    title: str
    level: int
    goal: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What makes pages tagged ones.

    `elements` are in the order of reading, the one that holds all others first. `links` are
    annotations: number, text, and the number of the element that stands for each. `ids` are those
    of elements, with their numbers.
    """

    language: str
    sides: tuple[TaggedSide, ...]
    elements: tuple[Element, ...]
    links: tuple[tuple[int, Template, int], ...]
    ids: tuple[tuple[bytes, int], ...]
    roles: tuple[tuple[str, str], ...]
    bookmarks: tuple[Bookmark, ...]


def cut_tags(file: File, pages: Iterable[Page], share: Callable[[Any], int]) -> Tags:
    """Cut the structure out of pages that `prepare` has seen.

    `share` gives the index of a part for a reference to what all copies share. Raises ValueError
    when something does not fit together.
    """
    return _Cutting(file, tuple(pages), share).tags()


class _Cutting:
    def __init__(self, file: File, pages: tuple[Page, ...], share: Callable[[Any], int]) -> None:
        self._file = file
        self._pages = pages
        self._share = share
        self._elements = dict(file.elements())
        self._links = {
            link.idnum: link.get_object() for page in pages for link in page.held.get("/Annots", ())
        }
        self._own = {page.number for page in pages} | self._elements.keys() | self._links.keys()
        # Strings that name an element, as they are held; ISO 32000-1, 14.7.2 has each but once.
        self._names: dict[int, bytes] = {}

    def tags(self) -> Tags:
        root = self._file.root
        tops = tuple(map(_held, kids_of(root["/StructTreeRoot"])))
        if [top["/S"] for top in tops] != ["/Document"]:
            raise ValueError("the structure tree has no one document at its top")
        ids = tuple(self._ids())
        return Tags(
            language=str(tops[0].get("/Lang", root["/Lang"])),
            sides=tuple(map(self._side, self._pages)),
            elements=tuple(self._element(*item) for item in self._elements.items()),
            links=tuple(self._link(*item) for item in self._links.items()),
            ids=tuple(sorted(ids)),
            roles=tuple(
                (str(kind), str(role))
                for kind, role in root["/StructTreeRoot"].get("/RoleMap", {}).items()
            ),
            bookmarks=tuple(self._bookmarks()),
        )

    # --- pages

    def _side(self, page: Page) -> TaggedSide:
        resources = _held(page.held["/Resources"])
        fonts = _held(resources.get("/Font", {}))
        return TaggedSide(
            number=page.number,
            resources=joined(
                (b"<<", *self._entries(resources, "/Font"), b"/Font<<", *self._entries(fonts))
            ),
            links=tuple(link.idnum for link in page.held.get("/Annots", ())),
            elements=tuple(map(self._parent, page.parents())),
        )

    def _parent(self, entry: Any) -> int | None:
        """The element of a marked content; None when it was taken out of the tree."""
        if not hasattr(entry, "idnum"):
            return None
        if entry.idnum not in self._elements:
            raise ValueError("a marked content belongs to nothing in the structure tree")
        return int(entry.idnum)

    def _link(self, number: int, link: Any) -> tuple[int, Template, int]:
        goal = (b"/Dest ", self._opened(self._goal(link["/Dest"]))) if "/Dest" in link else ()
        key = Template(texts=(b"/StructParent ", b""), gaps=(Gap("key", self._key_of(number)),))
        text = joined((b"<<", *self._entries(link, "/Dest", "/StructParent"), *goal, key, b">>"))
        above = self._parent(self._file.parent(int(link["/StructParent"])))
        if above is None:
            raise ValueError("a link has no place in the structure tree")
        return number, text, above

    def _key_of(self, link: int) -> int:
        """A link's key in a copy's part of the parent tree, behind those of the pages."""
        return len(self._pages) + list(self._links).index(link)

    def _goal(self, goal: Any) -> Any:
        """Where a link leads to; WeasyPrint keeps that under a name (12.3.2.3), one a file."""
        if isinstance(goal, list):
            return goal
        names = self._file.root["/Names"]["/Dests"]["/Names"]
        goals = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
        if str(goal) not in goals:
            raise ValueError("a link leads nowhere")
        return goals[str(goal)]

    def _bookmarks(self) -> Iterator[Bookmark]:
        seen: set[int] = set()
        todo = [(0, _first(self._file.root.get("/Outlines", {}), "/First"))]
        while todo:
            level, reference = todo.pop()
            if reference is None:
                continue
            if reference.idnum in seen:
                raise ValueError("the bookmarks run in a circle")
            seen.add(reference.idnum)
            held = reference.get_object()
            goal = self._opened(self._goal(held["/Dest"]))
            yield Bookmark(title=str(held["/Title"]), level=level, goal=goal)
            todo += ((level, _first(held, "/Next")), (level + 1, _first(held, "/First")))

    # --- elements

    def _element(self, number: int, element: Any) -> Element:
        slot = str(element.get("/Alt", "")).startswith(SLOT_MARK)
        # What a placeholder says is the stamp's.
        but = (*_SETTLED, "/Alt", "/A") if slot else _SETTLED
        content = None
        if slot:
            (content,) = (int(kid) for kid in kids_of(element))
        above = element.raw_get("/P").idnum
        if above not in self._elements:
            # The language of all is said by itself.
            above, but = 0, (*but, "/Lang")
        return Element(
            number=number,
            kind=str(element["/S"]),
            entries=joined(self._entries(element, *but)),
            above=above,
            kids=tuple(map(self._kid, kids_of(element))),
            content=content,
        )

    def _kid(self, kid: Any) -> Kid:
        number = getattr(kid, "idnum", 0)
        if number in self._elements:
            return Kid(number, self._opened(kid))
        # A marked content, or a reference to one or to a link: no object of its own is needed.
        return Kid(0, self._opened(_held(kid)))

    def _ids(self) -> Iterator[tuple[bytes, int]]:
        """The names of elements; these and what refers to them get gaps when they are written."""
        for number, element in self._elements.items():
            if "/ID" in element:
                name = element["/ID"]
                self._names[id(name)] = name.original_bytes
                yield name.original_bytes, number
            attributes = _held(element.get("/A", {}))
            for one in attributes if isinstance(attributes, list) else (attributes,):
                for name in _held(one).get("/Headers", ()):
                    self._names[id(name)] = name.original_bytes

    # --- gaps

    def _entries(self, held: Any, *but: str) -> Iterator[Template | bytes]:
        """The entries of a dictionary, without some."""
        for key in held:
            if key not in but:
                yield f"{key} ".encode()
                yield self._opened(held.raw_get(key))

    def _opened(self, held: Any) -> Template:
        texts, gaps = opened(held, self._gap_for)
        return Template(texts=texts, gaps=gaps)

    def _gap_for(self, held: Any) -> tuple[bytes, Gap, bytes] | None:
        number = getattr(held, "idnum", None)
        if number is not None:
            own = number in self._own
            gap = Gap("own", number) if own else Gap("shared", self._share(held))
            return b"", gap, b" 0 R"
        if id(held) in self._names:
            name = id_text(self._names[id(held)])
            return name.texts[0], name.gaps[0], name.texts[1]
        return None


def joined(parts: Iterable[Template | bytes]) -> Template:
    """Templates and plain bytes, one behind the other."""
    texts, gaps = [bytearray()], list[Gap]()
    for part in parts:
        if isinstance(part, bytes):
            texts[-1] += part
            continue
        texts[-1] += part.texts[0]
        texts += map(bytearray, part.texts[1:])
        gaps += part.gaps
    return Template(texts=tuple(map(bytes, texts)), gaps=tuple(gaps))


def id_text(name: bytes) -> Template:
    """The name of an element as a string that no other copy has."""
    shown = b"".join(b"\\%03o" % byte if byte in b"()\\\r\n" else bytes((byte,)) for byte in name)
    return Template(texts=(b"(", b".%s)" % shown), gaps=(Gap("copy"),))


def _held(held: Any) -> Any:
    return held.get_object() if hasattr(held, "get_object") else held


def _first(held: Any, key: str) -> Any:
    return held.raw_get(key) if key in held else None
