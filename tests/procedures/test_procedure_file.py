"""Procedure and template files: what they hold, and what is said about those that are wrong."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
from datetime import date, time
from typing import TYPE_CHECKING

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.checks import procedure_faults, step_sums, way_faults
from igate.checks.checker import check_paths
from igate.errors import DefinitionError, TimeLimitError
from igate.files.findings import CODES, severity_of
from igate.files.sources import shipped
from igate.files.yaml import parse, read
from igate.procedures.reading.keys import ProcedureFile, TemplateFile
from igate.procedures.reading.procedure_file import read_procedure
from igate.procedures.reading.templates import Templates
from model_keys import keys
from places import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from igate.errors import Finding
    from igate.procedures.procedure import Procedure, Revision

BROKEN = ROOT / "tests" / "broken"
SCHEMAS = ROOT / "igate" / "workflows" / "schema"
#: the pages that say what each key means, and the page with the whole file that they share
KEYS = ROOT / "docs" / "reference" / "procedure-file"
KEY_PAGES = [page for page in sorted(KEYS.glob("*.md")) if page.name != "whole-file.md"]
TEMPLATES = Templates({source.stem: source for source in shipped("templates")})

with (BROKEN / "expected.csv").open(encoding="utf-8", newline="") as table:
    EXPECTED = {row["fault"]: row for row in csv.DictReader(table)}

HEAD = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ, en: Issue of an example card}
field: {id: libraries, vi: Thư viện, en: Libraries}
ministry: Bộ Văn hóa, Thể thao và Du lịch
level: [xã]
agencies: [Ủy ban nhân dân cấp xã]
checked_on: "2026-11-21"
source: invented
revisions:
"""
REVISION = """\
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
"""
STEPS = """\
    steps:
      - {number: 1, phase: reception, role: receptionist, limit: 1/2 working_day, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, limit: 2 working_day, vi: Thẩm định,
         actor: Chuyên viên, agency: {vi: Sở Tài chính}}
      - {number: 3, phase: handover, role: receptionist, limit: not_counted, vi: Trả kết quả}
"""


def checked(text: str) -> tuple[Procedure | None, list[Finding]]:
    """Read a procedure file with the shipped templates."""
    read = parse(text, file="f.yaml")
    procedure, found = read_procedure(read, TEMPLATES)
    if procedure is not None:
        faults = [*procedure_faults(procedure), *step_sums(procedure)]
        found += [fault.placed(read) for fault in [*faults, *way_faults(read, procedure)]]
    return procedure, sorted(found, key=lambda each: (each.place.line, each.place.column))


def revision(text: str) -> Revision:
    """Read a procedure file without errors and give its last revision."""
    procedure, found = checked(text)
    assert procedure is not None, found
    *_, (_, last) = procedure.revisions
    return last


def findings(text: str) -> list[tuple[str, int]]:
    """Return code and line of each finding in a procedure file."""
    return [(each.code, each.place.line) for each in checked(text)[1]]


def limits(*rules: str) -> str:
    """Write time limits, each with a citation."""
    cited = "citation: Quyết định 1/QĐ-UBND (giả định)"
    return "    limits:\n" + "".join(f"      - {{{rule}, {cited}}}\n" for rule in rules)


def path_of(fault: str) -> Path:
    """Return the broken file of a fault, or the folder of its files."""
    return BROKEN / fault if (BROKEN / fault).is_dir() else BROKEN / f"{fault}.yaml"


#: A repository keeps no permissions; tests/files/test_exposure.py makes such files.
KEPT = [code for code in CODES if code != "writable-by-others"]


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_broken_file_is_reported_with_place_words_and_nothing_else(fault: str) -> None:
    """One fault a file: its code alone is found, at its line and column, in the right words.

    A code with several kinds of faults has a file of each; behind a dot it is named.
    """
    found = check_paths([path_of(fault)], stale=365, today=date(2026, 11, 21))
    (code,) = {each.code for each in found}
    assert code == fault.partition(".")[0]
    expected = EXPECTED[fault]
    places = {str(each.place): each for each in found}
    each = places[str(BROKEN / expected["place"])]
    assert [word for word in expected["words"].split("|") if word not in str(each)] == []
    assert each.remedy
    assert each.severity == severity_of(code)


