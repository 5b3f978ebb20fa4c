"""Copies of stencils with their tags, bound into one file that can be read aloud.

What `Binder` does for paper, with a structure tree for the file that holds a part for each pack,
in its own language. What is written is PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2). Pages of
all copies draw the same contents, which are streams here and not forms: marked contents count
where the page itself draws them (ISO 32000-1, 14.7.4.2).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from actionpack.geometry import Point
from actionpack.pdf.binder import (
    BRANCH,
    LEVEL,
    Binder,
    Binding,
    Loaded,
    references,
    text_string,
    xmp,
)
from actionpack.pdf.marks import CodeMark, EmptyMark, Font, Mark, Placeholder, TextMark
from actionpack.pdf.objects import num
from actionpack.pdf.prepare import PDFUA_CLAIM
from actionpack.pdf.stencil import Side, Stencil
from actionpack.pdf.tags import Element, Gap, Tags, Template, id_text, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """An object of a copy, ready to be filled in.

    `gaps` are what the numbers in `form` count from, by index (see `_Bases`), and how far.
    `element` is the placeholder whose words, in this copy, come last; 0: none.
    """

    form: bytes
    gaps: tuple[tuple[int, int], ...]
    element: int = 0

    def filled(self, bases: _Bases) -> bytes:
        return self.form % tuple([bases[base] + beyond for base, beyond in self.gaps])


# Of a copy: the number of its first object, its first key in the parent tree, its own number.
_Bases = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """All that a copy adds to the file, for one way of filling its placeholders.

    `objects` are what it has for itself, numbered from its base on, behind its pages. `links` are
    by side, `goals` those of the bookmarks. `names` and `ends` are the leaf of the copy in the
    tree of ids, and the first and last of these, where there are any.
    """

    objects: tuple[_Line, ...]
    links: tuple[_Line, ...]
    goals: tuple[_Line, ...]
    parents: int
    names: int | None
    ends: tuple[_Line, _Line] | None
    size: int
    keys: int


class _Tree:
    """The tags of a stencil in a file."""

    def __init__(
        self, tags: Tags, parts: Sequence[int], sides: Sequence[Side], document: int
    ) -> None:
        self.tags = tags
        self._parts = parts
        self._sides = sides
        self._document = document
        self._layouts: dict[frozenset[tuple[int, str]], _Layout] = {}
        self.contents = {
            one.number: one.content for one in tags.elements if one.content is not None
        }

    def layout(self, marks: Iterable[Mark]) -> _Layout:
        """What a copy with these marks adds; most copies fill the same places."""
        filled = frozenset((mark.place.element, _KINDS[type(mark)]) for mark in marks)
        if filled not in self._layouts:
            places = {mark.place.element: mark.place for mark in marks}
            kinds = {element: kind for element, kind in filled if kind}
            self._layouts[filled] = _Numbering(
                self.tags, self._parts, self._sides, self._document, kinds, places
            ).layout()
        return self._layouts[filled]


# What becomes of a placeholder; '': nothing.
_KINDS = {TextMark: "/Span", CodeMark: "/Figure", EmptyMark: ""}


class _Numbering:
    """Numbers everything that a copy has for itself, and closes all gaps that it can."""

    def __init__(
        self,
        tags: Tags,
        parts: Sequence[int],
        sides: Sequence[Side],
        document: int,
        kinds: Mapping[int, str],
        places: Mapping[int, Placeholder],
    ) -> None:
        self._tags, self._parts, self._sides, self._document = tags, parts, sides, document
        self._kinds, self._places = kinds, places
        self._elements = tuple(
            one for one in tags.elements if one.content is None or one.number in kinds
        )
        own = (
            *(side.number for side in tags.sides),
            *(one.number for one in self._elements),
            *(number for number, _, _ in tags.links),
        )
        self._own = {number: at for at, number in enumerate(own)}

    def layout(self) -> _Layout:
        tags = self._tags
        lines = [self._element(one) for one in self._elements]
        lines += (self._line(text) for _, text, _ in tags.links)
        lines.append(self._line(self._parent_leaf()))
        ids = tuple((name, number) for name, number in tags.ids if number in self._own)
        names = len(self._own) + 1 if ids else None
        if ids:
            lines.append(self._line(self._id_leaf(ids)))
        return _Layout(
            objects=tuple(lines),
            links=tuple(self._line(self._links(side.links)) for side in tags.sides),
            goals=tuple(self._line(mark.goal) for mark in tags.bookmarks),
            parents=len(self._own),
            names=names,
            ends=(self._line(id_text(ids[0][0])), self._line(id_text(ids[-1][0]))) if ids else None,
            size=len(tags.sides) + len(lines),
            keys=len(tags.sides) + len(tags.links),
        )

    # --- objects

    def _element(self, one: Element) -> _Line:
        kids = _apart(kid.text for kid in one.kids if not kid.element or kid.element in self._own)
        kind = self._kinds.get(one.number, one.kind)
        head = (
            self._part() if not one.above else (b"<</S%s/P " % kind.encode(), self._at(one.above))
        )
        text = (*head, one.entries, b"/K[", *kids, b"]")
        if kind == "/Figure" and one.content is not None:
            said = b"/A<</O/Layout/BBox[%s]>>/Alt" % self._edges(one.number)
            return self._line(joined((*text, said)), element=one.number)
        return self._line(joined((*text, b">>")))

    def _part(self) -> tuple[bytes]:
        """How what is a document by itself begins as a part of the volume, in its language."""
        language = text_string(self._tags.language)
        return (b"<</S/Part/P %d 0 R/Lang%s" % (self._document, language),)

    def _edges(self, element: int) -> bytes:
        """The box of a placeholder: left, bottom, right, top, pt (ISO 32000-1, Table 344)."""
        place = self._places[element]
        side, box = self._sides[place.page - 1], place.box
        corners = (Point(box.left, box.bottom), Point(box.right, box.top))
        return " ".join(num(at) for corner in corners for at in side.point(corner)).encode()

    def _links(self, links: tuple[int, ...]) -> Template:
        return joined((b"/Annots[", *_apart(map(self._at, links)), b"]") if links else ())

    def _parent_leaf(self) -> Template:
        """The copy's leaf of the parent tree: from contents and links to their elements."""
        tags = self._tags
        last = len(tags.sides) + len(tags.links) - 1
        held: list[Template | bytes] = []
        for key, side in enumerate(tags.sides):
            held += (_key(key), b"[", *_apart(map(self._at, side.elements)), b"]")
        for key, (_, _, element) in enumerate(tags.links, len(tags.sides)):
            held += (_key(key), b" ", self._at(element), b" ")
        return joined((b"<</Limits[", _key(0), b" ", _key(last), b"]/Nums[", *held, b"]>>"))

    def _id_leaf(self, ids: Sequence[tuple[bytes, int]]) -> Template:
        """The copy's leaf of the tree of ids."""
        limits = (id_text(ids[0][0]), id_text(ids[-1][0]))
        held = (part for name, at in ids for part in (id_text(name), self._at(at)))
        return joined((b"<</Limits[", *limits, b"]/Names[", *held, b"]>>"))

    def _at(self, number: int | None) -> Template | bytes:
        """A reference to what a copy has for itself, or to nothing."""
        if number not in self._own:
            return b"null"
        return Template(texts=(b"", b" 0 R"), gaps=(Gap("own", number),))

    # --- gaps

    def _line(self, text: Template, *, element: int = 0) -> _Line:
        form, gaps = bytearray(), []
        for before, gap in zip(text.texts, text.gaps, strict=False):
            form += before.replace(b"%", b"%%")
            match gap.kind:
                case "own":
                    form += b"%d"
                    gaps.append((0, self._own[gap.number]))
                case "key":
                    form += b"%d"
                    gaps.append((1, gap.number))
                case "copy":
                    form += b"%06d"
                    gaps.append((2, 0))
                case "shared":
                    form += b"%d" % self._parts[gap.number]
        form += text.texts[-1].replace(b"%", b"%%")
        return _Line(form=bytes(form), gaps=tuple(gaps), element=element)


