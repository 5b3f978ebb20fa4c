"""What ships translated is pointed as its language is: marks, quotes, spaces, numbers.

The rules are those that a machine can hold; the Unicode CLDR (44) has the quotes of each language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from actionpack.catalogues import own_catalogue, shipped_words
from actionpack.content import read_content
from actionpack.store import Jail
from actionpack.translating import fields_of
from actionpack.typography import languages

CONTENT = Path(__file__).resolve().parents[1] / "content"
ACTIONS = sorted(path.name for path in CONTENT.iterdir())
TAGS = [tag for tag in languages() if tag != "en"]

# How a sentence ends, where not with a full stop; Thai has no sign for it.
STOPS = {
    "am": "።", "bn": "।", "hi": "।", "hy": "։", "ja": "。", "km": "។", "my": "။", "th": "",
    "ur": "۔", "zh-Hans": "。", "zh-Hant": "。",
}  # fmt: skip
# The quotes of a language, those within others after them; none: as English.
QUOTES = {
    "am": "«»‹›", "ar": "«»“”", "de": "„“‚‘", "el": "«»“”", "es": "«»“”‘’", "fa": "«»‹›",
    "fr": "«»“”", "he": "”“„’׳״", "hy": "«»", "it": "«»“”", "ja": "「」『』", "ka": "„“«»",
    "kk": "«»“”", "nl": "‘’“”", "pl": "„”«»", "pt": "“”‘’«»", "ru": "«»„“", "sv": "”’",
    "ug": "«»‹›", "uk": "«»„“", "ur": "“”‘’", "zh-Hans": "“”‘’", "zh-Hant": "「」『』",
}  # fmt: skip
_QUOTES = '«»‹›“”„‚‘「」『』"'
_ARABIC, _CJK = r"[\u0600-\u06ff]", r"[\u3040-\u30ff\u4e00-\u9fff]"
# What is written otherwise in a language, and what it is.
WRONG = {
    "am": (r"[\u1200-\u135a][,:;?](\s|$)", "a mark of Latin after Ethiopic"),
    "ar": (rf"{_ARABIC}[,;?]", "a mark of Latin after Arabic"),
    "bn": (r"[\u0980-\u09ff]\.$", "a full stop for a dari"),
    "el": (r"[\u0370-\u03ff][?]", "a question mark for ';'"),
    "es": (r"^[^¿]*\?|^[^¡]*!", "a question or a call that does not begin with its sign"),
    "fa": (rf"{_ARABIC}[,;?]", "a mark of Latin after Arabic"),
    "fr": (
        r"[^\s\u00a0\u202f][;!?»](?!\w)|[^\s\u00a0\u202f]:(?!//)(?!\w)| [:;!?»]|«[^\u00a0\u202f]",
        "no space that holds before ; : ! ? » or after «",
    ),
    "hi": (r"[\u0900-\u097f]\.$", "a full stop for a danda"),
    "hy": (r"[\u0531-\u0587][:?!](\s|$)", "a mark of Latin after Armenian"),
    "ja": (rf"{_CJK}[,.?!:;()]|[(]{_CJK}", "a narrow mark beside a wide letter"),
    "km": (r"[\u1780-\u17b3][.](\s|$)", "a full stop for a khan"),
    "my": (r"[\u1000-\u103f][.,](\s|$)", "a mark of Latin after Burmese"),
    "ug": (rf"{_ARABIC}[,;?]", "a mark of Latin after Arabic"),
    "ur": (rf"{_ARABIC}([,;?]|\.$)", "a mark of Latin after Arabic"),
    "zh-Hans": (rf"{_CJK}[,.?!:;()]|[(]{_CJK}", "a narrow mark beside a wide letter"),
    "zh-Hant": (rf"{_CJK}[,.?!:;()]|[(]{_CJK}", "a narrow mark beside a wide letter"),
}  # fmt: skip
# And in all of them.
ANYWHERE = (
    (r"\w'\w|\s'\w|\"", "a straight quote"),
    (r"\.\.\.", "three stops for an ellipsis"),
    (r"\w -{1,2} \w", "a hyphen for a dash"),
    (r"\S  +\S", "two spaces"),
    (r" [,.،。，](\s|$)", "a space before a mark"),
    (r"\d (mm|мм|χιλ|%)", "a number that may part from its unit"),
)


def faults(tag: str, source: str, text: str) -> Iterator[str]:
    """What is not pointed as the language points it."""
    pattern, what = WRONG.get(tag, ("(?!)", ""))
    # A title in italics may be in another language.
    if re.search(pattern, re.sub(r"\*[^*]+\*", "…", text)):
        yield what
    yield from (what for pattern, what in ANYWHERE if re.search(pattern, text))
    if foreign := set(text) & set(_QUOTES) - set(QUOTES.get(tag, "“”‘’")):
        yield f"{''.join(sorted(foreign))} for {QUOTES.get(tag, '“”‘’')}"
    stop = STOPS.get(tag, ".")
    bare = text.rstrip("*_»”’“」』）) \u00a0\u202f")
    # "No." heads a column, and is an abbreviation.
    if (
        source.endswith(".")
        and source != "No."
        and not (bare.endswith(stop) if stop else not bare.endswith("."))
    ):
        yield f"no '{stop}' at its end"
    if unicodedata.normalize("NFC", text) != text:
        yield "letters that are not composed (NFC)"


def numbers(text: str) -> list[str]:
    """The numbers of a text in our digits."""
    return ["".join(str(unicodedata.digit(one)) for one in run) for run in re.findall(r"\d+", text)]


def words(tag: str) -> Iterator[tuple[str, str, str]]:
    """What layouts print in a language: place, English, translation."""
    own = own_catalogue(tag, shipped_words())
    assert own is not None
    for one in own[0].messages:
        yield f"{tag}.po:{one.line}", one.id, one.text


def texts(name: str, tag: str) -> Iterator[tuple[str, str, str]]:
    """What an action says in a language: place, source, translation."""
    folder = Jail(root=CONTENT / name, name=name)
    action, source, _ = read_content(folder)
    if tag in action.languages and tag != source.tag:
        _, text, _ = read_content(folder, tag)
        for field in fields_of(action, source, text, tag):
            # A salutation and a closing are what is usual, and not translated.
            if field.name not in ("salutation", "closing"):
                for theirs, ours in zip(
                    field.source_parts(), field.parts(), strict=not field.has_fallback
                ):
                    yield str(ours.place), theirs.text, ours.text


@pytest.mark.parametrize("tag", TAGS)
def test_what_ships_is_pointed_as_its_language_is(tag: str) -> None:
    said = [*words(tag), *(one for name in ACTIONS for one in texts(name, tag))]
    assert len(said) > 40
    found = [(place, fault, text) for place, source, text in said
             for fault in faults(tag, source, text)]  # fmt: skip
    assert found == []


@pytest.mark.parametrize("tag", TAGS)
def test_no_number_of_a_layouts_words_is_lost(tag: str) -> None:
    # Japanese counts with numbers where English has "once" or "the two".
    lost = [(place, text) for place, source, text in words(tag)
            if not set(numbers(source)) <= set(numbers(text))]  # fmt: skip
    assert lost == []


@pytest.mark.parametrize(
    ("tag", "text", "what"),
    [
        ("fr", "Vraiment?", "no space that holds"), ("fr", "Vraiment ?", "no space that holds"),
        ("fr", "« Oui\u00a0»", "no space that holds"), ("ar", "لماذا?", "a mark of Latin"),
        ("ur", "خط.", "a mark of Latin"), ("el", "Γιατί?", "a question mark"),
        ("es", "Por qué?", "a question or a call"), ("hy", "Ինչու?", "a mark of Latin"),
        ("zh-Hans", "信,", "a narrow mark"), ("ja", "(手紙", "a narrow mark"),
        ("hi", "पत्र.", "a full stop"), ("my", "စာ.", "a mark of Latin"),
        ("am", "ደብዳቤ?", "a mark of Latin"), ("km", "សំបុត្រ.", "a full stop"),
        ("bn", "চিঠি.", "a full stop"), ("it", "l'atto", "a straight quote"),
        ("de", "“Brief”", "” for „“‚‘"), ("sv", "„brev“", "“„ for ”’"),
        ("pl", "list...", "three stops"),
        ("nl", "brief - post", "a hyphen"), ("tr", "bir  iki", "two spaces"),
        ("ka", "ერთი , ორი", "a space before"), ("ru", "50 мм", "a number that may part"),
        ("vi", "thu\u031b", "letters that are not composed"),
    ],
)  # fmt: skip
def test_what_is_pointed_otherwise_is_seen(tag: str, text: str, what: str) -> None:
    assert [one for one in faults(tag, "", text) if one.startswith(what)]


@pytest.mark.parametrize(
    ("tag", "text"),
    [("hi", "पत्र"), ("th", "จดหมาย."), ("zh-Hant", "信."), ("de", "Brief")],
)
def test_a_sentence_without_its_end_is_seen(tag: str, text: str) -> None:
    assert [one for one in faults(tag, "A letter.", text) if one.startswith("no ")]
    ended = text.rstrip(".") + STOPS.get(tag, ".")
    assert list(faults(tag, "A letter.", ended)) == []


def test_a_number_in_any_digits_is_the_same() -> None:
    assert numbers("۵۰ মিমি ১০০ 3 × ៧") == ["50", "100", "3", "7"]
