"""The one door to the disk: what cannot be read, what cannot be half written, what is kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionpack.diagnostics import MissingOnMachine, Place, Rejected
from actionpack.store import (
    MOST_TEXT_BYTES,
    Jail,
    cache_folder,
    cache_get,
    cache_put,
    decode_utf8,
    digest,
    files_below,
    first_existing,
    folder_digest,
    read_file,
    remove,
    shipped_folder,
    write_whole,
)

# Root may read and write whatever it likes, so that it cannot be refused by permissions.
not_root = pytest.mark.skipif(os.geteuid() == 0, reason="root is refused nothing")


@pytest.fixture
def jail(tmp_path: Path) -> Jail:
    """An action's folder with one text, beside a secret that is none of its business."""
    folder = tmp_path / "content" / "harbour"
    folder.mkdir(parents=True)
    (folder / "en.md").write_text("one\ntwo\n")
    (tmp_path / "secret.txt").write_text("secret")
    return Jail(root=folder, name="content/harbour")


def refusal(caught: pytest.ExceptionInfo[Rejected]) -> str:
    assert len(caught.value.findings) == 1
    return str(caught.value.findings[0])


# --------------------------------------------------------------------------------------- the jail


def test_a_file_inside_is_read(jail: Jail) -> None:
    assert jail.read_text("en.md") == "one\ntwo\n"
    assert jail.read_bytes("en.md") == b"one\ntwo\n"
    assert jail.has_file("en.md")
    assert jail.names() == ("en.md",)


def test_a_way_out_and_in_again_is_no_way_out(jail: Jail) -> None:
    assert jail.read_text("../harbour/en.md") == "one\ntwo\n"
    assert jail.read_text(jail.root / "en.md") == "one\ntwo\n"


@pytest.mark.parametrize(
    "name",
    [
        "../../secret.txt",
        "images/../../../secret.txt",
        "/etc/hostname",
        "..",
        "../harbour2/en.md",  # begins with the same letters as the jail's own folder
        "link.txt",
        "folder/secret.txt",
        "folder/../secret.txt",  # above what the link leads to, not above the link
    ],
)
def test_nothing_outside_is_read_by_whatever_name(jail: Jail, name: str) -> None:
    (jail.root.parent / "harbour2").mkdir()
    (jail.root.parent / "harbour2" / "en.md").write_text("secret")
    (jail.root / "link.txt").symlink_to(jail.root.parents[1] / "secret.txt")
    (jail.root / "folder").symlink_to(jail.root.parents[1])
    for ask in (jail.read_bytes, jail.has_file, jail.inner, jail.names):
        with pytest.raises(Rejected) as caught:
            ask(name)
        assert refusal(caught) == (
            f"content/harbour: error: '{name}' lies outside 'content/harbour'; "
            "put the file into the action, the layout or assets [blocked-resource]"
        )


def test_a_link_that_stays_inside_is_followed(jail: Jail) -> None:
    (jail.root / "de.md").symlink_to("en.md")
    assert jail.read_text("de.md") == "one\ntwo\n"


def test_a_jail_that_is_a_link_is_the_folder_it_leads_to(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "shelf").symlink_to(jail.root)
    shelf = Jail(root=tmp_path / "shelf", name="shelf")
    assert shelf.read_text("en.md") == "one\ntwo\n"
    with pytest.raises(Rejected):
        shelf.read_text("../secret.txt")


def test_an_inner_jail_is_left_neither_to_the_outer_nor_beyond(jail: Jail) -> None:
    (jail.root / "images").mkdir()
    (jail.root / "images" / "a.txt").write_text("a")
    inner = jail.inner("images")
    assert (inner.name, inner.read_text("a.txt")) == ("content/harbour/images", "a")
    with pytest.raises(Rejected) as caught:
        inner.read_text("../en.md")
    assert caught.value.findings[0].code == "blocked-resource"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a\0b", "embedded null"),
        ("circle", "Symlink loop"),
    ],
)
def test_what_is_no_name_of_a_file_is_told(jail: Jail, name: str, why: str) -> None:
    (jail.root / "circle").symlink_to("circle")
    for ask in (jail.read_bytes, jail.has_file, jail.names):
        with pytest.raises(Rejected) as caught:
            ask(name)
        assert caught.value.findings[0].code == "bad-value"
        assert why in refusal(caught)