class TaggedBinder(Binder):
    """A file that grows copy by copy, and keeps what each of them says to those who cannot see."""

    def __init__(self) -> None:
        super().__init__()
        self._root = self._reserved()
        self._document = self._reserved()
        self._trees: list[_Tree] = []
        # Resources by all but their last fonts: number, and what stands before these.
        self._open: dict[bytes, int] = {}
        self._roles: dict[str, str] = {}
        self._level = 0
        self._copies: list[int] = []
        self._keys = 0
        self._parents: list[tuple[bytes, bytes, int]] = []
        self._names: list[tuple[bytes, bytes, int]] = []

    def load(self, stencil: Stencil) -> tuple[Loaded, ...]:
        """Put what all copies of a stencil share into the file, once.

        Raises ValueError for one without tags.
        """
        tags = stencil.tags
        if tags is None:
            raise ValueError("the stencil has no tags")
        for kind, role in tags.roles:
            if self._roles.setdefault(kind, role) != role:
                raise ValueError(f"two stencils mean different things by {kind}")
        parts = self._parts_of(stencil)
        self._intents = self._intents or [parts[intent] for intent in stencil.intents]
        self._trees.append(_Tree(tags, parts, stencil.sides, self._document))
        return tuple(
            Loaded(
                side=side,
                resources=self._opened(tagged.resources, parts),
                bare=parts[side.form],
                stencil=len(self._trees) - 1,
                draws=b"",
            )
            for side, tagged in zip(stencil.sides, tags.sides, strict=True)
        )

    def start(self, label: str, *, level: int = 0) -> None:
        """Begin a pack; its own bookmarks will stand below that of the pack."""
        super().start(label, level=level)
        self._level = level

    def add(self, sides: tuple[Loaded, ...], marks: Iterable[Mark]) -> None:
        """Add a copy of the pages with their tags, and with marks drawn on them."""
        marks = tuple(marks)
        tree = self._trees[sides[0].stencil]
        layout = tree.layout(marks)
        # Its pages come first: a bookmark to the next object was set already.
        base, keys = self._next, self._keys
        self._next += layout.size
        self._keys += layout.keys
        bases = (base, keys, len(self._copies))
        drawn = dict.fromkeys(range(1, len(sides) + 1), b"")
        for mark in marks:
            drawn[mark.place.page] += self._tagged(mark, sides[mark.place.page - 1].side, tree)
        for at, (loaded, links) in enumerate(zip(sides, layout.links, strict=True)):
            besides = b"/Tabs/S/StructParents %d%s" % (keys + at, links.filled(bases))
            self._tagged_page(base + at, loaded, drawn[at + 1], besides)
        words = {
            mark.place.element: text_string(mark.alt)
            for mark in marks
            if isinstance(mark, CodeMark)
        }
        for number, line in enumerate(layout.objects, base + len(sides)):
            text = line.filled(bases)
            self._pack(number, text + words[line.element] + b">>" if line.element else text)
        self._grow(base, layout, bases)
        self._marks += (
            (mark.title, self._level + 1 + mark.level, goal.filled(bases))
            for mark, goal in zip(tree.tags.bookmarks, layout.goals, strict=True)
        )

    def finish(
        self,
        binding: Binding,
        fonts: Mapping[str, tuple[Font, Mapping[int, str]]],
        private: bytes,
        made_from: bytes,
    ) -> bytes:
        """The file; where its packs have several languages, its own is that of the first."""
        if binding.language is None:
            binding = replace(binding, language=self._trees[0].tags.language)
        return super().finish(binding, fonts, private, made_from)

    # --- what a copy adds

    def _tagged(self, mark: Mark, side: Side, tree: _Tree) -> bytes:
        """What is drawn for a mark, as the content of its structure element."""
        drawn = self._drawn(mark, side)
        if not drawn:
            return b""
        kind = _KINDS[type(mark)]
        if not kind:
            return b"/Artifact BMC q\n%sQ EMC\n" % drawn
        content = tree.contents[mark.place.element]
        return b"%s <</MCID %d>> BDC q\n%sQ EMC\n" % (kind.encode(), content, drawn)

    def _tagged_page(self, number: int, loaded: Loaded, drawn: bytes, besides: bytes) -> None:
        content = b"%d 0 R" % loaded.bare
        if drawn:
            content = b"[%s %d 0 R]" % (content, self._stream(b"", zlib.compress(drawn, LEVEL)))
        self._pack(
            number,
            b"<</Type/Page/Parent %d 0 R%s/Resources %d 0 R/Contents%s%s%s>>"
            % (
                self._branch(number),
                loaded.side.boxes,
                loaded.resources,
                b"" if drawn else b" ",
                content,
                besides,
            ),
        )
        self.page_count += 1

    def _grow(self, base: int, layout: _Layout, bases: _Bases) -> None:
        """Hang a copy into the trees of the file."""
        pages = len(layout.links)
        self._copies.append(base + pages)
        ends = (b"%d" % bases[1], b" %d" % (self._keys - 1))
        self._parents.append((*ends, base + layout.parents))
        if layout.names is not None and layout.ends is not None:
            first, last = (end.filled(bases) for end in layout.ends)
            self._names.append((first, last, base + layout.names))

    # --- what the file has once

    def _opened(self, resources: Template, parts: Sequence[int]) -> int:
        """The number of some resources, which are written when all fonts are known."""
        text = resources.texts[0] + b"".join(
            b"%d%s" % (parts[gap.number], after)
            for gap, after in zip(resources.gaps, resources.texts[1:], strict=True)
        )
        if text not in self._open:
            self._open[text] = self._reserved()
        return self._open[text]

    def _hold_fonts(self, fonts: bytes) -> None:
        for text, number in self._open.items():
            self._pack(number, text + fonts + b">>>>")

    def _claims(self, binding: Binding, made_from: bytes) -> bytes:
        return xmp(binding, level="A", besides=PDFUA_CLAIM)

    def _structure(self) -> bytes:
        self._pack(
            self._document,
            b"<</S/Document/P %d 0 R/K[%s]>>" % (self._root, references(self._copies)),
        )
        names = b"/IDTree %d 0 R" % self._grown(self._names) if self._names else b""
        roles = b"".join(
            kind.encode() + role.encode() for kind, role in sorted(self._roles.items())
        )
        self._pack(
            self._root,
            b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d%s%s>>"
            % (
                self._document,
                self._grown(self._parents),
                self._keys,
                names,
                b"/RoleMap<<%s>>" % roles if roles else b"",
            ),
        )
        return b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R" % self._root

    def _grown(self, leaves: Sequence[tuple[bytes, bytes, int]]) -> int:
        """The root over leaves, each with its first and last key (ISO 32000-1, 7.9.6, 7.9.7)."""
        branches = []
        for at in range(0, len(leaves), BRANCH):
            some = leaves[at : at + BRANCH]
            kids = references([number for _, _, number in some])
            text = b"<</Limits[%s%s]/Kids[%s]>>" % (some[0][0], some[-1][1], kids)
            branches.append(self._object(text))
        return self._object(b"<</Kids[%s]>>" % references(branches))


def _key(number: int) -> Template:
    return Template(texts=(b"", b""), gaps=(Gap("key", number),))


def _apart(parts: Iterable[Template | bytes]) -> Iterator[Template | bytes]:
    for number, part in enumerate(parts):
        if number:
            yield b" "
        yield part
