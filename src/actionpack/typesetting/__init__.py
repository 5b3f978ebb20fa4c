"""Text into text as it is set: spaces, places where a line may break, direction.

Gate: icu4py. Nothing that prints is added or taken away: spaces change their kind, and marks that
print nothing stand where a line may break, or may not. `typeset` does it to a page, and so to
everything that prints on it, whoever wrote it.
"""

from actionpack.typesetting.edit import Edit
from actionpack.typesetting.isolating import own_direction, to_isolate
from actionpack.typesetting.page import typeset
from actionpack.typesetting.stretch import as_set, edits, left_alone

__all__ = ["Edit", "as_set", "edits", "left_alone", "own_direction", "to_isolate", "typeset"]
