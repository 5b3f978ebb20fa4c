"""A picture is printed in its own proportions, or it is told that it is not."""

from __future__ import annotations

import dataclasses
import io
import shutil
from pathlib import Path

import pikepdf
import PIL.Image
import pytest
from presses import built, write_project
from projects import ACTION
from test_preflight_pack import NAME, Pack, pack, painted, proved, saved

from actionpack.diagnostics import Finding, Place, Rejected
from actionpack.store import shipped_folder


def with_picture(placed: str, *, size: tuple[int, int] = (800, 600), bits: int = 8) -> Pack:
    """A picture painted on the fourth page of the small pack, by what stands before its name."""
    with pikepdf.open(io.BytesIO(pack().pdf)) as file:
        across, down = size
        row = across if bits == 8 else (across + 7) // 8
        picture = pikepdf.Stream(file, bytes([90]) * (row * down))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height = size
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, bits
        page = file.pages[3]
        if pikepdf.Name.XObject not in page.Resources:
            page.Resources.XObject = pikepdf.Dictionary()
        page.Resources.XObject.Ours = file.make_indirect(picture)
        pdf = saved(file)
    return dataclasses.replace(pack(), pdf=painted(pdf, f"{placed} /Ours Do", page=4))


def lying(width: float, height: float) -> str:
    return f"{width} 0 0 {-height} 30 {150 + height} cm"


def distorted(found: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in found if one.code == "distorted-picture"]


def only(placed: str) -> Finding:
    (found,) = distorted(with_picture(placed).found)
    return found


# ------------------------------------------------------------------------------ on a finished page


def test_a_picture_that_is_squashed() -> None:
    # 800 × 600 pixels at 80 mm are 60 mm high, and 45 are three quarters of it: 60 / 45 = 1.33.
    found = only(lying(80, 45))
    assert (found.severity, found.place) == ("error", Place(file=NAME, page=4))
    assert found.message == "a picture of 80 × 45 mm is 33% too wide for its height"
    assert "object-fit" in found.cure


def test_a_picture_that_is_stretched() -> None:
    # 66 mm instead of 60.
    found = only(lying(80, 66))
    assert found.message == "a picture of 80 × 66 mm is 10% too high for its width"


def test_a_picture_that_is_slanted() -> None:
    # To the right by 60 · tan 10° = 10.58 mm on its 60 mm of height.
    found = only("80 0 10.58 -59.06 30 210 cm")
    assert found.message == "a picture of 80 × 60 mm is slanted by 10.2 degrees"


@pytest.mark.parametrize(
    "placed",
    [
        pytest.param(lying(80, 60), id="as it is"),
        # What half a pixel of 600 at both edges and an eye that sees no hundredth allow.
        pytest.param(lying(80, 60.6), id="rounded"),
        pytest.param("0 80 60 0 40 150 cm", id="turned by a quarter"),
        # By 30 degrees: cos 30° = 0.866, sin 30° = 0.5.
        pytest.param("69.28 40 30 -51.96 20 200 cm", id="turned a little"),
        pytest.param("30 150 40 60 re W n 80 0 0 -60 30 210 cm", id="cropped"),
    ],
)
def test_a_picture_in_its_own_proportions(placed: str) -> None:
    assert distorted(with_picture(placed).found) == []


@pytest.mark.parametrize(
    "placed",
    [
        pytest.param("-80 0 0 -60 110 210 cm", id="left and right"),
        pytest.param("80 0 0 60 30 150 cm", id="head and foot"),
        pytest.param("0 80 -60 0 100 150 cm", id="turned by a quarter"),
    ],
)
def test_a_picture_that_is_seen_in_a_mirror(placed: str) -> None:
    found = only(placed)
    assert found.message == "a picture of 80 × 60 mm is printed as in a mirror"
    # Elsewhere pictures are kept upside down, and turned over when they are printed.
    assert distorted(proved(with_picture(placed).pdf, None)) == []


def test_a_cropped_picture_is_held_against_all_of_it() -> None:
    # What is left of it has the proportions of the picture, and the picture has not.
    found = only("30 150 60 45 re W n 80 0 0 -45 30 195 cm")
    assert found.message == "a picture of 80 × 45 mm is 33% too wide for its height"


def test_a_colour_or_a_gradient_has_no_proportions() -> None:
    assert distorted(with_picture(lying(80, 5), size=(256, 1)).found) == []


