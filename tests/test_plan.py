"""A plan and its table: what is asked for, numbered in order, and every fault of both at once."""

from __future__ import annotations

import pickle
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest
from folders import TEXT, TRANSLATION, write_action
from spreadsheets import Cell, xlsx

from actionpack.batch.orders import Kind, Ledger, Order
from actionpack.batch.plan import Plan, read_plan
from actionpack.batch.recipients import LeftOut
from actionpack.diagnostics import Finding, Place, Rejected
from actionpack.project import Project

PLAN = """\
name: rome
recipients: {file: rome.csv, defaults: {action: harbour}}
"""
EN = Kind("harbour", "en", None, "letter")
IT = Kind("harbour", "it", None, "letter")


@dataclass(frozen=True)
class Desk:
    """A project with one action in two languages, and a plan to read in it."""

    root: Path

    def write(
        self, plan: str = PLAN, table: str | bytes | None = None, file: str = "rome.csv"
    ) -> None:
        (self.root / "plan.yaml").write_text(plan, encoding="utf-8")
        if table is not None:
            data = table.encode() if isinstance(table, str) else table
            (self.root / file).write_bytes(data)

    def plan(self, plan: str = PLAN, table: str | bytes | None = None) -> Plan:
        self.write(plan, table)
        return read_plan(Path("plan.yaml"), Project(root=self.root))

    def faults(self, plan: str = PLAN, table: str | bytes | None = None) -> tuple[Finding, ...]:
        """What a plan is refused for."""
        with pytest.raises(Rejected) as caught:
            self.plan(plan, table)
        return caught.value.findings

    def fault(self, plan: str = PLAN, table: str | bytes | None = None) -> Finding:
        (found,) = self.faults(plan, table)
        return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    write_action(tmp_path, texts={"en": TEXT, "it": TRANSLATION})
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


def line(number: int) -> Place:
    return Place(file="plan.yaml", line=number)


def row(number: int) -> Place:
    return Place(file="rome.csv", row=number)


def packs(entries: str) -> str:
    return f"name: rome\npacks:\n{entries}"


# --------------------------------------------------------------------------------- what is asked


def test_a_plan_says_how_the_batch_is_made(desk: Desk) -> None:
    plan = desk.plan(
        """\
name: rome-december
layout: letter
paper: letter
edition: home
window: us-10
sender_country: US
volume: 250
separators: true
tagged: true
singles: true
grammage: 90.5
allow_expired: true
allow_draft: true
packs: [{action: harbour}]
"""
    )
    assert (plan.file, plan.name, plan.layout) == ("plan.yaml", "rome-december", "letter")
    assert (plan.paper, plan.edition, plan.window) == ("letter", "home", "us-10")
    assert (plan.sender_country, plan.volume, plan.grammage) == ("US", 250, 90.5)
    assert all((plan.separators, plan.tagged, plan.singles))
    assert all((plan.allow_expired, plan.allow_draft))
    assert plan.findings == ()


def test_what_a_plan_leaves_out_is_usual(desk: Desk) -> None:
    plan = desk.plan(packs("  - {action: harbour}\n"))
    assert (plan.layout, plan.paper, plan.window, plan.edition) == ("letter", None, None, "home")
    assert (plan.sender_country, plan.volume, plan.grammage) == (None, 500, 80)
    assert not any((plan.separators, plan.tagged, plan.singles))
    assert not any((plan.allow_expired, plan.allow_draft))


def test_packs_are_entered_before_rows_and_numbered_on(desk: Desk) -> None:
    plan = desk.plan(
        "name: rome\n"
        "packs: [{action: harbour, language: it, copies: 30, group: Roma 12}]\n"
        "recipients: rome.csv\n",
        "action,language,target,copies,contact,sender\n"
        'harbour,,president,2,a@example.org,"Ada\nVia Po 1"\n'
        "harbour,it,,,,\n",
    )
    assert list(plan.orders) == [
        Order(position=1, row=None, kind=IT, copies=30, values=(("group", "Roma 12"),)),
        Order(
            position=31,
            row=2,
            kind=Kind("harbour", "en", "president", "letter"),
            copies=2,
            values=(("contact", "a@example.org"), ("sender", "Ada\nVia Po 1")),
        ),
        Order(position=33, row=3, kind=IT, copies=1, values=()),
    ]
    assert (plan.orders.packs, plan.positions) == (33, 33)
    order = plan.orders[1]
    assert (order.action, order.language, order.target, order.layout) == order.kind


