"""Build the packs of this repository, and tell what happened on the page of the job.

    python .github/packs.py PROGRAM         PROGRAM: the command actionpack

ACTION, LANGUAGE_TAG, PAPER, WINDOW and SENDER_COUNTRY in the environment narrow it; what is empty
is left to actionpack. A pack of a named action that cannot be built fails the job. When all are
built, one that may not be built today (a draft, past its deadline, closed) is left out and named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# What is no fault when everything is built: these packs are not meant to be.
NOT_NOW = {"draft-translation", "expired", "embargoed", "stopped"}

Told = dict[str, Any]


def given(name: str) -> str:
    return os.environ.get(name, "").strip()


def run(program: str, command: str, *arguments: str) -> Told:
    """What actionpack answers, as its one JSON object."""
    done = subprocess.run(  # noqa: S603 -- a list of words, which no shell reads
        [program, command, "--json", *arguments], stdout=subprocess.PIPE, text=True, check=False
    )
    answer: Told = json.loads(done.stdout)
    return answer


def options() -> list[str]:
    """The choices of the form; joined, so that none of them can be an option of its own."""
    named = {
        "--paper": given("PAPER"),
        "--window": given("WINDOW"),
        "--sender-country": given("SENDER_COUNTRY"),
    }
    return [f"{option}={value}" for option, value in named.items() if value]


def wanted(program: str) -> tuple[list[tuple[str, str]], list[Told]]:
    """Each action with each language to build it in, and what is wrong with the list itself."""
    action, language = given("ACTION"), given("LANGUAGE_TAG")
    listed = run(program, "list", "actions")
    pairs = [
        (item["id"], tag)
        for item in listed["items"]
        for tag in item["languages"] or [""]
        if action in ("", item["id"]) and language in ("", tag)
    ]
    if action and not pairs:
        # Nothing is built, but it is actionpack that says why, with the nearest right name.
        pairs = [(action, language)]
    findings = listed["findings"]
    if language and not pairs:
        known = sorted({tag for item in listed["items"] for tag in item["languages"]})
        findings = [*findings, no_such_language(language, known)]
    return pairs, findings


def no_such_language(language: str, known: list[str]) -> Told:
    """That nothing is written in the language that was asked for."""
    return {
        "severity": "error",
        "file": None,
        "line": None,
        "message": f"no action is written in '{language}'",
        "cure": f"choose one of: {', '.join(known)}",
    }


def is_left_out(built: Told) -> bool:
    errors = {found["code"] for found in built["findings"] if found["severity"] == "error"}
    return not given("ACTION") and bool(errors) and errors <= NOT_NOW


def annotation(found: Told) -> str:
    """A line that marks the place in the file (workflow commands)."""
    place = ",".join(f"{key}={found[key]}" for key in ("file", "line") if found[key])
    text = f"{found['message']}; {found['cure']}"
    for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(character, code)
    return f"::{found['severity']} {place}::{text}"


def summary_line(found: Told) -> str:
    place = ":".join(str(found[key]) for key in ("file", "line") if found[key])
    text = f"{place + ': ' if place else ''}{found['message']}; {found['cure']}"
    # As code, so that nothing in a text is taken for markup.
    return f"- {found['severity']}: `{text.replace('`', chr(39))}`"


def main() -> int:
    program = sys.argv[1]
    pairs, findings = wanted(program)
    rows = ["| action | language | pack |", "|---|---|---|"]
    failed = any(found["severity"] == "error" for found in findings)
    for action, language in pairs:
        chosen = [f"--lang={language}"] if language else []
        built = run(program, "build", *chosen, *options(), "--", action)
        files = ", ".join(Path(file).name for file in built["files"])
        left_out = is_left_out(built)
        failed |= not built["ok"] and not left_out
        verdict = files or ("left out: not for printing today" if left_out else "not built")
        rows.append(f"| {action} | {language} | {verdict} |")
        told = [{**one, "severity": "warning"} if left_out else one for one in built["findings"]]
        findings += [one for one in told if one not in findings]
    if not pairs and not failed:
        rows.append("| there is no action in content/ yet | | |")
    lines = ["## Packs", "", *rows, ""]
    if findings:
        lines += ["## What was found", "", *map(summary_line, findings), ""]
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as page:
        page.write("\n".join(lines) + "\n")
    for found in findings:
        print(annotation(found))  # noqa: T201 -- this is how a job marks lines of files
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
