"""The command line: it parses, calls and prints, and decides nothing (gate: click).

Data goes to stdout, everything for people to stderr. With `--json` one object is printed and
nothing else. Whatever a command needs is imported when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from io import RawIOBase, TextIOWrapper
from typing import BinaryIO, cast

import click

from actionpack import __version__
from actionpack.cli.batching import batch
from actionpack.cli.beginning import import_, init, new, new_layout
from actionpack.cli.building import build
from actionpack.cli.calibrating import calibrate
from actionpack.cli.completion import completion
from actionpack.cli.listing import fonts, list_
from actionpack.cli.looking import check, doctor
from actionpack.cli.outcome import Outcome
from actionpack.cli.purging import purge
from actionpack.cli.translating import translate
from actionpack.cli.watching import watch
from actionpack.diagnostics import Exit, Rejected, finding


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="actionpack")
def cli() -> None:
    """Make action packs for letter-writing campaigns: print-ready, proved, in any language.

    Start with `actionpack init` and `actionpack import FILE`. More: `actionpack COMMAND --help`.
    """


for _command in (
    init,
    new,
    new_layout,
    import_,
    translate,
    list_,
    fonts,
    build,
    batch,
    watch,
    check,
    calibrate,
    doctor,
    purge,
    completion,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that is not set to UTF-8 shows "?" for what it has no letter for.
            stream.reconfigure(errors="replace")
    _keep_nothing_back()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        # None where it was closed; an error where nobody reads it, or its disk is full.
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.flush()
    # Everything is written and closed by now; to take the interpreter apart, object by object,
    # would take a tenth of the time of a build.
    os._exit(code)


def _keep_nothing_back() -> None:
    """Have what cannot be said on stderr forgotten.

    Python would keep it, and whoever starts a process would be told once more that nobody reads it
    or that its disk is full, in the middle of the work.
    """
    raw = getattr(getattr(sys.stderr, "buffer", None), "raw", None)
    if isinstance(sys.stderr, TextIOWrapper) and isinstance(raw, RawIOBase):
        told = sys.stderr
        sys.stderr = TextIOWrapper(
            cast(BinaryIO, raw), encoding=told.encoding, errors=told.errors, write_through=True
        )


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    outcome = Outcome(as_json="--json" in arguments)
    try:
        returned = cli.main(args=arguments, standalone_mode=False, obj=outcome)
        if isinstance(returned, int) and not isinstance(returned, bool):
            return returned
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return Exit.USAGE
    except click.ClickException as error:
        _show_usage(error, outcome)
        return Exit.USAGE
    except Rejected as rejected:
        outcome.findings += rejected.findings
        outcome.exit = rejected.exit
    except (KeyboardInterrupt, click.exceptions.Abort):
        outcome.note("interrupted")
        outcome.exit = Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINDINGS
    except Exception as error:
        traceback.print_exc()
        outcome.findings.append(
            finding("internal", f"{type(error).__name__}: {error}"),
        )
    outcome.show()
    return outcome.code()


def _show_usage(error: click.ClickException, outcome: Outcome) -> None:
    if outcome.as_json:
        cure = "see --help"
        outcome.findings.append(finding("bad-value", error.format_message(), cure=cure))
        outcome.exit = Exit.USAGE
        outcome.show()
        return
    error.show()