def test_defaults_hold_for_cells_that_are_empty(desk: Desk) -> None:
    plan = desk.plan(
        "name: rome\n"
        "recipients:\n"
        "  file: rome.csv\n"
        "  defaults: {action: harbour, language: it, copies: 5, contact: roma@example.org}\n",
        "group;language;contact;copies\nRoma;;;\nBari;en;b@example.org;2\n",
    )
    assert list(plan.orders) == [
        Order(
            position=1,
            row=2,
            kind=IT,
            copies=5,
            values=(("group", "Roma"), ("contact", "roma@example.org")),
        ),
        Order(
            position=6,
            row=3,
            kind=EN,
            copies=2,
            values=(("group", "Bari"), ("contact", "b@example.org")),
        ),
    ]


def test_a_default_that_a_layout_does_not_print_is_left_out(desk: Desk) -> None:
    plan = desk.plan(
        "name: rome\nrecipients: {file: rome.csv, defaults: {action: harbour, group: Roma}}\n",
        "layout;contact\nlabels;\n;x\n",
    )
    assert [order.values for order in plan.orders] == [(), (("group", "Roma"), ("contact", "x"))]


def test_a_spreadsheet_is_read_like_a_csv_file(desk: Desk) -> None:
    rows: list[list[Cell]] = [["group", "copies"], ["Roma", 3], ["Bari", "2"]]
    plan = desk.plan(PLAN, xlsx(rows))
    assert [(order.position, order.copies) for order in plan.orders] == [(1, 3), (4, 2)]


def test_the_files_that_were_read_are_named_with_their_hashes(desk: Desk) -> None:
    first = desk.plan(PLAN, "group\nRoma\n").sources
    second = desk.plan(PLAN, "group\nBari\n").sources
    assert [name for name, _ in first] == ["plan.yaml", "rome.csv"]
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_a_table_is_found_beside_the_plan(desk: Desk) -> None:
    (desk.root / "plans").mkdir()
    (desk.root / "rome.csv").write_text("group\nRoma\n")
    (desk.root / "plans" / "plan.yaml").write_text(PLAN.replace("rome.csv", "../rome.csv"))
    plan = read_plan(Path("plans/plan.yaml"), Project(root=desk.root))
    assert [name for name, _ in plan.sources] == ["plans/plan.yaml", "rome.csv"]


def test_a_plan_may_lie_outside_the_project(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("desktop")
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "rome.csv").write_text("group\nRoma\n")
    project = Project(root=desk.root)
    assert len(read_plan(folder / "plan.yaml", project).orders) == 1
    (folder / "plan.yaml").write_text(PLAN.replace("rome.csv", str(desk.root / "x.csv")))
    with pytest.raises(Rejected) as caught:
        read_plan(folder / "plan.yaml", project)
    (found,) = caught.value.findings
    assert found.code == "blocked-resource"
    assert found.message.endswith("lies outside 'the folder of the plan'")


# ------------------------------------------------------------------------------- plans at fault


