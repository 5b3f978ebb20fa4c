"""The proof map: what is written is read back, and nothing else is taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.geometry import Box, Size
from actionpack.model import (
    CodeMeant,
    PageMeant,
    PressMeant,
    ProofMap,
    Spot,
    TextMeant,
    WindowMeant,
)
from actionpack.piece import Line, Panel, Piece
from actionpack.proof import VERSION, from_json, to_json

PROOF = ProofMap(
    action="uyghur-families",
    language="zh-Hans",
    layout="letter",
    paper="a4",
    window=WindowMeant(name="dl-left", envelope=Size(220, 110), hole=Box(20, 50, 90, 35)),
    issued=date(2020, 3, 19),
    embargo=None,
    act_by=date(2027, 12, 31),
    stopped=None,
    safe_mm=5,
    fonts=("Noto Serif", "Noto Sans"),
    pages=(PageMeant(piece="letter", blank=False), PageMeant(piece="letter", blank=True)),
    pieces=(
        (
            1,
            Piece(
                name="letter",
                sheet=Size(210, 297),
                cuts=(Line(name="tear", at=198, tolerance=1),),
                folds=(Line(name="fold", at=99, tolerance=2),),
                panels=(Panel(name="stub", box=Box(18, 204, 174, 88), posted=False),),
                posted_strip=0,
                blank_back=True,
            ),
        ),
    ),
    texts=(TextMeant(field="title", text="维吾尔", regions=((1, Box(1, 2, 3, 4)),), posted=True),),
    codes=(CodeMeant(page=1, box=Box(20, 30, 26, 26), text="https://example.org/"),),
    spots=(Spot(slot="code", key="code:1", page=1, box=Box(20, 30, 26, 26)),),
)

PRESS = PressMeant(condition="FOGRA39", most_ink=3.0, bleed_mm=3.0, edges=((1, ("left", "top")),))


def test_what_is_meant_for_a_press_is_written_only_where_it_is() -> None:
    assert b'"press"' not in to_json(PROOF)
    assert from_json(to_json(PROOF)).press is None
    pressed = replace(PROOF, press=PRESS)
    assert b'"press"' in to_json(pressed)
    assert from_json(to_json(pressed)) == pressed


lengths = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
boxes = st.builds(Box, lengths, lengths, lengths, lengths)
sizes = st.builds(Size, lengths, lengths)
days = st.none() | st.dates()


def many(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=3).map(tuple)


lines = st.builds(Line, name=texts, at=lengths, tolerance=lengths)
panels = st.builds(Panel, name=texts, box=boxes, posted=st.booleans())
pieces = st.builds(
    Piece,
    name=texts,
    sheet=sizes,
    cuts=many(lines),
    folds=many(lines),
    panels=many(panels),
    posted_strip=st.none() | st.integers(0, 3),
    blank_back=st.booleans(),
)
pages = st.integers(1, 1000)
proofs = st.builds(
    ProofMap,
    action=texts,
    language=texts,
    layout=texts,
    paper=texts,
    window=st.builds(WindowMeant, name=texts, envelope=sizes, hole=st.none() | boxes),
    issued=st.dates(),
    embargo=days,
    act_by=days,
    stopped=days,
    safe_mm=lengths,
    fonts=many(texts),
    pages=many(st.builds(PageMeant, piece=texts, blank=st.booleans())),
    pieces=many(st.tuples(pages, pieces)),
    texts=many(
        st.builds(
            TextMeant,
            field=texts,
            text=texts,
            regions=many(st.tuples(pages, boxes)),
            posted=st.booleans(),
        )
    ),
    codes=many(st.builds(CodeMeant, page=pages, box=boxes, text=texts)),
    spots=many(st.builds(Spot, slot=texts, key=texts, page=pages, box=boxes)),
)

Change = Callable[[dict[str, Any]], object]


def changed(*changes: Change) -> bytes:
    """The map above as JSON, with something in it changed."""
    body = json.loads(to_json(PROOF))
    for change in changes:
        change(body["proof"])
    return json.dumps(body).encode()


# --- what is written is read back -------------------------------------------------------------


@given(proofs)
def test_what_is_written_is_read_back(proof: ProofMap) -> None:
    assert from_json(to_json(proof)) == proof


@given(proofs)
def test_the_same_map_gives_the_same_bytes(proof: ProofMap) -> None:
    assert to_json(from_json(to_json(proof))) == to_json(proof)


def test_the_bytes_are_utf_8_with_sorted_keys_and_no_spaces() -> None:
    written = to_json(PROOF)
    assert "维吾尔".encode() in written
    assert written.startswith(b'{"proof":{"act_by":"2027-12-31","action":"uyghur-families",')
    assert written.endswith(b'},"version":%d}' % VERSION)


def test_the_order_in_which_keys_stand_does_not_count() -> None:
    body = json.loads(to_json(PROOF))
    turned = {"version": VERSION, "proof": dict(reversed(body["proof"].items()))}
    assert from_json(json.dumps(turned).encode()) == PROOF


def test_a_whole_number_may_stand_for_a_length() -> None:
    assert from_json(changed(lambda p: p.update(safe_mm=5))).safe_mm == 5.0


# --- what is none -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"null",
        b"5",
        b'"text"',
        b"[]",
        b"{}",
        b'{"version": 1}',
        b'{"version": 1, "proof": null}',
        b'{"version": 1, "proof": []}',
        b'{"version": 1, "proof": {}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_proof_map_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- which words it has is nobody's business
        from_json(data)


@pytest.mark.parametrize("version", [0, VERSION + 1, "1", None, [1]])
def test_a_map_of_another_version_is_refused(version: object) -> None:
    body = json.loads(to_json(PROOF)) | {"version": version}
    with pytest.raises(ValueError, match=f"has version .*, not {VERSION}"):
        from_json(json.dumps(body).encode())


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.pop("spots"),
        lambda p: p.update(more=1),
        lambda p: p.update(action=5),
        lambda p: p.update(action=None),
        lambda p: p.update(issued=None),
        lambda p: p.update(issued="yesterday"),
        lambda p: p.update(issued=20200319),
        lambda p: p.update(act_by=""),
        lambda p: p.update(safe_mm="5"),
        lambda p: p.update(safe_mm=True),
        lambda p: p.update(safe_mm=None),
        lambda p: p.update(fonts="Noto Sans"),
        lambda p: p.update(fonts={"0": "Noto Sans"}),
        lambda p: p.update(fonts=[["Noto Sans"]]),
        lambda p: p["window"].update(hole={}),
        lambda p: p["window"].update(hole=[20, 50, 90, 35]),
        lambda p: p["pages"][0].update(blank=1),
        lambda p: p["pages"][0].update(blank="false"),
        lambda p: p["codes"][0].update(page=1.0),
        lambda p: p["codes"][0].update(page=True),
        lambda p: p["codes"][0].update(box=None),
        lambda p: p["texts"][0]["regions"][0].append(1),
        lambda p: p["texts"][0]["regions"][0].pop(),
        lambda p: p["pieces"].append([2]),
        lambda p: p["pieces"][0][1].update(posted_strip="0"),
    ],
)
def test_a_map_with_anything_out_of_shape_is_refused(change: Change) -> None:
    assert from_json(changed()) == PROOF
    with pytest.raises(ValueError):  # noqa: PT011 -- which words it has is nobody's business
        from_json(changed(change))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | lengths | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(json.loads(to_json(PROOF))["proof"])), values)
def test_any_value_anywhere_is_read_or_refused(key: str, value: object) -> None:
    try:
        proof = from_json(changed(lambda p: p.update({key: value})))
    except ValueError:
        return
    assert from_json(to_json(proof)) == proof


# A box with such an edge lies inside everything or overlaps nothing, so that nothing is proved.
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
def test_a_length_that_is_no_length_is_refused(number: str) -> None:
    data = changed(lambda p: p.update(safe_mm=7.25)).replace(b"7.25", number.encode())
    with pytest.raises(ValueError):  # noqa: PT011 -- which words it has is nobody's business
        from_json(data)


def test_half_a_character_is_refused() -> None:
    # It could be neither written again nor shown.
    with pytest.raises(ValueError):  # noqa: PT011 -- which words it has is nobody's business
        from_json(changed(lambda p: p.update(action="\ud800")))
