"""Facts with labels: how a file declares them, what it means without them, where they are shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml

from igate.checks.checker import check_paths
from igate.deadlines.rulefile import shipped_rules
from igate.files.yaml import parse
from igate.law.citation import Label
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.conditions import guard_words
from igate.procedures.definition import Definition
from igate.procedures.naming import BUILT_IN_LABELS, fact_called, fact_label
from igate.procedures.reading.template_file import read_template
from igate.procedures.workflow import BUILT_IN_FACTS
from igate.publish.comparison.procedures import differences
from igate.publish.resolved import resolve
from igate.publish.rule_words import Conditions
from igate.publish.template_text import sections
from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from igate.procedures.procedure import Revision

DAY = date(2026, 3, 2)
#: A course of its own, so that no label of a shipped template is in it.
TEMPLATE = """\
format: 1
template: brief
label: {vi: Ngắn, en: Brief}
citation: Luật 1 (giả định)
initial: submitted
roles:
  receptionist: {vi: Người tiếp nhận, en: Receptionist}
  officer: {vi: Chuyên viên, en: Officer}
facts: {visited: bool, price: {kind: int, set_by: [officer]}}
states:
  submitted: {label: {vi: Mới đăng ký, en: Submitted}, national_status: 1, phase: reception}
  processing:
    label: {vi: "Bước {step}", en: "Step {step}"}
    national_status: 4
    expand: processing
  returned: {label: {vi: Đã trả, en: Returned}, national_status: 10, phase: handover, final: true}
actions:
  receive: {vi: Tiếp nhận, en: Receive}
  forward: {vi: Chuyển, en: Pass on}
  finish: {vi: Trả, en: Hand over}
transitions:
  - {action: receive, from: submitted, to: processing.first, roles: [receptionist], clock: start}
  - {action: forward, from: processing, to: processing.next, roles: [step]}
  - action: finish
    from: processing.last
    to: returned
    roles: [step]
    guard: visited or price == 0
    clock: finish
    outcome: granted
"""
PROCEDURE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ, en: Issue a card}
field: {id: libraries, vi: Thư viện, en: Libraries}
checked_on: "2026-03-01"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND ngày 02/01/2026 của UBND tỉnh Đắk Lắk (giả định)
    template: brief
    limits: [{limit: 3 working_day, citation: "Quyết định 1/QĐ-UBND (giả định)"}]
    facts: {urgent: bool, remark: {kind: text, set_by: [officer, finish]}}
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận, en: Receive}
      - number: 2
        phase: processing
        role: officer
        vi: Thẩm định
        en: Examine
        ways: [{action: forward, to: 3, guard: not urgent}]
      - {number: 3, phase: processing, role: officer, vi: Ký, en: Sign}
      - {number: 4, phase: handover, role: receptionist, vi: Trả, en: Hand over}
"""
#: SHA-256 of that revision with the rules of its day, as igate wrote it when facts had no labels.
DIGEST_BEFORE = "9de75e0600ed9e9bfeca131021599ac437f71cd53cf561594b75468af4e46611"
URGENT = "{kind: bool, vi: thuộc diện khẩn, en: of urgency}"
VISITED = "{kind: bool, vi: đã khảo sát thực địa, en: visited on site}"