def test_every_finding_code_has_its_broken_file() -> None:
    """And every broken file shows a code that the checker can give."""
    files = {path.stem for path in BROKEN.iterdir() if path.name != "expected.csv"}
    assert files == set(EXPECTED)
    assert {fault.partition(".")[0] for fault in files} == set(KEPT)


def test_every_finding_code_is_given_somewhere_in_the_code() -> None:
    """No code is listed that nothing can give."""
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "igate").rglob("*.py")
        if path.name != "findings.py"
    )
    assert [code for code in CODES if f'"{code}"' not in sources] == []


def test_all_problems_of_a_file_are_given_at_once() -> None:
    """Faults of text, shape and meaning in one file: each is found, in the order of the lines."""
    text = (
        HEAD.replace("ministry:", "minstry:").replace('"9.000001"', "9.000001")
        + REVISION.replace("ordinary", "ordinery")
        + limits("limit: 3 wroking_day")
        + REVISION
        + STEPS.replace("officer", "oficer").replace("number: 3", "number: 5")
    )
    assert findings(text) == [
        ("unquoted-code", 2),
        ("unknown-key", 5),
        ("unknown-template", 13),
        ("bad-time-limit", 15),
        ("overlapping-revisions", 16),
        ("unknown-role", 21),
        ("step-numbers", 23),
    ]


def test_a_wrong_value_that_others_depend_on_leads_to_no_follow_up() -> None:
    """A step without a readable number is reported once, not as a gap in the numbers too."""
    text = HEAD + REVISION + STEPS.replace("number: 2", "number: two")
    assert findings(text) == [("wrong-type", 16)]


def test_a_file_that_is_no_mapping_says_so() -> None:
    """A list where keys belong is one finding, not one for each missing key."""
    assert findings("- a\n- b\n") == [("wrong-type", 1)]


def test_a_procedure_file_becomes_values() -> None:
    """Everything written is there, and nothing else."""
    procedure, found = checked(
        HEAD
        + REVISION
        + limits("limit: 4 working_day", "limit: 2.5 working_day, channel: online")
        + """\
    online: [{scheme: decree_42_2022, level: full, basis: published}]
    requirements:
      - {vi: Tờ khai, original: 1, form: Mẫu 01, citation: Luật 1 (giả định)}
    fees:
      - {amount: 20000, vi: Lệ phí, channel: counter, citation: Luật 1 (giả định)}
"""
        + STEPS
    )
    assert found == []
    assert procedure is not None
    assert (procedure.code, procedure.name.vi) == ("9.000001", "Cấp thẻ ví dụ")
    assert (procedure.field.id, procedure.level) == ("libraries", ("xã",))
    assert procedure.checked_on == date(2026, 11, 21)
    made = procedure.in_force(date(2026, 1, 1))
    assert (made.id, str(made), made.template) == (
        "2026-01-01",
        "9.000001 as of 2026-01-01",
        "ordinary",
    )
    assert [str(rule.limit) for rule in made.limits] == ["4 working_day", "2.5 working_day"]
    assert [(each.scheme, each.level) for each in made.online] == [("decree_42_2022", "full")]
    assert [(each.label.vi, each.original) for each in made.requirements] == [("Tờ khai", 1)]
    assert [(fee.amount, fee.channel) for fee in made.fees] == [(20000, "counter")]
    first, second, last = made.workflow.steps
    assert (str(first.limit), first.role) == ("0.5 working_day", "receptionist")
    assert second.agency is not None
    assert (second.actor, second.agency.vi) == ("Chuyên viên", "Sở Tài chính")
    assert last.limit is None
    assert made.steps_basis == "published"


def test_a_revision_without_steps_takes_the_assumed_ones_of_its_template() -> None:
    """They are marked as assumed, and their times as not stated."""
    made = revision(HEAD + REVISION)
    assert made.steps_basis == "assumed"
    assert len(made.workflow.steps) == 7
    assert {step.limit.stated for step in made.workflow.steps if step.limit} == {False}


def test_the_narrowest_limit_counts() -> None:
    """Đắk Lắk, 1.000603: 6 working hours online, 8 in person, 24 by post (QĐ 02144/QĐ-UBND)."""
    made = revision(
        HEAD
        + REVISION
        + limits(
            "limit: 8 working_hour",
            "limit: 6 working_hour, channel: online",
            "limit: 24 working_hour, channel: post",
            "limit: 60 day, channel: post, case: I",
        )
    )
    assert [str(made.limit_for(channel=each)) for each in ("online", "counter", "post")] == [
        "6 working_hour",
        "8 working_hour",
        "24 working_hour",
    ]
    assert str(made.limit_for(channel="post", case="I", area="x")) == "60 day"
    assert str(made.limit_for(channel="counter", case="I")) == "8 working_hour"


