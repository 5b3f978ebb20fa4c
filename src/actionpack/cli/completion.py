"""`completion`: what makes a shell know the words of every command."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from actionpack.cli.outcome import Outcome
from actionpack.cli.shared import Command, common
from actionpack.diagnostics import UsageFault, finding


@click.command(
    cls=Command,
    examples="""
    echo 'eval "$(actionpack completion bash)"' >> ~/.bashrc
    echo 'eval "$(actionpack completion zsh)"' >> ~/.zshrc
    actionpack completion fish > ~/.config/fish/completions/actionpack.fish
    """,
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common
def completion(outcome: Outcome, shell: str) -> None:
    """Print what makes SHELL complete actions, layouts, languages, windows, papers and options.

    Put it where your shell reads it when it starts, with the line for it below, and open a new
    terminal. The command must be on the PATH.
    """
    completer = get_completion_class(shell)
    if completer is None:
        raise UsageFault(finding("bad-value", f"'{shell}' is no shell that is known here"))
    group = click.get_current_context().find_root().command
    script = completer(group, {}, "actionpack", "_ACTIONPACK_COMPLETE").source()
    outcome.items.append({"shell": shell, "script": script})
    if not outcome.as_json:
        click.echo(script)