@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3_000], ids=["name", "path"])
def test_a_name_longer_than_any_file_has_is_told_and_is_no_file(jail: Jail, name: str) -> None:
    assert not jail.has_file(name)
    for ask in (jail.read_bytes, jail.names):
        with pytest.raises(Rejected) as caught:
            ask(name)
        assert caught.value.findings[0].code == "bad-file"
        assert "File name too long" in refusal(caught)


@given(st.text(max_size=40))
def test_any_name_at_all_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    jail = Jail(root=tmp_path_factory.getbasetemp(), name="here")
    for ask in (jail.read_bytes, jail.has_file, jail.names):
        try:
            ask(name)
        except Rejected as rejected:
            told = rejected.findings
        else:
            told = ()
        assert all(one.message and one.cure for one in told)


# ---------------------------------------------------------------------------------------- reading


def test_a_file_that_is_not_there_is_named(jail: Jail) -> None:
    with pytest.raises(Rejected) as caught:
        jail.read_text("it.md")
    assert refusal(caught) == (
        "content/harbour/it.md: error: there is no 'content/harbour/it.md'; "
        "correct the name or add it [missing-file]"
    )
    assert not jail.has_file("it.md")


def test_a_folder_is_no_file(jail: Jail) -> None:
    (jail.root / "it.md").mkdir()
    with pytest.raises(Rejected) as caught:
        jail.read_text("it.md")
    assert refusal(caught) == (
        "content/harbour/it.md: error: 'content/harbour/it.md' cannot be read "
        "(Is a directory); repair it [bad-file]"
    )
    assert not jail.has_file("it.md")


def test_there_are_no_names_where_there_is_no_folder(jail: Jail) -> None:
    assert jail.names("images") == ()
    assert jail.names("en.md") == ()


@not_root
def test_what_may_not_be_read_is_told(jail: Jail) -> None:
    (jail.root / "en.md").chmod(0)
    with pytest.raises(Rejected) as caught:
        jail.read_text("en.md")
    assert "Permission denied" in refusal(caught)


def test_a_text_larger_than_two_megabytes_is_no_text(jail: Jail) -> None:
    (jail.root / "en.md").write_bytes(b"x" * MOST_TEXT_BYTES)
    assert len(jail.read_text("en.md")) == 2_000_000
    (jail.root / "en.md").write_bytes(b"x" * (MOST_TEXT_BYTES + 1))
    with pytest.raises(Rejected) as caught:
        jail.read_text("en.md")
    assert refusal(caught) == (
        "content/harbour/en.md: error: 'content/harbour/en.md' is larger than 2 MB; "
        "make it smaller [bad-file]"
    )


def test_lines_end_in_one_way_whatever_the_editor() -> None:
    assert decode_utf8(b"a\r\nb\rc\nd", Place()) == "a\nb\nc\nd"


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode_utf8(b"\xef\xbb\xbfa", Place()) == "a"


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        pytest.param("ä".encode("latin-1"), 1, "byte 1 is 0xe4", id="latin-1"),
        pytest.param(b"one\ntwo\ncaf\xe9\n", 3, "byte 12 is 0xe9", id="latin-1 below"),
        pytest.param("one".encode("utf-16"), 1, "byte 1 is 0xff", id="utf-16"),
        pytest.param(b"\xef\xbb\xbfone\n\x80", 2, "byte 8 is 0x80", id="after a mark"),
        pytest.param(
            b"one\n\xed\xa0\x80",
            2,
            "byte 5 is 0xed, where half of a character begins, U+D800",
            id="half a pair",
        ),
        pytest.param(b"one\n\xc0\xaf", 2, "byte 5 is 0xc0", id="overlong"),
        pytest.param(b"one\n\xf0\x9f", 2, "byte 5 is 0xf0", id="cut short"),
        pytest.param(b"one\rtwo\r\nthree \x9c", 3, "byte 16 is 0x9c", id="line ends of all kinds"),
    ],
)
def test_what_is_not_utf8_names_its_line(data: bytes, line: int, what: str) -> None:
    with pytest.raises(Rejected) as caught:
        decode_utf8(data, Place(file="en.md"))
    assert refusal(caught) == (
        f"en.md:{line}: error: the file is not UTF-8 text: {what}; "
        "save it as UTF-8 in the editor [bad-file]"
    )


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_a_finding(data: bytes) -> None:
    try:
        text = decode_utf8(data, Place(file="en.md"))
    except Rejected as rejected:
        assert rejected.findings[0].place.line  # noqa: PT017 (that it may pass is the point)
    else:
        assert "\r" not in text


