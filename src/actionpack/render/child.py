"""The typesetter: a process that turns templates into pages and says what it did.

Gates: WeasyPrint here, jinja2 in `template`.

It runs alone because layout may hang, swallow memory or crash, and only another process can end
it. It reads jobs from stdin and answers on stdout (`frames`). It never decides whether pages are
good: it reports the boxes it laid out and everything WeasyPrint logged.
"""

from __future__ import annotations

import base64
import ctypes.util
import gc
import importlib
import importlib.util
import logging
import os
import resource
import select
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from actionpack.render.frames import BASE_URL, receive, send
from actionpack.render.letters import show_whole_letters
from actionpack.render.line_ends import keep_lines_in_place
from actionpack.render.template import TemplateFaultError, fill
from actionpack.render.tongues import tag_languages
from actionpack.typesetting import typeset
from actionpack.units import px_to_mm

# Pseudo-elements hold what the style sheet makes up, not what the content says.
_MADE_UP = ("::before", "::after", "::marker")
# One for each letter size that a layout tries, with some room.
_MOST_STYLES = 16


def main() -> None:
    """Serve jobs until the parent closes the pipe."""
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a C library prints must not get between the frames.
    os.dup2(2, 1)
    # macOS has no limit of this kind that works: there the time limit alone ends what swells.
    if sys.platform == "linux":
        limit = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # Layout makes millions of objects and hardly any rings of them: looking for rings costs a
    # tenth of the time, and the memory limit stands whatever happens.
    gc.disable()
    typesetter = Typesetter()
    # Nor are the libraries, half a million objects, looked through for rings after each job.
    gc.freeze()
    while (frame := receive(stdin.read)) is not None:
        job, _ = frame
        try:
            answer, payload = typesetter.do(job)
        # The parent turns whatever this is into a finding; a traceback on stderr helps nobody.
        except (Exception, MemoryError) as error:
            answer, payload = {"error": f"{type(error).__name__}: {error}"[:500]}, b""
        send(stdout, answer, payload)
        gc.collect()


def _end_with_the_parent() -> None:
    """Leave, whatever is being laid out, once nobody is there who could ask for it."""
    pipe = select.poll()
    # Of an end that is closed it tells without being asked.
    pipe.register(sys.stdin.fileno(), 0)
    pipe.poll()
    os._exit(1)


