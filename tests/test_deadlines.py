"""When an action may be printed: stopped cases, embargoes and deadlines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actionpack.deadlines import check_dates
from actionpack.diagnostics import Finding, Place

HERE = Place(file="content/harbour/action.yaml", line=1)
DAY = date(2027, 12, 31)
ONE = timedelta(days=1)


def found(
    *,
    stopped: tuple[date, str] | None = None,
    embargo: date | None = None,
    act_by: date | None = None,
    today: date = DAY,
    deadline_today: date = DAY,
    allow_expired: bool = False,
) -> tuple[Finding, ...]:
    return check_dates(
        stopped=stopped,
        embargo=embargo,
        act_by=act_by,
        today=today,
        deadline_today=deadline_today,
        allow_expired=allow_expired,
        place=HERE,
    )


def test_an_action_without_dates_may_be_printed() -> None:
    assert found() == ()


@pytest.mark.parametrize(("act_by", "late"), [(DAY + ONE, False), (DAY, False), (DAY - ONE, True)])
def test_the_last_day_is_still_a_day_to_act(act_by: date, late: bool) -> None:
    assert [one.code for one in found(act_by=act_by)] == ["expired"] * late


def test_a_deadline_is_over_when_its_day_is_over_everywhere() -> None:
    # On Kiribati it is the day after; on Baker Island, UTC−12, the last day still runs.
    assert found(act_by=DAY, today=DAY + ONE, deadline_today=DAY) == ()
    assert [one.code for one in found(act_by=DAY, today=DAY, deadline_today=DAY + ONE)] == [
        "expired"
    ]


def test_a_passed_deadline_is_an_error_that_can_be_allowed() -> None:
    (error,) = found(act_by=date(2027, 3, 1))
    assert str(error) == (
        "content/harbour/action.yaml:1: error: the deadline passed on 2027-03-01; "
        "do not hand it out [expired]"
    )
    assert error.option == "--allow-expired"
    (warning,) = found(act_by=date(2027, 3, 1), allow_expired=True)
    assert (warning.severity, warning.message) == ("warning", error.message)


@pytest.mark.parametrize(
    ("embargo", "early"), [(DAY - ONE, False), (DAY, False), (DAY + ONE, True)]
)
def test_an_embargo_ends_on_its_day_here(embargo: date, early: bool) -> None:
    told = found(embargo=embargo, deadline_today=DAY - ONE, allow_expired=True)
    assert [str(one) for one in told] == [
        (
            "content/harbour/action.yaml:1: error: the action must not be out before 2028-01-01; "
            "build it on the day, not before [embargoed]"
        )
    ] * early


def test_a_stopped_case_is_never_printed() -> None:
    (told,) = found(stopped=(date(2027, 6, 1), "they are free"), allow_expired=True)
    assert str(told) == (
        "content/harbour/action.yaml:1: error: the case was closed on 2027-06-01: "
        "they are free; do not print or post it [stopped]"
    )
    (ahead,) = found(stopped=(DAY + ONE, "they are free"))
    assert ahead.message == "the case is closed from 2028-01-01: they are free"
    (bare,) = found(stopped=(date(2027, 6, 1), ""))
    assert bare.message == "the case was closed on 2027-06-01"


def test_a_case_closed_from_tomorrow_is_closed_today() -> None:
    # Whoever writes the date has decided; nothing is printed on the last day to be thrown away.
    assert [one.code for one in found(stopped=(DAY + ONE, "soon"))] == ["stopped"]


def test_all_that_speaks_against_it_is_told_at_once() -> None:
    told = found(stopped=(DAY, "x"), embargo=DAY + ONE, act_by=DAY - ONE)
    assert [one.code for one in told] == ["stopped", "embargoed", "expired"]


def test_each_date_is_told_at_its_own_line() -> None:
    lines = {
        name: Place(file=HERE.file, line=line)
        for line, name in enumerate(("embargo", "act_by", "stopped"), 3)
    }
    told = check_dates(
        stopped=(DAY, "x"),
        embargo=DAY + ONE,
        act_by=DAY - ONE,
        today=DAY,
        deadline_today=DAY,
        allow_expired=False,
        place=HERE,
        places=lines,
    )
    assert [(one.code, one.place.line) for one in told] == [
        ("stopped", 5),
        ("embargoed", 3),
        ("expired", 4),
    ]


def test_a_date_without_a_line_of_its_own_is_told_where_the_others_are() -> None:
    (told,) = check_dates(
        stopped=None,
        embargo=DAY + ONE,
        act_by=None,
        today=DAY,
        deadline_today=DAY,
        allow_expired=False,
        place=HERE,
        places={"act_by": Place(file="other", line=9)},
    )
    assert told.place == HERE