def test_a_picture_of_which_nothing_shows() -> None:
    hidden = with_picture(f"30 20 5 5 re W n {lying(80, 45)}")
    assert distorted(hidden.found) == []


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_is_turned(turned: int) -> None:
    with pikepdf.open(io.BytesIO(with_picture(lying(80, 45)).pdf)) as file:
        file.pages[3].Rotate = turned
        (found,) = distorted(proved(saved(file), None))
    assert found.message == "a picture of 80 × 45 mm is 33% too wide for its height"
    with pikepdf.open(io.BytesIO(with_picture(lying(80, 60)).pdf)) as file:
        file.pages[3].Rotate = turned
        assert distorted(proved(saved(file), None)) == []


def test_of_a_file_from_elsewhere_it_is_told_as_a_warning() -> None:
    (found,) = distorted(proved(with_picture(lying(80, 45)).pdf, None))
    assert (found.severity, found.place.page) == ("warning", 4)
    assert found.cure == "look whether it is meant so, and print it in its own proportions if not"


def test_a_fax_has_dots_that_are_not_square() -> None:
    # 204 × 98 to the inch (ITU-T T.4): 817 dots on 101.6 mm, 393 on as many.
    fax = with_picture(lying(101.6, 101.6), size=(817, 393), bits=1)
    assert distorted(proved(fax.pdf, None)) == []
    assert distorted(fax.found) != []


# -------------------------------------------------------------------------------------- of a layout

SHAPES = {"wide": (1800, 600), "square": (1200, 1200), "high": (800, 1600)}


def pictured(root: Path, shapes: tuple[str, ...]) -> Path:
    """A project with pictures of some shapes."""
    folder = write_project(root) / "content" / "river"
    (folder / "images").mkdir(exist_ok=True)
    listed = ["images:\n"] if shapes else []
    for number, shape in enumerate(shapes, 1):
        name = f"images/{number}-{shape}.png"
        PIL.Image.linear_gradient("L").resize(SHAPES[shape]).save(folder / name)
        listed.append(f"  - {{file: {name}, alt: {{en: A}}, credit: B, licence: CC0}}\n")
    (folder / "action.yaml").write_text(ACTION + "".join(listed), encoding="utf-8")
    return root


@pytest.mark.parametrize("shapes", [("high",), ("square", "wide"), ("high", "wide", "square")])
@pytest.mark.parametrize(
    "layout", ["letter", "handout", "poster", "postcard", "double-card", "selfmailer"]
)
def test_every_layout_prints_pictures_in_their_own_proportions(
    tmp_path: Path, layout: str, shapes: tuple[str, ...]
) -> None:
    pack = built(pictured(tmp_path, shapes), layout=layout, edition="home")
    assert "distorted-picture" not in [one.code for one in pack.findings]


def spoilt(root: Path, layout: str, style: str) -> Path:
    """A project whose own copy of a layout has one more rule in its style sheet."""
    folder = root / "layouts" / layout
    shutil.copytree(shipped_folder() / "layouts" / layout, folder)
    with (folder / "style.css").open("a", encoding="utf-8") as file:
        file.write(f"\n{style}\n")
    return folder


@pytest.mark.parametrize(
    "asked",
    [
        {"edition": "home"},
        {"edition": "press"},
        {"edition": "press", "impose": "1x2", "sheet": "sra3"},
    ],
)
def test_a_layout_that_squashes_a_picture_is_not_built(
    tmp_path: Path, asked: dict[str, str]
) -> None:
    root = pictured(tmp_path, ("high",))
    # The width stays that of the style attribute, and the height does not.
    spoilt(root, "letter", "figure img { max-height: 20mm }")
    found = distorted(built(root, layout="letter", **asked).findings)
    assert len(found) == 1
    assert found[0].severity == "error"
    assert found[0].message.endswith("too wide for its height")


def test_a_layout_that_crops_a_picture_is_built(tmp_path: Path) -> None:
    root = pictured(tmp_path, ("high",))
    spoilt(root, "letter", "figure img { max-height: 20mm; object-fit: cover }")
    assert distorted(built(root, layout="letter").findings) == []


# ------------------------------------------------------------------------------------- of drawings

_BOX = "width: 40mm; height: 20mm"


