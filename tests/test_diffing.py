"""Two revisions compared: what is said, that nothing is left out, and nothing made up."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from igate.citation import Citation, Label
from igate.cli_import import diff
from igate.clock import Cutoff
from igate.diffing import differences
from igate.limits import TimeLimit
from igate.procedure import Fee, LimitRule, OnlineService, Requirement, Revision
from igate.timeline import Period
from igate.workflow import Step, Workflow

if TYPE_CHECKING:
    from pathlib import Path

OLD = Citation.parse("Quyết định 1/QĐ-UBND ngày 02/01/2026 của UBND tỉnh X")
NEW = Citation.parse("Quyết định 2/QĐ-UBND ngày 03/02/2026 của UBND tỉnh X")
TEXTS = ["Tiếp nhận", "Phân công", "Thẩm định", "Trình ký", "Ký", "Đóng dấu", "Trả kết quả"]
ROLES = ["receptionist", "officer", "leader", "clerk"]
STATED = [*map(TimeLimit.parse, ("not_stated", "4 working_day", "2 working_day", "3 working_hour"))]


def revision(*steps: Step, **changes: object) -> Revision:
    """Make a revision with steps numbered from 1."""
    numbered = tuple(replace(step, number=n) for n, step in enumerate(steps, start=1))
    workflow = Workflow(
        name="ordinary", initial="submitted", states={}, actions={}, transitions=(),
        steps=numbered, facts={}, roles={},
    )  # fmt: skip
    plain = Revision(
        procedure="1.001806",
        period=Period(start=date(2026, 1, 2)),
        citation=OLD,
        template="ordinary",
        workflow=workflow,
    )
    return replace(plain, **changes)


def step(text: str, role: str = "officer", limit: str | None = "1 working_day") -> Step:
    time = TimeLimit.parse(limit) if limit else None
    return Step(number=1, phase="processing", label=Label(vi=text), role=role, limit=time)


def said(before: Revision, after: Revision, lang: str = "en") -> list[str]:
    return [each.text(lang) for each in differences(before, after)]


BASE = [step("Tiếp nhận"), step("Phân công"), step("Thẩm định", limit="4 working_day"), step("Ký")]


def test_a_time_is_told_as_before_and_after() -> None:
    """Step 3 from 4 to 2 working days, in both languages."""
    after = [*BASE[:2], replace(BASE[2], limit=TimeLimit.parse("2 working_day")), BASE[3]]
    assert said(revision(*BASE), revision(*after)) == ["step 3: 4 working days → 2 working days"]
    assert said(revision(*BASE), revision(*after), "vi") == [
        "bước 3: 4 ngày làm việc → 2 ngày làm việc"
    ]
    uncounted = [*BASE[:2], replace(BASE[2], limit=None), BASE[3]]
    assert said(revision(*BASE), revision(*uncounted)) == ["step 3: 4 working days → not counted"]


def test_steps_come_go_and_move() -> None:
    """An added step has the number of the later revision, the others that of the earlier."""
    assert said(revision(*BASE), revision(*BASE[:1], *BASE[2:])) == [
        "step 2: removed “Phân công” (1 working day)"
    ]
    assert said(revision(*BASE), revision(*BASE[:3], step("Đóng dấu"), BASE[3]), "vi") == [
        "bước 4: thêm “Đóng dấu” (1 ngày làm việc)"
    ]
    moved = [BASE[1], BASE[2], BASE[3], BASE[0]]
    assert said(revision(*BASE), revision(*moved)) == ["step 1 → step 4"]


def test_a_step_in_its_place_with_other_words_is_reworded() -> None:
    """Not removed and added: its neighbours are the same."""
    after = [*BASE[:2], replace(BASE[2], label=Label(vi="Thẩm tra"), role="leader"), BASE[3]]
    assert said(revision(*BASE), revision(*after)) == [
        "step 3: content: Thẩm định → Thẩm tra",
        "step 3: role: officer → leader",
    ]


def test_what_is_about_the_revision_comes_first() -> None:
    """Period, citation, template, limit."""
    limit = LimitRule(limit=TimeLimit.parse("7 working_day"), citation=OLD)
    before = revision(*BASE, limits=(limit,))
    after = replace(
        before,
        period=Period(start=date(2026, 2, 3), end=date(2027, 1, 1)),
        citation=NEW,
        limits=(replace(limit, limit=TimeLimit.parse("5 working_day"), citation=NEW),),
    )
    assert said(before, after) == [
        "period: from 2026-01-02 → from 2026-02-03 to before 2027-01-01",
        f"citation: {OLD.text('en')} → {NEW.text('en')}",
        f"limit: 7 working days, {OLD.text('en')} → 5 working days, {NEW.text('en')}",
    ]
    assert said(before, after, "vi")[0] == (
        "hiệu lực: từ 02/01/2026 → từ 03/02/2026 đến trước 01/01/2027"
    )


def test_entries_of_lists_come_and_go() -> None:
    """A limit for a channel, a fee, a paper, a level of online service."""
    limit = LimitRule(limit=TimeLimit.parse("3 day"), channel="online", citation=OLD)
    fee = Fee(amount=50_000, label=Label(vi="Lệ phí", en="Fee"), channel="counter", citation=OLD)
    paper = Requirement(label=Label(vi="Đơn"), original=1, form="Mẫu 01", citation=OLD)
    level = OnlineService(scheme="decree_42_2022", level="full", basis="published")
    more = revision(*BASE, limits=(limit,), fees=(fee,), requirements=(paper,), online=(level,))
    cited = OLD.text("en")
    assert said(revision(*BASE), more) == [
        f"limit: added 3 days (online), {cited}",
        "online service: added decree_42_2022 full (published)",
        f"requirement: added Đơn (1 + 0, Mẫu 01), {cited}",
        f"fee: added Fee 50,000 đồng (counter), {cited}",
    ]
    assert f"phí: bỏ Lệ phí 50.000 đồng (counter), {OLD}" in said(more, revision(*BASE), "vi")


steps = st.builds(
    Step,
    number=st.just(1),
    phase=st.sampled_from(["reception", "processing", "handover"]),
    label=st.builds(Label, vi=st.sampled_from(TEXTS), en=st.sampled_from(["", "A"])),
    role=st.sampled_from(ROLES),
    actor=st.sampled_from(["", "Chuyên viên", "Lãnh đạo"]),
    limit=st.sampled_from([None, *STATED]),
    agency=st.sampled_from([None, Label(vi="Sở Tài chính")]),
)
limits = st.builds(
    LimitRule,
    limit=st.sampled_from(STATED),
    channel=st.sampled_from([None, "online", "post"]),
    case=st.sampled_from([None, "cấp lại"]),
    citation=st.sampled_from([OLD, NEW]),
)


def distinct(least: int) -> st.SearchStrategy[list[Step]]:
    """Give steps with texts of their own."""
    return st.lists(steps, min_size=least, max_size=7, unique_by=lambda each: each.label.vi)


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    """Give a revision with up to 7 steps; texts may be equal."""
    cutoff = Cutoff(at=time(15), moves="transfer", citation=OLD)
    return revision(
        *draw(st.lists(steps, max_size=7)),
        citation=draw(st.sampled_from([OLD, NEW])),
        template=draw(st.sampled_from(["ordinary", "two_level"])),
        limits=tuple(draw(st.lists(limits, max_size=3))),
        cutoff=draw(st.sampled_from([None, cutoff])),
        period=draw(st.sampled_from([Period(start=None), Period(start=date(2026, 1, 2))])),
    )


@given(before=revisions())
def test_a_revision_does_not_differ_from_itself(before: Revision) -> None:
    """Also where steps or limits are equal among themselves."""
    assert differences(before, before) == ()


@given(before=revisions(), after=revisions())
def test_nothing_is_said_only_where_nothing_differs(before: Revision, after: Revision) -> None:
    """Any two revisions: no difference is left out, and each can be put into words."""
    found = differences(before, after)
    assert (found == ()) == (before == after)
    assert all(each.text("vi") and each.text("en") for each in found)


@given(before=revisions(), after=revisions())
def test_every_step_is_accounted_for(before: Revision, after: Revision) -> None:
    """Removed ones and added ones are the difference in length."""
    found = [each.kind for each in differences(before, after) if each.key == "step"]
    lengths = len(before.workflow.steps), len(after.workflow.steps)
    assert found.count("added") - found.count("removed") == lengths[1] - lengths[0]


@given(
    data=st.data(), before=st.lists(steps, min_size=1, max_size=7, unique_by=lambda s: s.label.vi)
)
def test_every_change_of_a_step_is_named(data: st.DataObject, before: list[Step]) -> None:
    """One key of one step changed: exactly that is said."""
    at = data.draw(st.integers(0, len(before) - 1))
    key = data.draw(st.sampled_from(["role", "limit", "actor", "phase", "agency"]))
    other = data.draw(steps.filter(lambda each: getattr(each, key) != getattr(before[at], key)))
    after = [*before]
    after[at] = replace(before[at], **{key: getattr(other, key)})
    (found,) = differences(revision(*before), revision(*after))
    assert (found.kind, found.key, found.step) == ("changed", key, at + 1)


@given(
    data=st.data(), before=st.lists(steps, min_size=2, max_size=7, unique_by=lambda s: s.label.vi)
)
def test_every_step_that_goes_or_moves_is_named(data: st.DataObject, before: list[Step]) -> None:
    """One removed, one put to the end: exactly that is said."""
    at = data.draw(st.integers(0, len(before) - 2))
    rest = [*before[:at], *before[at + 1 :]]
    (gone,) = differences(revision(*before), revision(*rest))
    assert (gone.kind, gone.key, gone.step) == ("removed", "step", at + 1)
    (come,) = differences(revision(*rest), revision(*before))
    assert (come.kind, come.key, come.step) == ("added", "step", at + 1)
    moved = differences(revision(*before), revision(*rest, before[at]))
    assert moved
    assert {each.kind for each in moved} == {"moved"}


def test_every_part_of_a_revision_is_compared() -> None:
    """A field that a revision gains is compared without being named here."""
    before = revision(*BASE)
    others = {
        "procedure": "1.000091", "clock_rules": "index766", "steps_basis": "assumed",
        "template": "two_level",
    }  # fmt: skip
    for name, value in others.items():
        (found,) = differences(before, replace(before, **{name: value}))
        assert found.key == name
    own = {each.name for each in fields(Revision)} - set(others)
    assert own >= {"period", "citation", "workflow", "limits", "cutoff", "online", "fees"}


PROCEDURE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ (ví dụ)}
field: {id: libraries, vi: Thư viện}
checked_on: "2026-11-21"
source: invented for this test
revisions:
  - effective_from: "2026-01-01"
    effective_until: "2026-07-01"
    citation: Quyết định 1/QĐ-UBND ngày 01/01/2026 (giả định)
    template: ordinary
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, limit: 4 working_day, vi: Thẩm định}
      - {number: 3, phase: handover, role: receptionist, vi: Trả kết quả}
  - effective_from: "2026-07-01"
    citation: Quyết định 1/QĐ-UBND ngày 01/01/2026 (giả định)
    template: ordinary
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, limit: 2 working_day, vi: Thẩm định}
      - {number: 3, phase: handover, role: receptionist, vi: Trả kết quả}
"""


