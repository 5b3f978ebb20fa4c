"""East Asian fonts cut to what their country's standards of characters hold.

A whole font of these has 5 to 11 MB and up to 30,000 letters. What people write is in the sets
that computers there have had since the 1980s, which Python's codecs know letter by letter.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from fontTools import subset
from fontTools.ttLib import TTFont

VERSION = 5  # OpenType name id

# What stands inside a line of letters of each: figures, punctuation, a word in Latin.
_EVERYWHERE = (
    range(0x20, 0x7F),  # ASCII
    range(0xA0, 0x100),  # Latin-1
    range(0x2000, 0x2070),  # General Punctuation
    range(0x20A0, 0x20C0),  # Currency Symbols
    range(0x3000, 0x3040),  # CJK Symbols and Punctuation
    range(0x3040, 0x3100),  # Hiragana, Katakana
    range(0xFF00, 0xFFF0),  # Halfwidth and Fullwidth Forms
)
# What lines of text need; the others are for vertical lines and for choosing old shapes.
_FEATURES = ("ccmp", "kern", "liga", "locl", "mark", "mkmk", "palt")


@dataclass(frozen=True)
class NationalSet:
    """The letters of a standard, as the two-byte codes of some codecs have them."""

    title: str
    codecs: tuple[str, ...]
    others: str = ""
    """Letters that the standard has not, and that people there write."""
    lacking: str = ""
    """Letters of the standard that no font of ours for it has."""

    @cached_property
    def characters(self) -> frozenset[str]:
        """All that a font cut to it keeps, where the font has it."""
        both = ((bytes((a, b)), codec) for a in _LEAD for b in _TRAIL for codec in self.codecs)
        found = {character for code, codec in both if len(character := _decoded(code, codec)) == 1}
        return frozenset(found.union(self.others, map(chr, chain(*_EVERYWHERE))))

    @property
    def letters(self) -> str:
        """Those that a font for it must have: Chinese letters, kana and Hangul."""
        found = set(filter(_is_letter, self.characters))
        return "".join(sorted(found.difference(self.lacking)))


_LEAD, _TRAIL = range(0x81, 0xFF), range(0x40, 0xFF)


def _decoded(code: bytes, codec: str) -> str:
    return code.decode(codec, errors="ignore")


def _is_letter(character: str) -> bool:
    return unicodedata.name(character, "").startswith(
        ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA L", "KATAKANA L", "HANGUL SYL")
    )


# By script (ISO 15924).
NATIONAL_SETS = {
    "Hans": NationalSet(
        title="GB 2312",
        codecs=("gb2312",),
        # In names of people and places, and in the standard of 2013 that followed.
        others=(
            "镕喆堃昇玥赟珺翀瑄旻昉暐炘烜犇玗玘玙玚玠玹珅珣琎琇琯瑀瑢瑨璟璘祎禛竑芃袆鋆锜镠頔飏鹮"
            "龑垚堉姮婳嬿宬峣崟弢彧忞愔旸昳晅晙晢曈栐棽橚沄沚浟淏湉湜溁溍溦滪漈澔炆炤燚骉翯奡叕璠"
            "琋珮瑆珖珵琤瑮瓈畯皞禤穜翾翚翙菂蓢虓衎諲谞赪锳镈闿阇陞颋飔飗骃鲃齮"
        ),
    ),
    # With the characters of Hong Kong, which Cantonese and its places and names are written with.
    "Hant": NationalSet(title="Big5 and HKSCS", codecs=("big5", "cp950", "big5hkscs")),
    # With the letters of names that every computer there has besides: 髙, 﨑.
    "Jpan": NationalSet(title="JIS X 0208", codecs=("euc_jp", "shift_jis", "cp932")),
    # With all 11,172 syllables of Hangul.
    "Kore": NationalSet(title="KS X 1001", codecs=("euc_kr", "cp949"), lacking="隙\uf95f\uf9aa"),
}


def cut(ttf: bytes, to: NationalSet) -> bytes:
    """A font with the letters of a set alone: the same bytes each time, with the same fontTools.

    Its version says so, that nobody takes it for the whole one.
    """
    # The date of a change is in the file, and this is none that its makers made.
    font = TTFont(io.BytesIO(ttf), recalcTimestamp=False)
    options = subset.Options(
        hinting=False,
        layout_features=list(_FEATURES),
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
        glyph_names=False,
    )
    options.drop_tables += ["vhea", "vmtx"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(map(ord, to.characters)))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID == VERSION:
            record.string = f"{record.toUnicode()};cut to {to.title}"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
