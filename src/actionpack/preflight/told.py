"""What was seen in a file, as one line for people and as a row for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actionpack.preflight.seen import Seen
from actionpack.preflight.sheetnames import sheet_name, size_told

_MOST_CODES = 3


def facts(seen: Seen) -> dict[str, Any]:
    """Packs, pages, sizes, address lines, codes, fonts and colours; millimetres, counted from 1."""
    turned = dict(seen.turned)
    return {
        "packs": seen.packs,
        "page_count": seen.page_count,
        "sheets": seen.sheets or None,
        "pages": [
            {
                "page": page.number,
                "width_mm": round(page.size.width, 1),
                "height_mm": round(page.size.height, 1),
                "sheet": sheet_name(page.size) or None,
                "turned": turned.get(page.number, 0),
                "looked_at": page.number in seen.looked,
                "blank": page.number in seen.blank,
                "coloured": page.number in seen.coloured,
            }
            for page in seen.pages
        ],
        "address": list(seen.address) or None,
        "codes": [
            {
                "page": code.page,
                "text": code.text,
                "module_mm": round(code.module_mm, 2),
                "quiet_zone": code.quiet,
            }
            for code in seen.codes
        ],
        "fonts": [{"name": font.name, "embedded": font.embedded} for font in seen.fonts],
        "colours": list(seen.colours),
    }


def told(seen: Seen) -> str:
    """One line: packs, pages and their sizes, the address, the codes, the fonts and colours."""
    return "; ".join(_parts(seen))


def _parts(seen: Seen) -> Iterator[str]:
    yield _pages(seen)
    if seen.address:
        box = seen.address_box
        where = f" at {box.left:.0f} mm from the left, {box.top:.0f} from the top" if box else ""
        yield f"address of {_count(len(seen.address), 'line')}{where}: {', '.join(seen.address)}"
    if seen.codes:
        listed = [f"{code.text} (module {code.module_mm:.2f} mm)" for code in seen.codes]
        listed = list(dict.fromkeys(listed))
        more = [f"{len(listed) - _MOST_CODES} more"] if len(listed) > _MOST_CODES else []
        yield f"{_count(len(seen.codes), 'QR code')}: {', '.join(listed[:_MOST_CODES] + more)}"
    if seen.fonts:
        outside = sum(not font.embedded for font in seen.fonts)
        yield _count(len(seen.fonts), "font") + (
            f", {outside} of them not inside" if outside else ""
        )
    if seen.colours:
        yield f"colours: {', '.join(seen.colours)}"


def _pages(seen: Seen) -> str:
    names = list(dict.fromkeys(sheet_name(p.size) or size_told(p.size) for p in seen.pages))
    some = names[:3] + (["other sizes"] if len(names) > 3 else [])
    packs = () if seen.packs is None else (_count(seen.packs, "pack"),)
    sheets = (seen.sheets,) if seen.sheets else ()
    return ", ".join((*packs, _count(seen.page_count or 0, "page"), *some, *sheets))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