class _Log(logging.Handler):
    """Keeps every record: WeasyPrint only logs what it drops."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _find_libraries_quickly() -> None:
    """Keep the layout engine's imports to what they need: the rest takes a fifth of a build's time.

    It asks for each library under several names, and for each name that fails cffi starts the C
    compiler to look for it. On Linux the last name is the file's own, which needs no search.
    `fontTools.subset` is for machines without HarfBuzz-Subset, and `fontTools.varLib.instancer`
    for fonts with axes: both are loaded when they are used.
    """
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    spec = importlib.util.find_spec("fontTools.subset")
    if spec is not None and spec.loader is not None:
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        # Else it is looked for, and to look at it loads it.
        sys.modules["fontTools"].subset = module  # type: ignore[attr-defined]
    # A function is asked for by its name, which would load such a module at once.
    stand_in: Any = ModuleType(_INSTANCER)
    stand_in.instantiateVariableFont = _instantiate
    sys.modules[_INSTANCER] = stand_in


_INSTANCER = "fontTools.varLib.instancer"


def _instantiate(*words: Any, **named: Any) -> Any:
    sys.modules.pop(_INSTANCER, None)
    return importlib.import_module(_INSTANCER).instantiateVariableFont(*words, **named)


class Typesetter:
    """WeasyPrint with one font configuration for its life: a new one for each job leaks."""

    def __init__(self) -> None:
        _find_libraries_quickly()
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        show_whole_letters()
        tag_languages()
        keep_lines_in_place()
        self._weasyprint = weasyprint
        self._fonts = FontConfiguration()
        self._document: Any = None
        self._styles: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self._log = _Log()
        for name in ("weasyprint", "fontTools"):
            logger = logging.getLogger(name)
            logger.addHandler(self._log)
            logger.propagate = False

    def do(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Do one job: `lay_out` answers with the boxes, `write` with the PDF."""
        self._log.messages.clear()
        answer: dict[str, Any]
        payload = b""
        if job["do"] == "lay_out":
            try:
                html = fill(job["template"], job["values"])
            except TemplateFaultError as fault:
                return {"template_fault": [str(fault), fault.line]}, b""
            answer = {"html": html, "pages": self._lay_out(html, job)}
        else:
            payload = self._document.write_pdf(**job["options"])
            answer = {}
        return answer | {"log": list(self._log.messages)}, payload

    def _lay_out(self, html: str, job: dict[str, Any]) -> list[dict[str, Any]]:
        fetcher = _fetcher(job["mounts"], job["images"], self._log.messages)
        style = self._style(job["css"], fetcher)
        document = self._weasyprint.HTML(
            string=html, base_url=f"{BASE_URL}layout/", url_fetcher=fetcher
        )
        typeset(document.etree_element)
        self._document = document.render(
            font_config=self._fonts, stylesheets=[style], **job["options"]
        )
        return [_page(page) for page in self._document.pages]

    def _style(self, css: str, fetcher: Any) -> Any:
        """A style sheet, kept with what was logged over it: to read one takes 0.02 s.

        One that itself reads a file, which may change, is read anew each time.
        """
        kept = self._styles.get(css)
        if kept is not None:
            style, messages = kept
            self._log.messages += messages
            return style
        before = len(self._log.messages)
        style = self._weasyprint.CSS(
            string=css,
            base_url=f"{BASE_URL}layout/",
            url_fetcher=fetcher,
            font_config=self._fonts,
        )
        if not fetcher.fetched:
            if len(self._styles) >= _MOST_STYLES:
                self._styles.clear()
            self._styles[css] = style, tuple(self._log.messages[before:])
        return style


