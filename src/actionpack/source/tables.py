"""CSV and XLSX into a `Sheet`, told apart by their bytes."""

from __future__ import annotations

from collections.abc import Collection

from actionpack.diagnostics import Place, Rejected, finding
from actionpack.source.csv_file import csv_rows
from actionpack.source.sheet import Sheet, make_sheet

# A million rows with a sender's address in each.
MOST_TABLE_BYTES = 250_000_000
# Of an archive, an empty one, and one of several pieces (APPNOTE 6.3.10, 4.3): no text of people.
_ZIP = (b"PK\x03", b"PK\x05", b"PK\x06", b"PK\x07")
# The container of Excel up to 2003, and of any later file that is locked with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(data: bytes, file: str, *, numbers: Collection[str] = ()) -> Sheet:
    """Read a table, whatever its name says; `numbers` are columns in which whole numbers are fine.

    Raises Rejected when there is nothing to read; what is wrong with its columns stands in the
    sheet's findings, what is wrong with a row comes with the row.
    """
    if data.startswith(_ZIP):
        return read_xlsx(data, file, numbers=numbers)
    if data.startswith(_OLE):
        raise Rejected(
            finding(
                "bad-file",
                "the file is of an old Excel, or locked with a password",
                Place(file=file),
                cure="save it as .xlsx without a password, or as CSV UTF-8",
            )
        )
    return read_csv(data, file)


def read_csv(data: bytes, file: str) -> Sheet:
    """Read a CSV file; raises Rejected when it is no text, or empty."""
    rows, delimiter, findings = csv_rows(data, file)
    return make_sheet(rows, file, between=delimiter, findings=findings)


def read_xlsx(data: bytes, file: str, *, numbers: Collection[str] = ()) -> Sheet:
    """Read the first sheet of an XLSX file; raises Rejected when it is damaged, or empty."""
    # Imported late: most who ask for values have no spreadsheet, and unpacking takes its time.
    from actionpack.source.xlsx_file import xlsx_rows

    rows, findings = xlsx_rows(data, file)
    return make_sheet(rows, file, numbers=numbers, findings=findings)
