"""A layout's template and its values into HTML (gate: jinja2), in the child that can be killed.

Every name is escaped, an undefined one is an error, and the sandbox lets a template from a
stranger do nothing but print. One that never ends is stopped with the process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

# How a value that is HTML already is marked on its way through JSON.
HTML_MARK = "$html"
# What fills a template: besides the values, the words by their English text and the slots' names.
WORDS, SLOTS = "$words", "$slots"


class TemplateFaultError(Exception):
    """A template that fails, and its line, from 1, where that is known."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Render a template; raises TemplateFaultError when it is at fault."""
    names = {name: _unpacked(value) for name, value in values.items() if name[0] != "$"}
    words = values.get(WORDS, {})
    names["_"] = lambda message: words.get(message, message)
    names["slot"] = _slot_writer(values.get(SLOTS, ()))
    try:
        return _compiled(template).render(names)
    except TemplateSyntaxError as error:
        raise TemplateFaultError(str(error.message), error.lineno) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TemplateFaultError(str(error), _line(error)) from error


@lru_cache(maxsize=8)
def _compiled(template: str) -> Template:
    """To compile a template takes a fifth of the time of a layout, and it seldom changes."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(template)


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {HTML_MARK}:
            return Markup(value[HTML_MARK])  # noqa: S704 -- made by `markup`, which escapes
        return {name: _unpacked(inner) for name, inner in value.items()}
    return [_unpacked(inner) for inner in value] if isinstance(value, list) else value


def _slot_writer(known: list[str]) -> Callable[[str], Markup]:
    def write(name: str) -> Markup:
        """The empty place for a slot: a figure whose words name it, which `stamp` then claims."""
        if name not in known:
            raise ValueError(f"there is no slot '{name}' in layout.toml")
        return Markup(
            '<svg class="slot" style="width:var(--slot-{0}-width);height:var(--slot-{0}-height)">'
            "<title>slot:{0}</title></svg>"
        ).format(name)

    return write


def _line(error: BaseException) -> int | None:
    """The line of the template that was being rendered: jinja2 names it in the traceback."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
