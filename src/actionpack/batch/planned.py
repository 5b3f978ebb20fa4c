"""What is found, as it is told of a plan: its cures are keys of the plan, its numbers are rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from actionpack.batch.plan import Plan
from actionpack.batch.volumes import Selection
from actionpack.diagnostics import Finding, Place, finding

# What an option of other commands settles, and here a key of the plan.
_KEYS = ("allow_draft", "allow_expired")
# What of sheets is said with options there, and with keys here.
_OF_SHEETS = re.compile(r"--(impose|sheet|gutter|flip|thickness)\b")


def in_a_plan(found: Finding) -> Finding:
    """A finding with the key of the plan that settles it, where others have an option."""
    if found.code == "unknown-sender-country":
        cure = "write 'sender_country: IT' into the plan, with the country they are posted in"
        return replace(found, cure=cure)
    if found.code == "stale-translation" and found.is_error:
        return replace(found, cure=f"{found.cure}; or write 'allow_stale: true' into the plan")
    if found.code in ("sheet-too-small", "bad-value"):
        message, cure = (_OF_SHEETS.sub(r"'\1:'", text) for text in (found.message, found.cure))
        return replace(found, message=message, cure=cure)
    key = found.option.removeprefix("--").replace("-", "_")
    if found.is_error and key in _KEYS:
        cure = f"{found.cure}, or write '{key}: true' into the plan"
        return replace(found, cure=cure, option="")
    return found


def not_there(plan: Plan, selection: Selection) -> Iterator[Finding]:
    """Find rows and packs that are asked for and that the plan does not have."""
    if selection.rows is not None:
        rows = {row for row in plan.orders.rows if row} | {out.row for out in plan.left_out}
        last = max(rows, default=1)
        for span in selection.rows:
            if span[-1] > last or (len(span) == 1 and span[0] not in rows):
                told = f"row {span[-1]} is asked for, and the table ends with row {last}"
                if span[-1] <= last:
                    told = f"row {span[0]} is asked for, and holds no pack"
                place = Place(file=plan.sources[-1][0])
                yield finding("bad-value", told, place, cure="correct --rows")
    if selection.serials is not None:
        for span in selection.serials:
            if span[-1] > plan.positions:
                told = f"pack {span[-1]} is asked for, and the plan has {plan.positions}"
                yield finding("bad-value", told, Place(file=plan.file), cure="correct --serials")
