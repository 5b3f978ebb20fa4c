"""XLSX files to test with, written as raw XML, so that they can hold what no program writes.

xlsx([["group", "copies"], ["Roma", 3]])                 # texts, numbers, None: no cell
xlsx([["group"], [raw('<c r="A2"><f>1+1</f></c>')]])     # a cell as it stands
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HIDDEN = ' state="hidden"'
# The second format of the list is that of a date.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    "</styleSheet>"
)


class Raw(NamedTuple):
    """A cell as it stands in the XML."""

    xml: str


Cell = str | float | bool | None | Raw


class Tab(NamedTuple):
    """A sheet: its rows, whether it is hidden, and XML before, of and after the cells.

    `bare`: rows do not say which they are.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    before: str = ""
    after: str = ""
    row_attributes: str = ""
    bare: bool = False


def raw(xml: str) -> Raw:
    return Raw(xml)


def xlsx(rows: Sequence[Sequence[Cell]], *more: Tab, before: str = "", after: str = "") -> bytes:
    """A workbook with one sheet of these rows, and more sheets after it."""
    return workbook(Tab("Groups", rows, before=before, after=after), *more)


def workbook(*tabs: Tab, without: str = "") -> bytes:
    """A workbook of sheets; `without` is a part that is left out."""
    numbered = list(enumerate(tabs, 1))
    sheets = "".join(
        f'<sheet name="{tab.name}" sheetId="{n}" r:id="rId{n}"{HIDDEN if tab.hidden else ""}/>'
        for n, tab in numbered
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/styles.xml": STYLES,
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": sheet_xml(tab) for n, tab in numbered}
    return zipped({name: text for name, text in parts.items() if name != without})


def zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def sheet_xml(tab: Tab) -> str:
    rows = "".join(
        f"<row{_place(number, tab)}{tab.row_attributes}>{_cells(number, row)}</row>"
        for number, row in enumerate(tab.rows, 1)
    )
    return (
        f'<worksheet xmlns="{MAIN}">{tab.before}<sheetData>{rows}</sheetData>{tab.after}'
        "</worksheet>"
    )


def _place(number: int, tab: Tab) -> str:
    return "" if tab.bare else f' r="{number}"'


def _cells(number: int, row: Sequence[Cell]) -> str:
    return "".join(_cell(f"{chr(ord('A') + at)}{number}", cell) for at, cell in enumerate(row))


def _cell(name: str, cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Raw():
            return cell.xml
        case bool():
            return f'<c r="{name}" t="b"><v>{int(cell)}</v></c>'
        case str():
            text = escape(cell)
            return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<c r="{name}"><v>{cell}</v></c>'
