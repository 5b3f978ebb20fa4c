"""The typesetter: what it reports, what it refuses, and that it can always be ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from actionpack.diagnostics import Rejected
from actionpack.model import LaidBox
from actionpack.render import Job, LaidOut, Typesetter
from actionpack.render.template import fill

FONTS = Path(__file__).resolve().parents[1] / "assets" / "fonts"
CSS = """
:root { font: 12pt/18pt "Noto Serif"; image-rendering: crisp-edges }
@page { size: 100mm 100mm; margin: 10mm }
* { margin: 0 }
"""


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter((FONTS,)) as one:
        yield one


def lay_out(
    typesetter: Typesetter, body: str, *, css: str = "", mounts: dict[str, Path] | None = None
) -> LaidOut:
    html = f'<html lang="en"><title>t</title><body>{body}</body></html>'
    return typesetter.lay_out(Job(template=html, css=CSS + css, mounts=mounts or {}))


def texts(laid: LaidOut, page: int = 1) -> list[LaidBox]:
    return [box for box in laid.pages[page - 1].boxes if box.kind == "text"]


def test_a_line_is_reported_where_it_stands_in_millimetres(typesetter: Typesetter) -> None:
    (line,) = texts(lay_out(typesetter, "<p>Dear President,</p>"))
    assert line.text == "Dear President,"
    # A line of 18 pt holds 12 pt × 1.362 of Noto Serif, so that its letters begin half the
    # difference, 0.83 pt or 0.29 mm, below the margin.
    assert (round(line.box.x, 2), round(line.box.y, 2)) == (10, 10.29)


def test_a_picture_is_reported_without_its_margin(typesetter: Typesetter) -> None:
    body = '<svg style="display:block;margin:5mm;width:20mm;height:10mm"><title>x</title></svg>'
    (box,) = (b for b in lay_out(typesetter, body).pages[0].boxes if b.kind == "image")
    found = [round(side, 2) for side in (box.box.x, box.box.y, box.box.width, box.box.height)]
    assert found == [15, 15, 20, 10]


def test_a_line_in_a_box_that_is_turned_is_reported_where_it_is_painted(
    typesetter: Typesetter,
) -> None:
    body = '<div style="height:30mm;transform:rotate(180deg)"><p>Dear President,</p></div>'
    (upright,) = texts(lay_out(typesetter, body.replace("transform:rotate(180deg)", "")))
    (turned,) = texts(lay_out(typesetter, body))
    # Turned round the middle of a box from 10 to 90 and 10 to 40 mm.
    assert turned.box.left == pytest.approx(100 - upright.box.right)
    assert turned.box.top == pytest.approx(50 - upright.box.bottom)
    assert turned.box.width == pytest.approx(upright.box.width)
    inner = '<p style="transform:translate(0,5mm)">Dear President,</p>'
    (moved,) = texts(lay_out(typesetter, body.replace("<p>Dear President,</p>", inner)))
    assert moved.box.top == pytest.approx(turned.box.top - 5)


def test_marks_are_inherited_from_the_elements_round_a_line(typesetter: Typesetter) -> None:
    body = (
        '<section data-piece="letter" data-target="mayor"><div data-panel="address">'
        '<p data-field="address">Ann <em>Roe</em></p></div></section>'
    )
    found = {(b.piece, b.target, b.panel, b.field) for b in texts(lay_out(typesetter, body))}
    assert found == {("letter", "mayor", "address", "address")}


def test_what_the_style_sheet_makes_up_is_told_apart(typesetter: Typesetter) -> None:
    css = "p::before { content: 'Nr. ' } @page { @bottom-left { content: 'folio' } }"
    laid = texts(lay_out(typesetter, "<p>7</p><ol><li>x</li></ol>", css=css))
    assert {b.text.strip(): b.made_up for b in laid} == {
        "Nr.": True,
        "7": False,
        "1.": True,
        "x": False,
        "folio": True,
    }


def test_a_hyphenated_line_shows_its_hyphen(typesetter: Typesetter) -> None:
    css = "p { hyphens: auto; width: 22mm }"
    first, *_ = texts(lay_out(typesetter, "<p>internationalisation</p>", css=css))
    assert first.text.endswith("\u2010")


def test_text_beyond_the_foot_of_an_absolute_box_is_deleted_by_the_engine(
    typesetter: Typesetter,
) -> None:
    """The contract behind `lost-text`: should this ever fail, the check can be simpler."""
    words = " ".join(f"word{n}" for n in range(400))
    body = f'<div style="position:absolute;top:60mm"><p>{words}</p></div>'
    laid = lay_out(typesetter, body)
    shown = " ".join(b.text for page in laid.pages for b in page.boxes)
    assert "word0" in shown
    assert "word399" not in shown
    assert laid.findings == ()


def test_a_character_without_a_glyph_is_a_finding(typesetter: Typesetter) -> None:
    lay_out(typesetter, "<p>漢</p>")
    _, logged = typesetter.write()
    assert [found.code for found in logged] == ["missing-glyph"]
    assert "U+6F22" in logged[0].message


def test_unknown_css_is_a_finding(typesetter: Typesetter) -> None:
    laid = lay_out(typesetter, "<p>x</p>", css="p { colour: red }")
    assert [found.code for found in laid.findings] == ["layout-fault"]
    assert "colour: red" in laid.findings[0].message


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/hostname" alt="x">',
        '<img src="https://www.example.org/x.png" alt="x">',
        '<img src="../../secret.png" alt="x">',
        '<img src="/layout/link.png" alt="x">',
        '<img src="/layout/%2e%2e/secret.png" alt="x">',
        '<svg width="9" height="9"><title>x</title><image href="file:///etc/hostname"/></svg>',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<p style="background:url(file:///etc/hostname)">x</p>',
    ],
)
def test_nothing_outside_the_mounts_is_read(
    typesetter: Typesetter, tmp_path: Path, body: str
) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    layout = tmp_path / "a" / "layout"
    layout.mkdir(parents=True)
    (layout / "link.png").symlink_to(tmp_path / "secret.png")
    laid = lay_out(typesetter, body, mounts={"layout": layout})
    pdf, logged = typesetter.write()
    assert "blocked-resource" in {found.code for found in laid.findings + logged}
    assert b"/EmbeddedFile" not in pdf


def test_no_path_of_the_machine_is_told(typesetter: Typesetter, tmp_path: Path) -> None:
    laid = lay_out(typesetter, '<img src="gone.png" alt="x">', mounts={"layout": tmp_path})
    assert [found.code for found in laid.findings] == ["blocked-resource"]
    assert str(tmp_path) not in laid.findings[0].message


def test_a_page_that_takes_too_long_is_stopped() -> None:
    # Twice as long with each; nobody would see the end of it.
    bomb = "".join('<div style="display:flex">' for _ in range(40)) + "x" + "</div>" * 40
    with Typesetter((FONTS,), time_limit_s=3) as one, pytest.raises(Rejected) as refused:
        lay_out(one, bomb)
    (found,) = refused.value.findings
    assert (found.code, "within 3 s" in found.message) == ("render-failed", True)


def test_a_page_that_takes_too_much_memory_is_stopped() -> None:
    body = '<table><tr><td colspan="1000000">x</td></tr></table>' + "<p>word</p>" * 20_000
    with (
        Typesetter((FONTS,), memory_limit_bytes=400_000_000) as one,
        pytest.raises(Rejected) as refused,
    ):
        lay_out(one, body)
    assert [found.code for found in refused.value.findings] == ["render-failed"]


def test_nesting_too_deep_is_a_finding(typesetter: Typesetter) -> None:
    with pytest.raises(Rejected) as refused:
        lay_out(typesetter, "<div>" * 400 + "x" + "</div>" * 400)
    assert [found.code for found in refused.value.findings] == ["render-failed"]
    # The child lives on, and the next job is done.
    assert texts(lay_out(typesetter, "<p>next</p>"))


def test_a_killed_child_is_a_finding() -> None:
    with Typesetter((FONTS,)) as one:
        os.kill(one._child.pid, signal.SIGKILL)
        with pytest.raises(Rejected) as refused:
            lay_out(one, "<p>x</p>")
    assert [found.code for found in refused.value.findings] == ["render-failed"]


def test_nothing_is_left_behind() -> None:
    with Typesetter((FONTS,)) as one:
        folder, child = Path(one._folder.name), one._child
    assert child.poll() is not None
    assert not folder.exists()


# ------------------------------------------------------------------------------ faulty templates


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("<p>\n{{ titel }}", 2, "'titel' is undefined"),
        ("\n\n{% if title %}", 3, "Unexpected end of template"),
        ("{{ slot('nothing') }}", 1, "there is no slot 'nothing'"),
        ("{{ title.__class__.__mro__ }}", 1, "access to attribute '__class__'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ ().__class__.__base__.__subclasses__() }}", 1, "access to attribute '__class__'"),
        ("{% for i in range(10 ** 9) %}{% endfor %}", 1, "Range too big"),
        ("{% include '/etc/passwd' %}", 1, "no loader for this environment"),
    ],
)
def test_a_faulty_template_is_named_with_its_line(
    typesetter: Typesetter, template: str, line: int, words: str
) -> None:
    job = Job(
        template=template, template_file="layouts/x/template.html.j2", values={"title": "T"}, css=""
    )
    with pytest.raises(Rejected) as refused:
        typesetter.lay_out(job)
    (found,) = refused.value.findings
    assert (found.code, found.place.file) == ("layout-fault", "layouts/x/template.html.j2")
    assert found.place.line == line
    assert words in found.message


def test_a_template_that_never_ends_is_stopped() -> None:
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    with Typesetter((FONTS,), time_limit_s=3) as one, pytest.raises(Rejected) as refused:
        one.lay_out(Job(template=loop, css=""))
    assert [found.code for found in refused.value.findings] == ["render-failed"]


def test_every_value_is_escaped_and_html_of_our_own_is_not() -> None:
    html = fill("{{ a }}|{{ b }}|{{ c.d[0] }}", {
        "a": "<b>&", "b": {"$html": "<p>x</p>"}, "c": {"d": ["<i>"]},
    })  # fmt: skip
    assert html == "&lt;b&gt;&amp;|<p>x</p>|&lt;i&gt;"


def test_words_are_looked_up_by_their_english_text() -> None:
    values = {"$words": {"Post by": "Abschicken bis"}}
    assert fill("{{ _('Post by') }} {{ _('Date') }}", values) == "Abschicken bis Date"


def test_a_line_stays_in_its_column_where_words_from_right_to_left_end_it(
    typesetter: Typesetter,
) -> None:
    css = (
        "@page { size: 100mm 200mm; margin: 10mm } * { margin: 0 }"
        'p { font: 11pt "Noto Naskh Arabic" }'
    )
    body = 'To <bdi dir="rtl">سفارة العربية، Via Roma 12 في روما مصر</bdi> and you'
    for width in range(24, 60, 2):
        html = f'<html lang="en"><title>t</title><p style="width: {width}mm">{body}</p></html>'
        laid = typesetter.lay_out(Job(template=html, css=css))
        lefts = [box.box.left for box in laid.pages[0].boxes if box.kind == "text"]
        assert min(lefts) == pytest.approx(10, abs=0.01)


def test_a_typesetter_wakes_with_what_it_needs_and_has_the_rest_when_it_is_asked_for() -> None:
    script = (
        "import sys\n"
        "from actionpack.render.child import Typesetter\n"
        "Typesetter()\n"
        "print(*sys.modules)\n"
        # As the layout engine asks for both, for a font with axes and without HarfBuzz-Subset.
        "from fontTools import subset\n"
        "from fontTools.varLib.instancer import instantiateVariableFont\n"
        "print(subset.Options().hinting)\n"
        "try:\n"
        "    instantiateVariableFont({}, {})\n"
        "except Exception as error:\n"
        "    print(error)\n"
    )
    words = [sys.executable, "-P", "-c", script]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    loaded, hinting, refused = ran.stdout.splitlines()
    slow = {"actionpack.fonts", "fontTools.varLib", "fontTools.ttLib.tables.otTables"}
    assert slow.isdisjoint(loaded.split())
    assert hinting == "True"
    assert "fvar" in refused