def _fetcher(mounts: dict[str, str], images: dict[str, str], log: list[str]) -> Any:
    """A fetcher of `BASE_URL` alone: pictures that came with the job, files under the mounts."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Jailed(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        fetched = False

        def fetch(self, url: str, headers: object = None) -> Any:
            self.fetched = True
            try:
                return URLFetcherResponse(url, _resource(url, mounts, images))
            except (OSError, ValueError) as error:
                # WeasyPrint swallows this inside SVG, and only logs it elsewhere.
                why = error.strerror if isinstance(error, OSError) else str(error)
                log.append(f"blocked: '{url.removeprefix(BASE_URL)}': {why}")
                raise ValueError(why) from error

    return Jailed(allowed_protocols=("https",), allow_redirects=False)


def _resource(url: str, mounts: dict[str, str], images: dict[str, str]) -> bytes:
    if not url.startswith(BASE_URL):
        raise ValueError("only files of the layout, the action and assets may be used")
    mount, _, inner = unquote(urlsplit(url).path).lstrip("/").partition("/")
    if mount == "image" and inner in images:
        return base64.b64decode(images[inner])
    if mount not in mounts:
        raise ValueError(f"there is no '{mount}/{inner}'")
    root = Path(mounts[mount]).resolve()
    path = (root / inner).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"'{inner}' lies outside its folder")
    return path.read_bytes()


# ---------------------------------------------------------------------------- reading the boxes


def _page(page: Any) -> dict[str, Any]:
    """What stands on a page: mm, origin top left.

    Walks WeasyPrint's private box tree (`_page_box`), the only place that tells what was laid
    out before anything is clipped; `tests/test_render.py` holds the contract.
    """
    return {
        "width": px_to_mm(page.width),
        "height": px_to_mm(page.height),
        "boxes": list(_boxes(page._page_box, {}, None)),
    }


_MARKS = ("piece", "panel", "field", "target")


def _boxes(
    box: Any, above: dict[str, str], turned: Any, made_up: bool = False
) -> Iterator[dict[str, Any]]:
    """Every run of text, picture and beginning of a piece below `box`, in document order.

    `turned` is the matrix of the `transform` that an element round it has; None: there is none.
    """
    own_turn = getattr(box, "transformation_matrix", None)
    if own_turn is not None:
        turned = own_turn if turned is None else own_turn @ turned
    element = getattr(box, "element", None)
    own = {mark: element.get(f"data-{mark}") for mark in _MARKS} if element is not None else {}
    marks = above | {mark: value for mark, value in own.items() if value}
    if type(box).__name__ == "MarginBox":
        marks, made_up = above | {"panel": "margin"}, True
    made_up = made_up or str(box.element_tag or "").endswith(_MADE_UP)
    kind = _kind(box, starts_piece=bool(own.get("piece")))
    if kind is not None:
        yield {
            "kind": kind,
            "text": box.text if kind == "text" else _slot(element),
            "made_up": made_up,
            "drawn": _drawn(box, turned) if kind == "image" else None,
            "src": element.get("src", "") if kind == "image" and element is not None else "",
            "family": str(box.style["font_family"][0]) if kind == "text" else "",
            **_place(box, turned),
            **{mark: marks.get(mark, "") for mark in _MARKS},
        }
    for child in getattr(box, "children", None) or ():
        yield from _boxes(child, marks, turned, made_up)


def _slot(element: Any) -> str:
    """The name of the slot that an element is the place of (`template`), '' for any other."""
    if element is None or element.get("class") != "slot":
        return ""
    return next((str(part.text).removeprefix("slot:") for part in element if part.text), "")


def _place(box: Any, turned: Any) -> dict[str, float]:
    """The box round a box's contents where it is painted, mm."""
    # Not `position_x/y`, which is the corner of the margin box.
    left, top = box.content_box_x(), box.content_box_y()
    width, height = (
        side if isinstance(side, int | float) else 0 for side in (box.width, box.height)
    )
    corners = [(left, top), (left + width, top), (left, top + height), (left + width, top + height)]
    if turned is not None:
        corners = [turned.transform_point(*corner) for corner in corners]
    xs, ys = zip(*corners, strict=True)
    return {
        "x": px_to_mm(min(xs)),
        "y": px_to_mm(min(ys)),
        "width": px_to_mm(max(xs) - min(xs)),
        "height": px_to_mm(max(ys) - min(ys)),
    }


def _drawn(box: Any, turned: Any) -> list[float] | None:
    """The own width and height of a drawing, and a to d of what takes its square to mm on the page.

    None for a picture of pixels, and for a drawing that has no proportions: it says so itself
    (`preserveAspectRatio`, SVG 2, 8.7), or has no size.
    """
    # Imported here: the child answers before the layout engine is there.
    from weasyprint.layout.replaced import replacedbox_layout

    drawing = getattr(box.replacement, "_svg", None)
    if drawing is None or drawing.tree.get("preserveAspectRatio", "").startswith("none"):
        return None
    wide, high, *_ = replacedbox_layout(box)
    view = drawing.get_viewbox()
    own = view[2:] if view else drawing.get_intrinsic_size(box.style["font_size"])
    if not all(own):
        return None
    if view:
        # All of it is shown, in its own proportions.
        scale = min(wide / own[0], high / own[1])
        wide, high = own[0] * scale, own[1] * scale
    corners = [(0.0, 0.0), (wide, 0.0), (0.0, high)]
    if turned is not None:
        corners = [turned.transform_point(*corner) for corner in corners]
    (x, y), *ends = corners
    return [*own, *(px_to_mm(by) for end in ends for by in (end[0] - x, end[1] - y))]


def _kind(box: Any, *, starts_piece: bool) -> str | None:
    """What a box is to a reader; None for a box that only holds others."""
    if isinstance(getattr(box, "text", None), str):
        return "text" if box.text.strip() else None
    if getattr(box, "replacement", None) is not None:
        return "image"
    return "piece" if starts_piece else None


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    main()