@pytest.mark.parametrize(
    ("key", "said", "cure"),
    [
        (
            "layout: leter",
            "'layout' is 'leter'",
            "did you mean 'letter'?",
        ),
        (
            "paper: a44",
            "'paper' is 'a44'",
            "did you mean 'a4'?",
        ),
        (
            "paper: dl",
            "layout 'letter' is not made for the paper 'dl'",
            "it is made for: a4, letter",
        ),
        (
            "window: dl-lft",
            "'window' is 'dl-lft'",
            "did you mean 'dl-left'?",
        ),
        (
            "window: us-9",
            "layout 'letter' on 'a4' is not made for the window 'us-9'",
            "the nearest that it is made for is 'us-10'",
        ),
        (
            "edition: pres",
            "'edition' is 'pres'",
            "did you mean 'press'?",
        ),
        (
            "sender_country: Italy",
            "'sender_country' is 'Italy', which is not a country such as IT",
            "write a country such as IT",
        ),
        (
            "volume: 5001",
            "'volume' is '5001', which is not a whole number from 1 to 5000",
            "write a whole number from 1 to 5000",
        ),
        (
            "grammage: 80 g",
            "'grammage' is '80 g', which is not a weight of 30 to 400 g/m², without the unit",
            "write a weight of 30 to 400 g/m², without the unit",
        ),
        (
            "grammage: 8",
            "'grammage' is '8', which is not a weight of 30 to 400 g/m², without the unit",
            "write a weight of 30 to 400 g/m², without the unit",
        ),
        ("separators: yes", "'separators' is 'yes'", "known are: false, true"),
        ("tagged: 1", "'tagged' is '1'", "known are: false, true"),
        ("singles: no", "'singles' is 'no'", "known are: false, true"),
        ("allow_draft: maybe", "'allow_draft' is 'maybe'", "known are: false, true"),
        ("allow_expired: x", "'allow_expired' is 'x'", "known are: false, true"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_line(
    desk: Desk, key: str, said: str, cure: str
) -> None:
    found = desk.fault(f"name: rome\n{key}\npacks: [{{action: harbour}}]\n")
    assert (found.code, found.place) == ("bad-value", line(2))
    assert (found.message, found.cure) == (said, cure)


def test_a_window_without_an_envelope_is_refused(desk: Desk) -> None:
    found = desk.fault("name: rome\nwindow: notify-uk\npacks: [{action: harbour}]\n")
    assert (found.code, found.place) == ("bad-value", line(2))
    assert found.message == "'window' is 'notify-uk', which has no envelope to fold a sheet for"
    assert found.cure.startswith("it is for actionpack check; choose one of: din-5008-a, ")


@pytest.mark.parametrize("name", ["Rome", "rome december", "../rome", "-rome", "r" * 81])
def test_a_name_that_is_no_folders_is_refused(desk: Desk, name: str) -> None:
    found = desk.fault(f"name: {name}\npacks: [{{action: harbour}}]\n")
    assert (found.code, found.place) == ("bad-value", line(1))
    assert found.cure == "write a name of a-z, 0-9 and hyphens"


def test_a_plan_without_a_name_is_refused(desk: Desk) -> None:
    found = desk.fault("packs: [{action: harbour}]\n")
    assert (found.code, found.message) == ("missing-field", "'name' is missing")


@pytest.mark.parametrize("plan", ["name: rome\n", "name: rome\npacks: []\n"])
def test_a_plan_that_prints_nothing_is_refused(desk: Desk, plan: str) -> None:
    found = desk.fault(plan)
    assert (found.code, found.place) == ("missing-field", line(1))
    assert found.message == "the plan names nothing to print"
    assert found.cure == "write 'packs', or a table of 'recipients'"


def test_an_unknown_key_is_told_with_the_nearest(desk: Desk) -> None:
    found = desk.fault("name: rome\nseparator: true\npacks: [{action: harbour}]\n")
    assert (found.code, found.place) == ("unknown-field", line(2))
    assert found.cure == "did you mean 'separators'?"


@pytest.mark.parametrize(
    ("entry", "code", "said", "cure"),
    [
        ("{action: harbor}", "bad-value", "there is no action 'harbor'", "did you mean 'harbour'?"),
        ("{language: en}", "missing-field", "no action is named", "name the action to print"),
        (
            "{action: harbour, language: fr}",
            "bad-value",
            "action 'harbour' has no text in 'fr'",
            "known are: en, it",
        ),
        (
            "{action: harbour, target: presidnt}",
            "bad-value",
            "action 'harbour' has no target 'presidnt'",
            "did you mean 'president'?",
        ),
        (
            "{action: harbour, layout: label}",
            "bad-value",
            "there is no layout 'label'",
            "did you mean 'labels'?",
        ),
        (
            "{action: harbour, copies: 0}",
            "bad-value",
            "'packs.copies' is '0', which is not a whole number from 1",
            "write a whole number from 1",
        ),
        (
            "{action: harbour, grup: x}",
            "unknown-field",
            "'packs.grup' is not known",
            "did you mean 'group'?",
        ),
        (
            "{action: harbour, layout: labels, group: x}",
            "unknown-field",
            "'packs.group' is set, and layout 'labels' has no 'group'",
            "delete it, or choose another layout",
        ),
        (
            "{action: harbour, serial: 7}",
            "unknown-field",
            "'packs.serial' cannot be set: the program numbers the packs",
            "delete it",
        ),
    ],
)
def test_an_entry_of_packs_at_fault_is_told_with_its_line(
    desk: Desk, entry: str, code: str, said: str, cure: str
) -> None:
    found = desk.fault(packs(f"  - {{action: harbour}}\n  - {entry}\n"))
    assert (found.code, found.place) == (code, line(4))
    assert (found.message, found.cure) == (said, cure)


def test_an_entry_that_is_there_twice_is_told_and_printed_twice(desk: Desk) -> None:
    plan = desk.plan(
        packs(
            "- {action: harbour, group: Roma}\n"
            "- {action: harbour}\n"
            "- {group: Roma, language: en, layout: letter, action: harbour, copies: 30}\n"
            "- action: harbour\n"
            "  group: Roma\n"
        )
    )
    # Lines 1 and 2 name the batch and begin the list. What is left out is usual.
    assert plan.findings == tuple(
        Finding(
            severity="warning",
            code="duplicate-row",
            place=line(number),
            message="the entry asks for the same as line 3",
            cure="delete one of the two, or write how many are wanted into 'copies'",
        )
        for number in (5, 6)
    )
    assert [(order.position, order.copies) for order in plan.orders] == [
        (1, 1), (2, 1), (3, 30), (33, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        "{action: harbour, group: Como}",
        "{action: harbour, contact: Roma}",
        "{action: harbour, group: Roma, language: it}",
        "{action: harbour, group: Roma, target: president}",
        "{action: harbour, layout: labels}",
    ],
)
def test_entries_that_differ_in_anything_but_copies_are_no_slip(desk: Desk, other: str) -> None:
    roma = "{action: harbour, group: Roma}"
    plan = desk.plan(packs(f"- {roma}\n- {other}\n- {{action: harbour}}\n"))
    assert plan.findings == ()


def test_an_entry_may_ask_for_the_same_as_a_row(desk: Desk) -> None:
    plan = desk.plan(PLAN + "packs: [{action: harbour, group: Roma}]\n", "group\nRoma\n")
    assert plan.findings == ()


def test_a_layout_of_an_entry_that_is_not_for_the_papers_is_refused(desk: Desk) -> None:
    plan = "name: rome\npaper: dl\nlayout: envelope\npacks: [{action: harbour, layout: letter}]\n"
    found = desk.fault(plan)
    assert found.place == line(4)
    assert found.message == "layout 'letter' is not made for the paper 'dl'"


def test_faults_of_an_actions_own_files_are_told_once(desk: Desk) -> None:
    folder = desk.root / "content" / "broken"
    folder.mkdir()
    (folder / "action.yaml").write_text("id: broken\n")
    found = desk.faults(packs("  - {action: broken}\n  - {action: broken, language: it}\n"))
    own = [one for one in found if one.place.file == "content/broken/action.yaml"]
    assert len(own) == len(set(own)) > 0
    told = [one for one in found if one.place.file == "plan.yaml"]
    assert [one.message for one in told] == ["action 'broken' cannot be read"] * 2
    assert told[0].cure == "mend its files"


@pytest.mark.parametrize(
    ("file", "code", "said", "cure"),
    [
        ("nowhere.csv", "missing-file", "there is no 'nowhere.csv'", None),
        (
            "../rome.csv",
            "blocked-resource",
            "'../rome.csv' lies outside 'the project'",
            "put it beside the plan, and write its name alone",
        ),
        (
            "/etc/passwd",
            "blocked-resource",
            "'/etc/passwd' lies outside 'the project'",
            "put it beside the plan, and write its name alone",
        ),
    ],
)
def test_a_table_that_cannot_be_had_is_told_with_its_line(
    desk: Desk, file: str, code: str, said: str, cure: str | None
) -> None:
    found = desk.fault(f"name: rome\n\nrecipients: {file}\n")
    assert (found.code, found.place, found.message) == (code, line(3), said)
    assert cure is None or found.cure == cure


def test_a_list_is_no_table_of_recipients(desk: Desk) -> None:
    found = desk.fault("name: rome\nrecipients: [a.csv, b.csv]\n")
    assert (found.place, found.message) == (line(2), "'recipients' must be one text")


def test_defaults_are_checked_before_any_row(desk: Desk) -> None:
    plan = """\
name: rome
recipients:
  file: rome.csv
  defaults:
    action: harbor
    layout: leter
    copies: many
    grup: x
"""
    found = desk.faults(plan, "contact\na\nb\n")
    assert [(one.place, one.message) for one in found] == [
        (line(7), "'recipients.defaults.copies' is 'many', which is not a whole number from 1"),
        (line(8), "'recipients.defaults.grup' is not known"),
        (line(5), "there is no action 'harbor'"),
        (line(6), "there is no layout 'leter'"),
    ]


# ----------------------------------------------------------------------------- columns and rows


@pytest.mark.parametrize(
    ("header", "code", "said", "cure"),
    [
        ("gruop", "unknown-field", "column B, 'gruop', is not known", "did you mean 'group'?"),
        (
            "serial",
            "unknown-field",
            "column 'serial' cannot be set: the program numbers the packs",
            "delete the column",
        ),
        (
            "contact",
            "bad-value",
            "column 'contact' is there twice (A and B)",
            "delete all but one of them",
        ),
        (
            "",
            "missing-field",
            "column B has no name",
            "write its name into the header, or delete the column",
        ),
    ],
)
def test_a_column_at_fault_refuses_the_plan(
    desk: Desk, header: str, code: str, said: str, cure: str
) -> None:
    found = desk.fault(PLAN, f"contact;{header}\nRoma;x\n")
    assert (found.code, found.place) == (code, row(1))
    assert (found.message, found.cure) == (said, cure)


def test_a_table_must_say_which_action(desk: Desk) -> None:
    found = desk.faults("name: rome\nrecipients: rome.csv\n", "group\nRoma\n")[0]
    assert (found.code, found.place) == ("missing-field", row(1))
    assert found.message == "there is no column 'action'"
    assert found.cure == "add it, or name one action for all rows under 'defaults' in the plan"


def test_a_table_without_rows_is_refused(desk: Desk) -> None:
    found = desk.fault(PLAN, "group\n;\n".replace(";", ""))
    assert (found.code, found.place) == ("missing-field", row(1))
    assert found.message == "the table has no rows below its header"
    assert found.cure == "write one pack into each row"


def test_a_column_of_another_layout_is_refused_where_no_row_chooses_one(desk: Desk) -> None:
    plan = "name: rome\nlayout: labels\nrecipients: {file: rome.csv, defaults: {action: harbour}}\n"
    assert desk.fault(plan, "group\nRoma\n").message == "column A, 'group', is not known"


def test_faults_of_the_plan_come_before_columns_and_columns_before_rows(desk: Desk) -> None:
    found = desk.faults(
        "name: Rome\nrecipients: {file: rome.csv, defaults: {action: harbour}}\n",
        "gruop;copies\nRoma;many\nBari\n",
    )
    assert [one.place for one in found] == [line(1), row(1), row(2), row(3)]


@pytest.mark.parametrize(
    ("cells", "said", "cure"),
    [
        (
            "harbor;;;;",
            "cell A3 ('action'): there is no action 'harbor'",
            "did you mean 'harbour'?",
        ),
        (";;;;", None, None),
        (";;;;1", "no action is named", "name the action to print"),
        (
            "harbour;fr;;;",
            "cell B3 ('language'): action 'harbour' has no text in 'fr'",
            "known are: en, it",
        ),
        (
            "harbour;;presidnt;;",
            "cell C3 ('target'): action 'harbour' has no target 'presidnt'",
            "did you mean 'president'?",
        ),
        (
            "harbour;;;leter;",
            "cell D3 ('layout'): there is no layout 'leter'",
            "did you mean 'letter'?",
        ),
        (
            "harbour;;;envelope;",
            "cell D3 ('layout'): layout 'envelope' is not made for the paper 'a4'",
            "it is made for: dl, c6, c6-5, c5, us-10, us-9, chou-3",
        ),
        (
            "harbour;;;;0",
            "cell E3 ('copies') is '0', which is no number from 1",
            "write a whole number from 1, or delete the row",
        ),
        (
            "harbour;;;;1.5",
            "cell E3 ('copies') is '1.5', which is no number from 1",
            "write a whole number from 1, or delete the row",
        ),
    ],
)
def test_a_row_at_fault_is_left_out_and_the_rest_is_kept(
    desk: Desk, cells: str, said: str | None, cure: str | None
) -> None:
    plan = desk.plan(
        "name: rome\npaper: a4\nrecipients: rome.csv\n",
        f"action;language;target;layout;copies\nharbour;;;;\n{cells}\nharbour;it;;;\n",
    )
    assert [(order.row, order.kind) for order in plan.orders] == [(2, EN), (4, IT)]
    if said is None:
        assert plan.findings == ()
        return
    (found,) = plan.findings
    assert (found.code, found.is_error, found.place) == ("bad-row", True, row(3))
    assert (found.message, found.cure) == (said, cure)
    assert [order.position for order in plan.orders] == [1, 3]
    assert plan.left_out == (LeftOut(row=3, position=2, copies=1, code="bad-row"),)


def test_a_cell_that_the_layout_does_not_print_leaves_its_row_out(desk: Desk) -> None:
    plan = desk.plan(PLAN, "layout;group\nlabels;Roma\nletter;Roma\n")
    (found,) = plan.findings
    assert (found.code, found.place) == ("bad-row", row(2))
    assert found.message == "cell B2 ('group') is set, and layout 'labels' has no 'group'"
    assert found.cure == "empty the cell, or choose another layout"
    assert [order.row for order in plan.orders] == [3]


def test_a_default_that_does_not_go_with_a_row_is_told_with_the_row(desk: Desk) -> None:
    write_action(desk.root, name="other")
    (desk.root / "content/other/action.yaml").write_text(
        (desk.root / "content/harbour/action.yaml").read_text().replace("id: harbour", "id: other")
    )
    plan = desk.plan(
        "name: rome\nrecipients: {file: rome.csv, defaults: {action: harbour, language: it}}\n",
        "group;action\nRoma;\nBari;other\n",
    )
    (found,) = plan.findings
    assert (found.place, found.message) == (row(3), "action 'other' has no text in 'it'")
    assert len(plan.orders) == 1


def test_bad_rows_are_counted_with_the_copies_they_ask_for(desk: Desk) -> None:
    plan = desk.plan(PLAN, "language;copies;group\nen;2;\nxx;10;\nen;3\nit;=1;\nit;7;=x\nit;4;\n")
    assert [(order.row, order.position) for order in plan.orders] == [(2, 1), (7, 22)]
    assert [(one.row, one.position, one.copies) for one in plan.left_out] == [
        (3, 3, 10),
        (4, 13, 1),
        (5, 14, 1),
        (6, 15, 7),
    ]
    assert (plan.positions, plan.orders.packs) == (25, 6)


def test_a_row_that_is_there_twice_is_left_out_and_named(desk: Desk) -> None:
    plan = desk.plan(PLAN, "group;copies\nRoma;2\nBari;2\nRoma;2\nRoma;3\n")
    (found,) = plan.findings
    assert (found.code, found.is_error, found.place) == ("duplicate-row", True, row(4))
    assert found.message == "the row asks for the same as row 2"
    assert found.cure == "delete one of the two, or write how many are wanted into 'copies'"
    assert plan.left_out == (LeftOut(row=4, position=5, copies=2, code="duplicate-row"),)
    assert [(order.row, order.position) for order in plan.orders] == [(2, 1), (3, 3), (5, 7)]


def test_warnings_of_the_table_come_with_the_plan(desk: Desk) -> None:
    plan = desk.plan(PLAN, "group\nForlì\n".encode("cp1252"))
    (told,) = plan.findings
    assert (told.code, told.is_error, told.place.file) == ("doubtful", False, "rome.csv")
    assert plan.orders[0].values == (("group", "Forlì"),)


def test_a_table_that_cannot_be_read_is_told_with_the_plans_own_faults(desk: Desk) -> None:
    found = desk.faults(PLAN.replace("rome\n", "Rome\n"), "")
    assert [one.code for one in found] == ["bad-value", "bad-file"]


# --------------------------------------------------------------------------------------- orders


def ledger_of(count: int) -> Ledger:
    ledger = Ledger(("source", "group", "contact", "sender"))
    for number in range(count):
        sender = f"Ada Rossi {number}\nVia Garibaldi {number}\n00100 Roma\nItaly"
        texts = (f"g{number}", f"Roma {number}", f"roma{number}@example.org", sender)
        assert ledger.add(EN if number % 2 else IT, 1 + number % 3, texts, number + 2) is None
    return ledger


def test_orders_are_found_by_their_number_and_cut_like_a_list() -> None:
    orders = ledger_of(10).orders()
    assert len(orders) == 10
    assert orders.kinds == (IT, EN)
    assert [orders.kind_of(at) for at in (0, 1)] == [0, 1]
    assert [orders.copies_of(at) for at in range(4)] == [1, 2, 3, 1]
    assert orders[-1] == list(orders)[9]
    cut = orders[3:5]
    assert list(cut) == list(orders)[3:5]
    assert cut.packs == 1 + 2
    assert orders.packs == 19  # three rounds of 1 + 2 + 3, and 1
    assert orders[4].position == 8  # after 1 + 2 + 3 + 1
    with pytest.raises(IndexError):
        orders[10]


def test_orders_travel_to_other_processes() -> None:
    orders = ledger_of(3).orders()
    assert list(pickle.loads(pickle.dumps(orders))) == list(orders)


def test_a_million_orders_fit_into_memory() -> None:
    count = 10_000
    tracemalloc.start()
    orders = ledger_of(count).orders()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(orders) == count
    assert kept / count <= 250  # bytes: a million are 250 MB
