"""Whether an action may be printed today: stopped cases, embargoes and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actionpack.diagnostics import Finding, Place, finding


def check_dates(
    *,
    stopped: tuple[date, str] | None,
    embargo: date | None,
    act_by: date | None,
    today: date,
    deadline_today: date,
    allow_expired: bool,
    place: Place,
    places: Mapping[str, Place] | None = None,
) -> tuple[Finding, ...]:
    """Say why an action may not be printed today.

    `stopped` is the day and the reason, '' where none is known. `deadline_today` is the date
    where a day ends last, at UTC−12: a deadline has passed when it is over everywhere on earth.
    `places` says where `stopped`, `embargo` and `act_by` are written; what it lacks is at `place`.
    """
    at = {} if places is None else places
    found = []
    if stopped:
        day, reason = stopped
        why = f": {reason}" if reason else ""
        closed = "is closed from" if day > today else "was closed on"
        message = f"the case {closed} {day.isoformat()}{why}"
        found.append(finding("stopped", message, at.get("stopped", place)))
    if embargo and today < embargo:
        found.append(
            finding(
                "embargoed",
                f"the action must not be out before {embargo.isoformat()}",
                at.get("embargo", place),
            )
        )
    if act_by and deadline_today > act_by:
        found.append(
            finding(
                "expired",
                f"the deadline passed on {act_by.isoformat()}",
                at.get("act_by", place),
                severity="warning" if allow_expired else "error",
            )
        )
    return tuple(found)