def test_a_dossier_that_no_limit_fits_is_refused_with_the_list() -> None:
    """A limit for two cases says nothing about a third (Đắk Lắk, 1.014466: 60 and 45 days)."""
    made = revision(
        HEAD + REVISION + limits("limit: 60 day, case: I-II", "limit: 45 day, case: III")
    )
    with pytest.raises(TimeLimitError, match='60 day for case "I-II"; 45 day for case "III"'):
        made.limit_for(channel="counter", case="IV")


def test_without_any_limit_it_is_not_stated() -> None:
    """Not stated is a value, never zero."""
    assert not revision(HEAD + REVISION).limit_for(channel="counter").stated


@pytest.mark.parametrize(
    ("rules", "ambiguous"),
    [
        (("limit: 1 day, channel: online", "limit: 2 day, channel: post"), False),
        (("limit: 1 day, channel: online", "limit: 2 day"), False),
        (("limit: 1 day, channel: online", "limit: 2 day, case: I"), True),
        (("limit: 1 day, case: I", "limit: 2 day, case: I"), True),
        (("limit: 1 day, case: I, area: a", "limit: 2 day, case: I, area: b"), False),
    ],
)
def test_limits_that_contradict_each_other_are_refused(
    rules: tuple[str, str],
    ambiguous: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Two limits may both fit a dossier only if one of them is narrower."""
    codes = [code for code, _ in findings(HEAD + REVISION + limits(*rules))]
    assert codes == ["ambiguous-limit"] * ambiguous


def test_the_names_of_clock_rules_are_those_of_their_files() -> None:
    """A rule file is found by its name, so ``rules:`` in it says the same."""
    for path in (ROOT / "igate" / "deadlines" / "vn").glob("*.yaml"):
        data = read(path.read_text(encoding="utf-8"), file=path.name).data
        assert isinstance(data, dict)
        assert data["rules"] == path.stem


def test_a_cut_off_of_the_revision_goes_before_that_of_its_template() -> None:
    """Decree 63/2024: after 15:00 the count begins on the next working day."""
    written = (
        "    cutoff: {time: '16:30', moves: start, citation: 'Nghị định 63/2024/NĐ-CP, Điều 7'}\n"
    )
    own, inherited = revision(HEAD + REVISION + written).cutoff, revision(HEAD + REVISION).cutoff
    assert own is not None
    assert inherited is not None
    assert (own.at, own.moves) == (time(16, 30), "start")
    assert (inherited.at, inherited.moves) == (time(15), "transfer")


@pytest.mark.parametrize(
    ("limit", "steps", "found"),
    [
        ("10 working_day", ["0.5 working_day", "0.5 working_day", "7 working_day",
                            "0.5 working_day", "1 working_day", "0.5 working_day"], []),
        ("10 working_day", ["2 working_hour", "4 working_hour", "58 working_hour",
                            "6 working_hour", "7 working_hour", "3 working_hour"], []),
        ("9 working_day", ["2 working_hour", "71 working_hour"], ["steps-exceed-limit"]),
        ("17 day", ["17 day"], []),
        ("17 day", ["18 day"], ["steps-exceed-limit"]),
        ("17 day", ["17 working_day"], ["mixed-units"]),
        ("17 day", ["16 day", "1 working_day"], ["mixed-units"]),
        ("not_stated", ["17 day"], []),
        ("1 day", ["not_stated", "not_counted"], []),
    ],
)  # fmt: skip
def test_the_sum_of_the_steps_is_compared_with_the_limit(
    limit: str, steps: list[str], found: list[str]
) -> None:
    """Cao Bằng 1.001806 sums to 10 days, Nghệ An's 80 hours are 10 days; 73 hours exceed 9 days."""
    rows = [
        f"      - {{number: {number}, phase: processing, role: officer, limit: {each}, vi: Bước}}\n"
        for number, each in enumerate(steps, start=1)
    ]
    last = f"      - {{number: {len(steps) + 1}, phase: handover, role: clerk, vi: Trả}}\n"
    text = HEAD + REVISION + limits(f"limit: {limit}") + "    steps:\n" + "".join([*rows, last])
    assert [code for code, _ in findings(text)] == found


def test_two_revisions_follow_one_another() -> None:
    """The end of the first is the start of the second: each day has one revision."""
    first = REVISION.replace("2026-01-01", "unknown") + '    effective_until: "2026-01-01"\n'
    procedure, found = checked(HEAD + first + REVISION)
    assert [(each.code, each.severity) for each in found] == [("unknown-start", "note")]
    assert procedure is not None
    assert procedure.in_force(date(2025, 12, 31)).id == "unknown"
    assert procedure.in_force(date(2026, 1, 1)).id == "2026-01-01"
    assert procedure.revision("unknown").period.end == date(2026, 1, 1)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """The end is exclusive, so it comes after the start."""
    text = HEAD + REVISION + '    effective_until: "2026-01-01"\n'
    assert findings(text) == [("bad-date", 14)]


def test_doubts_are_left_out_where_nobody_reads_them() -> None:
    """Loading a procedure looks for errors only."""
    text = HEAD + REVISION.replace('"2026-01-01"', "unknown")
    assert findings(text) == [("unknown-start", 11)]
    assert read_procedure(parse(text, file="f.yaml"), TEMPLATES)[1] == []


def test_a_template_of_the_host_can_be_used_beside_it(tmp_path: Path) -> None:
    """Files given together are one catalogue; a broken template is named by its procedure."""
    (tmp_path / "brief.yaml").write_text(
        "format: 1\ntemplate: brief\nextends: ordinary\n"
        "label: {vi: Ngắn, en: Brief}\ncitation: Luật 1 (giả định)\n",
        encoding="utf-8",
    )
    (tmp_path / "9.000001-card.yaml").write_text(
        HEAD + REVISION.replace("ordinary", "brief"), encoding="utf-8"
    )
    assert check_paths([tmp_path]) == ()
    (tmp_path / "brief.yaml").write_text(
        "format: 1\ntemplate: brief\nextends: ordinary\nlabel: {vi: Ngắn}\n", encoding="utf-8"
    )
    assert [each.code for each in check_paths([tmp_path])] == [
        "unknown-template",
        "missing-citation",
        "missing-label",
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("extends: ordinary", "extends: ordinery"), "bad-extends"),
        (("extends: ordinary", "extends: brief"), "bad-extends"),
        (("extends: ordinary", "initial: submitted"), "missing-key"),
        (("extends: ordinary", "extends: ordinary\ninitial: nowhere"), "unknown-state"),
        (("extends: ordinary", "extends: ordinary\nany_agency_roles: [council]"), "unknown-role"),
        (("extends: ordinary", "extends: ordinary\nfacts: {fee_due: int}"), "wrong-type"),
        (("roles: [step]", "roles: [council]"), "unknown-role"),
        (("from: processing, to: processing.next", "from: received, to: processing.first"),
         "unknown-role"),
        (("from: processing,", "from: processing.next,"), "bad-position"),
        (("to: processing.next", "to: processing"), "bad-position"),
        (("to: processing.next", "to: solved.next"), "bad-position"),
        (("from: processing, to: processing.next, roles: [step]",
          "from: received, to: processing.same, roles: [clerk]"), "bad-position"),
        (("roles: [step]", "roles: [step], enters: council"), "unknown-role"),
    ],
)  # fmt: skip
def test_a_template_that_names_what_is_not_there_is_refused(
    tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    """States, positions, roles and facts must be declared, here or in the template extended."""
    text = (
        "format: 1\ntemplate: brief\nextends: ordinary\n"
        "label: {vi: Ngắn, en: Brief}\ncitation: Luật 1 (giả định)\n"
        "transitions:\n"
        "  - {action: forward, from: processing, to: processing.next, roles: [step]}\n"
    )
    assert change[0] in text
    file = tmp_path / "brief.yaml"
    file.write_text(text, encoding="utf-8")
    assert check_paths([file]) == ()
    file.write_text(text.replace(*change), encoding="utf-8")
    assert {each.code for each in check_paths([file])} == {code}


@given(st.data())
def test_any_damage_to_a_file_is_reported_and_never_a_crash(data: st.DataObject) -> None:
    """A line left out, doubled or replaced gives a procedure or findings with places."""
    lines = (HEAD + REVISION + limits("limit: 3 working_day") + STEPS).splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["drop", "double", "cut", "swap", "type"]))
    if change == "drop":
        del lines[at]
    elif change == "double":
        lines.insert(at, lines[at])
    elif change == "cut":
        lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
    elif change == "swap":
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    else:
        junk = data.draw(
            st.sampled_from(["1", "true", "[]", "{}", "[1]", "{a: 1}", "x", "''", "~"])
        )
        lines[at] = re.sub(r": .*$", f": {junk}", lines[at])
    try:
        procedure, found = checked("\n".join(lines))
    except DefinitionError as error:
        procedure, found = None, list(error.findings)
    assert all(each.code in CODES and each.place.line >= 1 for each in found)
    errors = [each for each in found if each.severity == "error"]
    assert (procedure is None) is bool(errors)


