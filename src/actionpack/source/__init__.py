"""YAML, TOML, CSV and XLSX into values that know their file and line, or their row.

Every scalar stays the text that was written: `no` is no answer, `0100017` is a postcode, `12:30`
a time. What it means is decided by whoever asks for it, through `Fields`, which collects what is
wrong instead of stopping at the first fault and names the nearest right key for a misspelt one.
A cell of a spreadsheet that is no longer the text that was typed is refused.
"""

from actionpack.source.fields import Asked, Fields, Kind, parse_date, parse_number, parse_whole
from actionpack.source.sheet import Column, Sheet, SheetRow
from actionpack.source.tables import MOST_TABLE_BYTES, read_csv, read_table, read_xlsx
from actionpack.source.toml_file import read_toml
from actionpack.source.values import (
    Entry,
    Sequence,
    Table,
    Value,
    Written,
    check_characters,
    did_you_mean,
    nearest,
)
from actionpack.source.yaml_edit import (
    YamlEntry,
    put_texts,
    quoted,
    set_entries,
    set_texts,
    ways,
)
from actionpack.source.yaml_file import read_yaml

__all__ = [
    "MOST_TABLE_BYTES",
    "Asked",
    "Column",
    "Entry",
    "Fields",
    "Kind",
    "Sequence",
    "Sheet",
    "SheetRow",
    "Table",
    "Value",
    "Written",
    "YamlEntry",
    "check_characters",
    "did_you_mean",
    "nearest",
    "parse_date",
    "parse_number",
    "parse_whole",
    "put_texts",
    "quoted",
    "read_csv",
    "read_table",
    "read_toml",
    "read_xlsx",
    "read_yaml",
    "set_entries",
    "set_texts",
    "ways",
]