# ---------------------------------------------------------------------------------------- writing


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    out = tmp_path / "out" / "rome" / "volume-001.pdf"
    write_whole(out, b"%PDF", inside=tmp_path / "out")
    assert out.read_bytes() == b"%PDF"
    assert [path.name for path in out.parent.iterdir()] == ["volume-001.pdf"]


def test_a_written_file_has_the_rights_that_files_have_here(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a.pdf", b"", inside=tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o666 & ~0o027


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_whatever_fails_the_old_file_stays_and_no_part_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    (tmp_path / "a.pdf").write_bytes(b"old")
    if step == "write":
        # The disk is full half way through: the stream has written, and cannot write on.
        real = os.fdopen

        def open_badly(handle: int, mode: str) -> object:
            stream = real(handle, mode)
            stream.write(b"ne")
            monkeypatch.setattr(os, "fsync", fail)
            return stream

        monkeypatch.setattr(os, "fdopen", open_badly)
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((Rejected, KeyboardInterrupt)) as caught:
        write_whole(tmp_path / "a.pdf", b"new", inside=tmp_path, label="out/a.pdf")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.pdf": b"old"}
    if isinstance(error, OSError):
        assert str(caught.value) == (
            "out/a.pdf: error: 'out/a.pdf' cannot be written (No space left on device); "
            "choose a folder you may write to, with room left on its disk [bad-file]"
        )


def test_a_link_of_that_name_is_replaced_and_what_it_led_to_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "precious").write_bytes(b"precious")
    (out / "a.pdf").symlink_to(tmp_path / "precious")
    write_whole(out / "a.pdf", b"new", inside=out)
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (out / "a.pdf").is_symlink()
    assert (out / "a.pdf").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["away/a.pdf", "../a.pdf", "away/../../a.pdf", "away/deep/a.pdf"])
def test_nothing_is_written_outside_and_no_folder_is_made_there(tmp_path: Path, name: str) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "away").symlink_to(elsewhere)
    with pytest.raises(Rejected) as caught:
        write_whole(out / name, b"new", inside=out, label=f"out/{name}")
    assert refusal(caught) == (
        f"out/{name}: error: 'out/{name}' would be written outside '{out}'; "
        "choose another place for it [blocked-resource]"
    )
    assert list(elsewhere.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "out"]


def test_a_folder_that_is_a_link_to_another_one_inside_is_no_way_out(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link" / "a.pdf", b"new", inside=tmp_path)
    assert (tmp_path / "real" / "a.pdf").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("a-file/x.pdf", "", id="a file where a folder is needed"),
        pytest.param("a-folder", "Is a directory", id="a folder of that name"),
        pytest.param("circle/x.pdf", "circle", id="links in a circle"),
        pytest.param("x" * 300, "File name too long", id="too long a name"),
        pytest.param("a\0b", "embedded null", id="NUL"),
    ],
)
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "a-file").write_bytes(b"old")
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(Rejected) as caught:
        write_whole(tmp_path / name, b"new", inside=tmp_path)
    told = caught.value.findings[0]
    assert told.code == "bad-file"
    assert why in told.message
    assert told.cure == "choose a folder you may write to, with room left on its disk"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-file", "a-folder", "circle"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder root cannot write to")
def test_a_folder_nobody_can_write_to_is_told() -> None:
    with pytest.raises(Rejected) as caught:
        write_whole(Path("/proc/self/a.pdf"), b"new", inside=Path("/proc/self"))
    assert caught.value.findings[0].code == "bad-file"


