"""What every command shares: its options, the project, the day, what the shell completes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from actionpack.cli.outcome import Outcome
from actionpack.diagnostics import UsageFault, finding

if TYPE_CHECKING:
    from actionpack.completing import Kind
    from actionpack.pack import Today
    from actionpack.project import Project


def _set_json(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.ensure_object(Outcome).as_json |= value


def _set_project(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Outcome).project = value


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every command has, and the outcome as first argument."""
    command = click.option(
        "--json",
        "as_json",
        is_flag=True,
        expose_value=False,
        callback=_set_json,
        help="Print one JSON object and nothing else.",
    )(command)
    command = click.option(
        "--project",
        metavar="DIR",
        expose_value=False,
        callback=_set_project,
        help="The project's folder (default: the nearest upward that holds content/).",
    )(command)
    return click.pass_obj(command)


def project_of(outcome: Outcome) -> Project:
    from actionpack.project import find_project

    return find_project(outcome.project, Path.cwd())


def today() -> Today:
    """Today from `ACTIONPACK_TODAY`, or from the clock."""
    from actionpack.pack import Today

    named = os.environ.get("ACTIONPACK_TODAY")
    if named:
        try:
            day = date.fromisoformat(named)
        except ValueError:
            raise UsageFault(
                finding(
                    "bad-value",
                    f"ACTIONPACK_TODAY is '{named}'",
                    cure="write a date such as 2027-12-31",
                )
            ) from None
        return Today(here=day, where_it_ends_last=day)
    now = datetime.now(UTC)
    return Today(here=now.date(), where_it_ends_last=(now - timedelta(hours=12)).date())


# What the shell completes for an argument or option of this name, or of this command and name; not
# for `new`, which wants names that are not there yet.
_COMPLETED: dict[str, Kind] = {
    "action": "actions",
    "check preset": "rules",
    "impose": "schemes",
    "layouts": "layouts",
    "like": "layouts",
    "paper": "papers",
    "sheet": "sheets",
    "tag": "languages",
    "tags": "languages",
    "what": "things to check",
    "window": "windows",
}


class Once(click.Option):
    """An option that takes one value: given twice, it is a mistake and not the last one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "multiple": True})

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        values = super().process_value(ctx, value) or ()
        if len(values) > 1:
            raise click.BadParameter("it was given more than once", ctx=ctx, param=self)
        return next(iter(values), None)


class _Name(click.types.StringParamType):
    """A word of which the shell can be told what it may be."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from actionpack.completing import names

        outcome = ctx.find_object(Outcome)
        # An option that still waits for its word keeps the arguments from becoming parameters.
        action = ctx.params.get("action") or next(iter(ctx.args), None)
        known = names(self.kind, outcome.project if outcome else None, action)
        found = [CompletionItem(name) for name in known if name.startswith(incomplete)]
        if self.kind == "things to check" and not found:
            return [CompletionItem(incomplete, type="file")]
        return found


class Command(click.Command):
    """A command whose help ends in examples, set as they are typed; the shell knows its names."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        for param in self.params:
            kind = _COMPLETED.get(f"{self.name} {param.name}", _COMPLETED.get(param.name or ""))
            if kind and param.type is click.STRING and self.name != "new":
                param.type = _Name(kind)

    def invoke(self, ctx: click.Context) -> Any:
        ctx.ensure_object(Outcome).options = self._not_given(ctx)
        return super().invoke(ctx)

    def _not_given(self, ctx: click.Context) -> frozenset[str]:
        """The options that could still be passed; what they allow, `--strict` refuses."""
        if ctx.params.get("strict"):
            return frozenset()
        return frozenset(
            name
            for param in self.params
            if isinstance(param, click.Option) and not ctx.params.get(param.name or "")
            for name in param.opts
        )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_examples(self.examples, formatter)


class Group(click.Group):
    """A command of several, whose help ends in examples as well."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_examples(self.examples, formatter)


def _write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    with formatter.section("Examples"):
        for line in examples.strip().split("\n"):
            formatter.write_text(line.strip())