def drawing_in(root: Path, svg: str, style: str, *, inline: bool = False) -> list[Finding]:
    """What is found when a layout prints a drawing on its first page, with a style."""
    pictured(root, ())
    style = f".drawing {{ display: block; margin: 15mm; {style} }}"
    folder = spoilt(root, "handout", style)
    attributes, _, inner = svg.partition("|")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" {attributes}>'
    whole = f"{head}<title>A</title>{inner}</svg>"
    (folder / "drawing.svg").write_text(whole)
    template = folder / "template.html.j2"
    text = template.read_text(encoding="utf-8")
    put = whole if inline else '<img class="drawing" src="/layout/drawing.svg" alt="A">'
    assert '<p class="kicker">' in text
    template.write_text(text.replace('<p class="kicker">', f'{put}<p class="kicker">', 1))
    try:
        pack = built(root, layout="handout", edition="home", impose="none")
    except Rejected as rejected:
        return list(rejected.findings)
    return distorted(pack.findings)


_CIRCLE = '<circle cx="50" cy="50" r="40" fill="#000"/>'


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    ("svg", "style", "told"),
    [
        # 100 × 100 of its own at 40 × 20 mm.
        ('width="100" height="100"|', _BOX, "of 40 × 20 mm is 100% too wide for its height"),
        (
            'viewBox="0 0 100 100"|',
            "width: 20mm; height: 20mm; transform: scaleY(1.5)",
            "of 20 × 30 mm is 50% too high for its width",
        ),
        (
            'viewBox="0 0 100 100"|',
            "width: 20mm; height: 20mm; transform: skewX(10deg)",
            # Its slanted side is longer: 20 / cos 10° = 20.3.
            "of 20 × 20 mm is 2% too high for its width",
        ),
    ],
)
def test_a_drawing_that_is_distorted(
    tmp_path: Path, svg: str, style: str, told: str, *, inline: bool
) -> None:
    (found,) = drawing_in(tmp_path, svg + _CIRCLE, style, inline=inline)
    assert (found.severity, found.place.page) == ("error", 1)
    assert found.message == f"a drawing {told}"


@pytest.mark.parametrize(
    ("svg", "style"),
    [
        pytest.param('viewBox="0 0 100 100"|', _BOX, id="as large as there is room"),
        pytest.param('width="100" height="50"|', _BOX, id="in its own proportions"),
        pytest.param(
            'viewBox="0 0 100 100" preserveAspectRatio="none"|', _BOX, id="it has none, it says"
        ),
        pytest.param('width="100" height="100"|', f"{_BOX}; object-fit: contain", id="fitted"),
        pytest.param('width="100" height="100"|', f"{_BOX}; object-fit: cover", id="cropped"),
        pytest.param('viewBox="0 0 9 9"|', f"{_BOX}; transform: scaleX(-1)", id="in a mirror"),
        pytest.param('viewBox="0 0 9 9"|', f"{_BOX}; transform: rotate(30deg)", id="turned"),
    ],
)
def test_a_drawing_in_its_own_proportions(tmp_path: Path, svg: str, style: str) -> None:
    assert drawing_in(tmp_path, svg + _CIRCLE, style) == []


# ----------------------------------------------------------------------------- of a layout's ground

GROUND = "h1 {{ background: url(ground.png) {repeat}; background-size: {size} }}"


@pytest.mark.parametrize("repeat", ["no-repeat", "repeat"])
@pytest.mark.parametrize("edition", ["home", "press"])
def test_a_ground_is_held_against_its_own_proportions(
    tmp_path: Path, repeat: str, edition: str
) -> None:
    folder = spoilt(pictured(tmp_path, ()), "letter", GROUND.format(repeat=repeat, size="9mm 3mm"))
    PIL.Image.linear_gradient("L").resize((300, 150)).save(folder / "ground.png")
    (found,) = distorted(built(tmp_path, layout="letter", edition=edition).findings)
    # Twice as wide as high, and printed three times: 3 / 2 = 1.5.
    assert found.message == "a picture of 9 × 3 mm is 50% too wide for its height"


@pytest.mark.parametrize("repeat", ["no-repeat", "repeat"])
def test_a_ground_in_its_own_proportions(tmp_path: Path, repeat: str) -> None:
    folder = spoilt(pictured(tmp_path, ()), "letter", GROUND.format(repeat=repeat, size="9mm"))
    PIL.Image.linear_gradient("L").resize((300, 150)).save(folder / "ground.png")
    assert distorted(built(tmp_path, layout="letter").findings) == []