def test_a_name_of_any_script_can_be_written(tmp_path: Path) -> None:
    long_name = "行动" * 40 + ".pdf"  # 244 bytes: the part beside it must not be longer than 255
    write_whole(tmp_path / long_name, b"x", inside=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [long_name]


def test_what_is_not_there_is_removed_already(tmp_path: Path) -> None:
    remove(tmp_path / "a.pdf")
    (tmp_path / "a.pdf").write_bytes(b"")
    remove(tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()
    with pytest.raises(Rejected) as caught:
        remove(tmp_path)
    assert caught.value.findings[0].code == "bad-file"


# ----------------------------------------------------------------------------------------- hashes


def test_where_one_part_ends_counts() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a", "") != digest("a")
    assert digest("é") == digest("é".encode())


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_two_lists_of_parts_have_one_digest_just_when_they_are_equal(
    one: list[bytes], other: list[bytes]
) -> None:
    assert (digest(*one) == digest(*other)) is (one == other)


def shelf(folder: Path) -> Path:
    (folder / "images").mkdir(parents=True)
    (folder / "action.yaml").write_text("id: a")
    (folder / "images" / "a.jpg").write_bytes(b"1")
    return folder


def test_equal_folders_have_equal_digests_wherever_they_stand(tmp_path: Path) -> None:
    assert folder_digest(shelf(tmp_path / "a")) == folder_digest(shelf(tmp_path / "b"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: (folder / "images/a.jpg").write_bytes(b"2"), id="content"),
        pytest.param(
            lambda folder: (folder / "images/a.jpg").rename(folder / "images/b.jpg"), id="name"
        ),
        pytest.param(lambda folder: (folder / "images").rename(folder / "photos"), id="place"),
        pytest.param(lambda folder: (folder / "en.md").write_text(""), id="an empty file more"),
        pytest.param(lambda folder: (folder / "images/a.jpg").unlink(), id="a file less"),
        pytest.param(lambda folder: (folder / "de.md").symlink_to("action.yaml"), id="a link more"),
        pytest.param(
            lambda folder: (
                (folder / "action.yaml").write_bytes(b"1"),
                (folder / "images/a.jpg").write_text("id: a"),
            ),
            id="contents swapped",
        ),
    ],
)
def test_any_change_in_a_folder_changes_its_digest(tmp_path: Path, change: object) -> None:
    folder = shelf(tmp_path / "a")
    before = folder_digest(folder)
    assert callable(change)
    change(folder)
    assert folder_digest(folder) != before


def test_hidden_files_and_empty_folders_are_not_content(tmp_path: Path) -> None:
    folder = shelf(tmp_path / "a")
    before = folder_digest(folder)
    (folder / ".DS_Store").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("x")
    (folder / "notes").mkdir()
    assert folder_digest(folder) == before


def test_links_to_folders_are_not_walked_so_that_a_circle_ends(tmp_path: Path) -> None:
    folder = shelf(tmp_path / "a")
    (folder / "again").symlink_to(folder)
    (folder / "gone").symlink_to("nowhere")
    assert [path.relative_to(folder).as_posix() for path in files_below(folder)] == [
        "action.yaml",
        "images/a.jpg",
    ]


def test_a_name_that_is_not_utf8_has_a_digest_too(tmp_path: Path) -> None:
    folder = shelf(tmp_path / "a")
    before = folder_digest(folder)
    (folder / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"")
    assert folder_digest(folder) != before


# ------------------------------------------------------------------------------------------ cache

KEY = digest("variant")
PARTS = {"pdf": b"%PDF\n\0\xff", "proof": b"{}\n", "empty": b""}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entry(cache: Path) -> Path:
    (path,) = (path for path in cache.rglob("*") if path.is_file())
    return path


def test_what_was_put_is_got(cache: Path) -> None:
    assert cache_get(KEY) is None
    cache_put(KEY, PARTS)
    assert cache_get(KEY) == PARTS
    assert entry(cache).is_relative_to(cache)
    cache_put(KEY, {"pdf": b"new"})
    assert cache_get(KEY) == {"pdf": b"new"}
    assert cache_get(digest("another")) is None


@given(st.dictionaries(st.text(max_size=8), st.binary(max_size=40), max_size=4))
def test_parts_of_any_names_and_bytes_come_back(
    tmp_path_factory: pytest.TempPathFactory, parts: dict[str, bytes]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTIONPACK_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        cache_put(KEY, parts)
        assert cache_get(KEY) == parts


def test_a_change_in_any_byte_is_noticed_and_the_entry_is_gone(cache: Path) -> None:
    cache_put(KEY, PARTS)
    whole = entry(cache).read_bytes()
    path = entry(cache)
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert cache_get(KEY) is None, f"byte {at} of {len(whole)}"
        assert not path.exists()


@pytest.mark.parametrize("kept", [0, 1, 18, 19, 50, 83, 84, 100, -1])
def test_a_truncated_entry_is_noticed_and_gone(cache: Path, kept: int) -> None:
    cache_put(KEY, PARTS)
    path = entry(cache)
    path.write_bytes(path.read_bytes()[:kept])
    assert cache_get(KEY) is None
    assert not path.exists()


def test_an_entry_with_something_behind_it_is_noticed_and_gone(cache: Path) -> None:
    cache_put(KEY, PARTS)
    path = entry(cache)
    path.write_bytes(path.read_bytes() + b"\n")
    assert cache_get(KEY) is None
    assert not path.exists()


def test_a_cache_that_cannot_be_written_says_so(cache: Path) -> None:
    cache.write_bytes(b"a file where the folder should be")
    assert cache_get(KEY) is None
    with pytest.raises(Rejected) as caught:
        cache_put(KEY, PARTS)
    assert caught.value.findings[0].code == "bad-file"


def test_the_cache_lies_where_the_environment_says_and_else_where_the_system_keeps_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONPACK_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    for unset in (monkeypatch.delenv, lambda name: monkeypatch.setenv(name, "")):
        unset("ACTIONPACK_CACHE")
        assert cache_folder().name == "actionpack"
        assert cache_folder() != tmp_path / "mine"


# -------------------------------------------------------------------- what ships with the package


def test_layouts_and_fonts_are_found_in_a_working_copy() -> None:
    assert (shipped_folder() / "layouts").is_dir()
    assert (shipped_folder() / "assets").is_dir()


def test_an_install_without_its_layouts_says_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actionpack.store.__file__", str(tmp_path / "lib" / "p" / "store.py"))
    with pytest.raises(MissingOnMachine) as caught:
        shipped_folder()
    assert caught.value.exit == 3
    assert caught.value.findings[0].cure == "install it again: sh setup.sh"


def test_the_first_path_there_is_wins(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    assert first_existing([tmp_path / "a", tmp_path / "b", tmp_path / "c"]) == tmp_path / "b"
    assert first_existing([tmp_path / "a"]) is None


# ------------------------------------------------------------------------- what is no plain file


def test_what_never_ends_is_refused_and_not_waited_for(jail: Jail) -> None:
    os.mkfifo(jail.root / "it.md")
    (jail.root / "zero.md").symlink_to("/dev/zero")
    with pytest.raises(Rejected) as caught:
        jail.read_text("it.md")
    assert refusal(caught) == (
        "content/harbour/it.md: error: 'content/harbour/it.md' is no plain file; "
        "name a file that lies on the disk [bad-file]"
    )
    with pytest.raises(Rejected) as caught:
        read_file(jail.root / "zero.md", label="zero.md", most=10)
    assert caught.value.findings[0].message == "'zero.md' is no plain file"


def test_the_hash_of_a_folder_waits_for_no_pipe(jail: Jail) -> None:
    before = folder_digest(jail.root)
    os.mkfifo(jail.root / "it.md")
    (jail.root / "link.md").symlink_to("it.md")
    assert folder_digest(jail.root) == before
    assert [path.name for path in files_below(jail.root)] == ["en.md"]


def test_a_pipe_is_never_written_over(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Rejected) as refused:
        write_whole(pipe, b"pdf", inside=tmp_path)
    (found,) = refused.value.findings
    assert (found.code, found.cure) == ("exists", "choose another place for it")
    assert found.message == f"'{pipe}' is a device or a pipe, and no file"
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
