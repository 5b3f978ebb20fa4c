"""Addresses as GOV.UK Notify wants them.

The rules are those of `PostalAddress` in its published source (alphagov/notifications-utils,
`recipient_validation/postal_address.py`), which says yes or no to a letter. Everything that is
wrong is found here, where it stops at the first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actionpack.diagnostics import Finding, Place
from actionpack.geometry import union_all
from actionpack.preflight.addresses import Row, country_of, wrong_count
from actionpack.preflight.found import spotted
from actionpack.preflight.words import quoted

# The letters that a postcode begins with (the source's `uk-postcode-zones.txt`).
_ZONES = (  # noqa: SIM905 -- as the source lists them
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN "
    "DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L GIR "
    "LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE "
    "SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
).split()
_POSTCODE = re.compile(rf"({'|'.join(_ZONES)})[0-9][0-9A-Z]?[0-9][A-BD-HJLNP-UW-Z]{{2}}")
_FORCES = re.compile(r"\s*bfpo\s*(?:c/o)?(?:\s*(\d+))?\s*", re.IGNORECASE)
_NO_ABODE = re.compile(r"no fixed (abode|address)", re.IGNORECASE)
_NO_START = tuple('@()=[]"\\/,<>~')
# Posted as within the country, though CLDR has them as countries.
_AT_HOME = ("GB", "GG", "IM", "JE")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """The lines of an address, without the one that names the country or the forces' office."""

    rows: tuple[Row, ...]
    country: Row | None
    abroad: bool
    forces: Row | None


def is_postcode(text: str) -> bool:
    """Whether a line is a postcode of the United Kingdom, as far as its form tells."""
    return bool(_POSTCODE.fullmatch("".join(text.split()).upper()))


def check_uk_address(rows: Sequence[Row], least: int, most: int, place: Place) -> Iterator[Finding]:
    """Find everything for which GOV.UK Notify refuses an address, line by line."""
    tidy = [row for row in rows if _tidied(row.text)]
    if not tidy:
        return
    lines = _sort(tidy)
    counted = [row for row in tidy if lines.abroad or row is not lines.country]
    yield from wrong_count(counted, least, most, place)
    for number, row in enumerate(tidy[:2], 1):
        if not any(map(str.isalnum, row.text)):
            yield _line(
                number, row, "has no letter and no digit", place, "write a name or a street"
            )
    if lines.forces is not None and lines.abroad and lines.country is not None:
        told = (
            f"the address of a forces' post office (BFPO) names a country, {_said(lines.country)}"
        )
        cure = "take the country off: the forces' post finds it by the number"
        yield spotted("bad-address", told, place, lines.country.ink, cure=cure)
    else:
        yield from _last_line(lines, place)
    for number, row in enumerate(tidy, 1):
        text = _tidied(row.text)
        if text.startswith(_NO_START):
            told = f"begins with '{text[0]}', which is refused"
            yield _line(number, row, told, place, "begin it with a letter or a digit")
        if text.casefold() == "nfa" or _NO_ABODE.search(text):
            told = "says that there is no fixed abode"
            yield _line(number, row, told, place, "write an address that post can be brought to")


def _sort(rows: Sequence[Row]) -> _Sorted:
    forces = next(
        (row for row in rows if (m := _FORCES.fullmatch(_tidied(row.text))) and m[1]), None
    )
    left = [row for row in rows if forces is None or not _FORCES.fullmatch(_tidied(row.text))]
    code = country_of(_tidied(left[-1].text)) if left else None
    country = left.pop() if code else None
    return _Sorted(
        rows=tuple(left),
        country=country,
        abroad=code is not None and code not in _AT_HOME,
        forces=forces,
    )


def _last_line(lines: _Sorted, place: Place) -> Iterator[Finding]:
    if lines.abroad and lines.country is not None:
        yield spotted(
            "bad-address",
            f"the address is abroad, in {_said(lines.country)}, and not in the United Kingdom",
            place,
            lines.country.ink,
            cure="let the service send letters abroad (it is a setting there), or end the address "
            "with a postcode of the United Kingdom",
        )
    elif lines.forces is None and not (lines.rows and is_postcode(_tidied(lines.rows[-1].text))):
        last = lines.rows[-1] if lines.rows else lines.country
        if last is not None:
            yield spotted(
                "bad-address",
                f"the last line of the address, {_said(last)}, is no postcode of the United "
                "Kingdom and no country",
                place,
                last.ink,
                cure="end the address with the postcode, alone in its line",
            )


def in_file_order(rows: Sequence[Row], least: int, most: int, place: Place) -> Iterator[Finding]:
    """Find lines that stand in the file in another order than on the page.

    The service reads them in the order in which they were written, and prints them so.
    """
    painted = tuple(sorted(rows, key=lambda row: row.first))
    if painted == tuple(rows):
        return
    refused = any(found.is_error for found in check_uk_address(painted, least, most, place))
    order = ", ".join(_said(row) for row in painted)
    yield spotted(
        "bad-address",
        "the lines of the address stand in the file in another order than on the page, and the "
        f"service reads them as {order}",
        place,
        union_all(row.ink for row in rows),
        severity="error" if refused else "warning",
        cure="write the address as one paragraph, its lines in order, and make the PDF again",
    )


def _line(number: int, row: Row, wrong: str, place: Place, cure: str) -> Finding:
    told = f"line {number} of the address, {_said(row)}, {wrong}"
    return spotted("bad-address", told, place, row.ink, cure=cure)


def _said(row: Row) -> str:
    return quoted(row.text)


def _tidied(text: str) -> str:
    """A line without the spaces and commas at its end, in the letters it is made of."""
    return " ".join(unicodedata.normalize("NFKD", text).split()).rstrip(" ,")