def schema_tool() -> ModuleType:
    """Load the program that writes the schema files."""
    spec = importlib.util.spec_from_file_location(
        "write_schema", ROOT / "tools" / "write_schema.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["procedure", "rules", "template"])
def test_the_schema_files_are_those_of_the_models(name: str) -> None:
    """Run ``python tools/write_schema.py`` after a change of the models."""
    written = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert written == schema_tool().schema(name)


def test_editors_and_the_loader_accept_the_same_files() -> None:
    """Shipped files satisfy the JSON Schema that their first line names; a wrong key does not."""
    procedure = jsonschema.Draft202012Validator(
        json.loads((SCHEMAS / "procedure.json").read_text())
    )
    template = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "template.json").read_text()))
    for source in shipped("templates"):
        template.validate(source.read().data)
    for source in shipped("procedures"):
        procedure.validate(source.read().data)
    procedure.validate(read(HEAD + REVISION + STEPS, file="f.yaml").data)
    wrong = read((BROKEN / "unknown-key.yaml").read_text(encoding="utf-8"), file="f.yaml")
    assert not procedure.is_valid(wrong.data)


def test_every_key_has_its_heading_with_an_example() -> None:
    """The pages of the procedure file have a heading for each key, and none for anything else."""
    sections = [section for page in KEY_PAGES for section in key_sections(page)]
    headings = [section.splitlines()[0] for section in sections]
    # what both kinds of file have is described once
    shared = ("cutoff.", "steps.")
    template = [key for key in keys(TemplateFile) if not key.startswith(shared)]
    wanted = [f"`{key}`" for key in keys(ProcedureFile)]
    wanted += [f"`{key}` in a template" for key in template]
    assert sorted(headings) == sorted(wanted)
    for section in sections:
        key = section.split("`")[1].rpartition(".")[2]
        example = section.split("```yaml")[1]
        assert f"{key}:" in example, section