def write(folder: Path, procedure: str = PROCEDURE, template: str = TEMPLATE) -> Path:
    """Write the two files into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "brief.yaml").write_text(template, encoding="utf-8")
    (folder / "9.000001-card.yaml").write_text(procedure, encoding="utf-8")
    return folder


def revision(folder: Path) -> Revision:
    """Return the revision that the files of a folder mean."""
    return Catalog.load(folder).procedure("9.000001").in_force(DAY)


def labelled(folder: Path) -> Path:
    """Write the two files with a label of a fact in each."""
    return write(
        folder,
        PROCEDURE.replace("urgent: bool", f"urgent: {URGENT}"),
        TEMPLATE.replace("visited: bool", f"visited: {VISITED}"),
    )


def test_a_file_without_labels_is_what_it_was(tmp_path: Path) -> None:
    """Its definition has the digest under which journals keep it, and no word of labels."""
    made = Definition.of(revision(write(tmp_path)), shipped_rules(on=DAY))
    assert made.digest == DIGEST_BEFORE
    assert "fact_labels" not in made.text
    assert made.revision.workflow.set_by == {"price": ("officer",), "remark": ("officer", "finish")}


def test_a_label_is_kept_with_what_was_promised(tmp_path: Path) -> None:
    """A dossier keeps the words it was received under; the kinds of its facts are the same."""
    made = Definition.of(revision(labelled(tmp_path)), shipped_rules(on=DAY))
    read = Definition.read(made.text, made.digest)
    workflow = read.revision.workflow
    assert workflow.fact_labels == {
        "visited": Label(vi="đã khảo sát thực địa", en="visited on site"),
        "urgent": Label(vi="thuộc diện khẩn", en="of urgency"),
    }
    assert workflow.facts == revision(write(tmp_path / "plain")).workflow.facts


def test_a_kind_alone_and_in_a_mapping_mean_the_same(tmp_path: Path) -> None:
    """So a label can be added later, and taken away again."""
    mapping = revision(write(tmp_path, PROCEDURE.replace("urgent: bool", "urgent: {kind: bool}")))
    assert mapping == revision(write(tmp_path))


@pytest.mark.parametrize(
    ("written", "code", "english", "vietnamese"),
    [
        (
            '{kind: bool, vi: ""}',
            "missing-label",
            "vi: A text is empty. Write the text.",
            "vi: Một đoạn chữ để trống. Điền đoạn chữ.",
        ),
        (
            "{kind: bool, en: urgent}",
            "missing-label",
            (
                'urgent: There is an "en" without a "vi": "urgent". '
                "Write the Vietnamese too, or leave the English out."
            ),
            'urgent: Có "en" mà không có "vi": "urgent". Viết cả tiếng Việt, hoặc bỏ tiếng Anh.',
        ),
        (
            "{kind: booll, vi: khẩn}",
            "bad-value",
            (
                "kind: 'booll' is not known here. Write 'bool', 'int' or 'text'. "
                'Did you mean "bool"?'
            ),
            (
                "kind: ở đây không biết giá trị 'booll'. Viết 'bool', 'int' hoặc 'text'. "
                'Có phải ý là "bool"?'
            ),
        ),
        (
            "boolean",
            "bad-value",
            (
                "urgent: 'boolean' is no kind of a fact. Did you mean \"bool\"? "
                "Write bool, int or text, or {kind: bool, vi: …, en: …}."
            ),
            (
                "urgent: 'boolean' không phải là loại dữ kiện. Có phải ý là \"bool\"? "
                "Viết bool, int hoặc text, hoặc {kind: bool, vi: …, en: …}."
            ),
        ),
        (
            "{kind: bool, vi: khẩn, en: }",
            "wrong-type",
            "en: nothing does not fit here. Write a text, or leave the key out.",
            "en: chỗ trống không hợp ở đây. Viết một đoạn chữ, hoặc bỏ mục này.",
        ),
        (
            "{kind: bool, label: khẩn}",
            "unknown-key",
            'There is no key "label" here. The keys here are kind, vi, en, set_by.',
            'Ở đây không có mục "label". Các mục ở đây là kind, vi, en, set_by.',
        ),
    ],
)
def test_what_is_no_fact_is_said(
    tmp_path: Path, written: str, code: str, english: str, vietnamese: str
) -> None:
    """What is wrong and what to write, in both languages, at the line of the fact."""
    folder = write(tmp_path, PROCEDURE.replace("urgent: bool", f"urgent: {written}"))
    (found,) = [each for each in check_paths([folder]) if each.severity == "error"]
    assert (found.code, found.place.line) == (code, 12)
    assert str(found).partition("] ")[2] == english
    assert found.text("vi").partition("] ")[2] == vietnamese


def test_a_template_has_a_label_in_both_languages_or_in_none(tmp_path: Path) -> None:
    """As with its states, actions and roles; a procedure may leave the English to a note."""
    one = "{kind: bool, vi: khảo sát}"
    found = check_paths(
        [write(tmp_path, template=TEMPLATE.replace("visited: bool", f"visited: {one}"))]
    )
    assert [(each.code, each.place.line) for each in found if each.severity == "error"] == [
        ("unknown-template", 10),
        ("missing-label", 9),
    ]
    english = TEMPLATE.replace("visited: bool", "visited: {kind: bool, en: seen}")
    found = check_paths([write(tmp_path, template=english)])
    assert 'There is an "en" without a "vi": "seen".' in " ".join(map(str, found))
    again = check_paths([write(tmp_path, PROCEDURE.replace("urgent: bool", f"urgent: {one}"))])
    assert [each.code for each in again if each.severity != "warning"] == ["missing-translation"]


def test_every_fact_of_igate_and_of_the_shipped_templates_has_a_label() -> None:
    """Nobody at a desk reads a name of the program alone."""
    assert BUILT_IN_LABELS.keys() == BUILT_IN_FACTS.keys()
    assert all(label.vi and label.en for label in BUILT_IN_LABELS.values())
    for path in sorted((ROOT / "igate" / "workflows" / "templates").glob("*.yaml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8")).get("facts", {})
        assert [name for name, each in declared.items() if not (each["vi"] and each["en"])] == []


def test_a_fact_is_called_as_its_file_says(tmp_path: Path) -> None:
    """The label of the file, that of igate for a fact of its own, and else the name alone."""
    workflow = revision(labelled(tmp_path)).workflow
    said = fact_called(workflow, "urgent")
    assert (str(said), said.text("vi")) == (  # type: ignore[attr-defined]
        '"of urgency" (urgent)',
        '"thuộc diện khẩn" (urgent)',
    )
    assert str(fact_called(workflow, "apologies")) == '"apologies made" (apologies)'
    assert str(fact_called(workflow, "remark")) == '"remark"'
    assert fact_label(workflow, "remark") is None


def test_the_pages_show_the_label(tmp_path: Path) -> None:
    """The condition of an action, the table of a template, and what a file means resolved."""
    folder = labelled(tmp_path)
    made = revision(folder)
    guard = next(each.guard for each in made.workflow.transitions if each.action == "finish")
    assert guard is not None
    conditions = Conditions(made.workflow)
    assert conditions.text(guard, "vi") == "đã khảo sát thực địa hoặc price = 0"
    assert conditions.text(guard, "en") == "visited on site or price = 0"
    way = next(each.guard for each in made.workflow.transitions if each.action == "forward")
    assert way is not None
    assert conditions.text(way, "vi") == "không thuộc diện khẩn"
    resolved = resolve("9.000001", on=DAY, paths=[folder])
    assert {each.key: each.text for each in resolved.lines if each.section == "facts"} == {
        "visited": "bool (đã khảo sát thực địa | visited on site)",
        "price": "int",
        "urgent": "bool (thuộc diện khẩn | of urgency)",
        "remark": "text",
    }
    course, _ = read_template(
        parse((folder / "brief.yaml").read_text(encoding="utf-8"), file="brief.yaml"),
        lambda _: None,
        ["brief"],
    )
    assert course is not None
    (facts,) = [each for each in sections(course, "vi", shipped_rules(on=DAY))
                if each.title == "Dữ kiện"]  # fmt: skip
    assert facts.headings == ("Tên trong tệp", "Nội dung", "Loại")
    assert facts.rows == (("visited", "đã khảo sát thực địa", "bool"), ("price", "", "int"))


def test_a_label_that_changes_is_a_difference(tmp_path: Path) -> None:
    """The fact with its label and kind before and after; nothing where only set_by differs."""
    before, after = revision(write(tmp_path / "a")), revision(labelled(tmp_path / "b"))
    said = [each.text("vi") for each in differences(before, after)]
    assert said == [
        "dữ kiện khai báo: urgent (có hoặc không) → urgent (thuộc diện khẩn, có hoặc không)",
        "dữ kiện khai báo: visited (có hoặc không) → visited (đã khảo sát thực địa, có hoặc không)",
    ]


@pytest.mark.parametrize(
    ("text", "english", "vietnamese"),
    [
        ("a and not b", "A and not B", "đã A và không B"),
        ("not a or (b and a)", "not A or (B and A)", "chưa A hoặc (B và đã A)"),
        ("b not in ['a', 'and']", "B not in ['a', 'and']", "B không thuộc ['a', 'and']"),
        ("b != 3 and a == True", "B ≠ 3 and A = yes", "B ≠ 3 và đã A = có"),
    ],
)
def test_a_guard_in_words(text: str, english: str, vietnamese: str) -> None:
    """Names by their labels, signs as people write them; texts in quotes and numbers stay."""
    labels = {"a": Label(vi="đã A", en="A"), "b": Label(vi="B", en="B")}

    def named(lang: str, name: str, *, no: bool) -> str:
        word = labels[name].text("vi" if lang == "vi" else "en")
        if not no:
            return word
        return (
            word.replace("đã", "chưa")
            if word.startswith("đã")
            else (f"không {word}" if lang == "vi" else f"not {word}")
        )

    assert guard_words(text, "en", lambda name, no: named("en", name, no=no)) == english
    assert guard_words(text, "vi", lambda name, no: named("vi", name, no=no)) == vietnamese
