"""PDFs of ours, read, repaired and stamped; the proof map of any PDF (gate: pypdf).

WeasyPrint's PDF/A-2a becomes, in `prepare`, one file that is PDF/UA-1 (ISO 14289-1) and PDF/A-2a
(ISO 19005-2) too, once for all copies. `Draft` then draws what differs in one copy: it takes marks,
plain data in millimetres, and decides nothing; `Binder` draws the same for thousands of copies into
one file, from a `Stencil` of the pages, and `TaggedBinder` keeps their tags; `impose_pages` puts
the pages of a finished file on sheets. The first two append
an update to the file (ISO 32000-1, 7.5.6) and leave what stands there untouched, which costs a
tenth of writing it anew and keeps it compressed. Same input, same bytes.

Boxes and points count from the top left corner of the page's trim box, in mm, y down.
"""

from actionpack.pdf.binder import Binder, Binding, Loaded, identity_of, is_bound
from actionpack.pdf.draft import Draft
from actionpack.pdf.facts import (
    Content,
    DamagedProof,
    FontInside,
    Inside,
    look_inside,
    read_proof,
)
from actionpack.pdf.imposing import Start, Surround, binding_of, cut_apart, impose_pages, made_from
from actionpack.pdf.lettering import Lettering
from actionpack.pdf.marks import (
    CodeMark,
    EmptyMark,
    Font,
    Line,
    Mark,
    Placeholder,
    TextMark,
)
from actionpack.pdf.paints import (
    MarkedPage,
    Paint,
    PressFile,
    PressPage,
    look_at_marks,
    look_at_paints,
)
from actionpack.pdf.prepare import prepare
from actionpack.pdf.press import Separator, to_press
from actionpack.pdf.pressed import PressBinder
from actionpack.pdf.sheetmarks import (
    CLEAR_MM,
    FOLD,
    FOLDED,
    MARK_LENGTH_MM,
    MARKS_TAG,
    PERFORATION,
    SLUG_AT_MM,
    SLUG_PT,
    STEPS_TAG,
    TORN,
    SheetMarks,
    Slug,
    Step,
    Stroke,
    page_marks,
    register_places,
    strip_beside,
    without_marks,
)
from actionpack.pdf.stencil import Part, Side, Stencil, make_stencil
from actionpack.pdf.tagged import TaggedBinder
from actionpack.pdf.tiles import TilePicture

__all__ = [
    "CLEAR_MM",
    "FOLD",
    "FOLDED",
    "MARKS_TAG",
    "MARK_LENGTH_MM",
    "PERFORATION",
    "SLUG_AT_MM",
    "SLUG_PT",
    "STEPS_TAG",
    "TORN",
    "Binder",
    "Binding",
    "CodeMark",
    "Content",
    "DamagedProof",
    "Draft",
    "EmptyMark",
    "Font",
    "FontInside",
    "Inside",
    "Lettering",
    "Line",
    "Loaded",
    "Mark",
    "MarkedPage",
    "Paint",
    "Part",
    "Placeholder",
    "PressBinder",
    "PressFile",
    "PressPage",
    "Separator",
    "SheetMarks",
    "Side",
    "Slug",
    "Start",
    "Stencil",
    "Step",
    "Stroke",
    "Surround",
    "TaggedBinder",
    "TextMark",
    "TilePicture",
    "binding_of",
    "cut_apart",
    "identity_of",
    "impose_pages",
    "is_bound",
    "look_at_marks",
    "look_at_paints",
    "look_inside",
    "made_from",
    "make_stencil",
    "page_marks",
    "prepare",
    "read_proof",
    "register_places",
    "strip_beside",
    "to_press",
    "without_marks",
]