@pytest.fixture
def app() -> typer.Typer:
    """Give a program with the command."""
    program = typer.Typer()
    program.command()(diff)
    return program


def test_the_command_compares_revisions_of_a_file(app: typer.Typer, tmp_path: Path) -> None:
    """FILE@revision; without it, the last one."""
    path = tmp_path / "9.000001.yaml"
    path.write_text(PROCEDURE, encoding="utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-01-01", str(path)])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "period: from 2026-01-01 to before 2026-07-01 → from 2026-07-01",
        "step 2: 4 working days → 2 working days",
    ]
    same = CliRunner().invoke(app, [str(path), str(path), "--lang", "vi"])
    assert same.stdout == ""
    assert "Không có khác biệt." in same.stderr


def test_the_command_gives_data(app: typer.Typer, tmp_path: Path) -> None:
    """The keys that programs rely on."""
    path = tmp_path / "9.000001.yaml"
    path.write_text(PROCEDURE, encoding="utf-8")
    done = CliRunner().invoke(app, [f"{path}@2026-01-01", str(path), "--json"])
    record = json.loads(done.stdout)[1]
    assert record == {
        "kind": "changed", "key": "limit", "step": 2, "before": "4 working days",
        "after": "2 working days", "text": "step 2: 4 working days → 2 working days",
    }  # fmt: skip


def test_what_is_neither_file_nor_code_is_wrong_use(app: typer.Typer) -> None:
    """The command ends with 2."""
    assert CliRunner().invoke(app, ["nowhere.yaml", "nowhere.yaml"]).exit_code == 2