def test_the_index_leads_to_every_key() -> None:
    """docs/reference/procedure-file.md links the heading of each key under its full name."""
    index = (KEYS.parent / "procedure-file.md").read_text(encoding="utf-8")
    missing = [
        (page.name, heading)
        for page in KEY_PAGES
        for section in key_sections(page)
        if f"[{(heading := section.splitlines()[0]).partition(' ')[0]}]"
        f"({KEYS.name}/{page.name}#{anchor(heading)})" not in index
    ]
    assert missing == []


def key_sections(page: Path) -> list[str]:
    """Return the sections of a page, each from its heading on."""
    return re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def anchor(heading: str) -> str:
    """Return the anchor that forges give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_finding_has_its_paragraph() -> None:
    """docs/reference/findings.md has one heading for each code: what, why, what to do."""
    page = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    assert [section.split("`")[1] for section in sections] == list(CODES)
    for section in sections:
        assert "*Why it matters:*" in " ".join(section.split())
        assert "*What to do:*" in " ".join(section.split())


def test_quotes_of_a_word_processor_are_named() -> None:
    """To YAML they are letters; what is to be written stands in the remedy."""
    text = HEAD.replace("id: libraries", "id: “libraries”") + REVISION + limits('limit: ""')
    quotes, limit = checked(text)[1]
    assert (quotes.code, limit.code) == ("bad-name", "bad-time-limit")
    assert 'quotes are those of a word processor. Write "libraries"' in quotes.text("en")
    assert "The limit is empty." in limit.text("en")
