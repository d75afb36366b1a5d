"""``igate templates`` and its page, held against the files of the shipped templates.

The files are read here with a YAML reader of its own: nothing is expected because igate says so.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from igate.cli.templates import templates
from igate.errors import DefinitionError, IgateError
from igate.importing.actors import role_of
from places import ROOT, TESTS

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "igate" / "workflows" / "templates"
PAGE = (ROOT / "docs" / "reference" / "templates.md").read_text(encoding="utf-8")
BROKEN = TESTS / "broken"
NAMES = ["consultation", "ordinary", "same_day", "two_level"]
RUNNER = CliRunner()

POSITIONS = {
    "first": " (first step)", "last": " (last step)", "next": " (next step)",
    "previous": " (step before)", "same": " (same step)",
}  # fmt: skip
#: What an action does to the clock under Nghị định 118/2025/NĐ-CP: a supplement makes the time
#: limit begin anew (Điều 19 khoản 5), asking for an opinion does not stop it (Điều 19 khoản 4).
CLOCK = {
    (None, None): "",
    ("start", None): "the time limit starts",
    ("finish", None): "the clock ends",
    ("stop", None): "the clock stops for good",
    ("replace", None): "a new due date replaces the old one",
    ("suspend", "supplement"): "the clock is suspended",
    ("resume", "supplement"): "the time limit is counted anew",
    ("suspend", "payment"): "the clock is suspended",
    ("resume", "payment"): "the clock goes on",
    ("suspend", "opinion"): "the clock runs on",
    ("resume", "opinion"): "the clock runs on",
    # Nghị định 309/2026/NĐ-CP: it counts from the receipt by the competent agency
    ("start", "arrival"): "the time limit starts",
}
CROSSINGS = {
    "enters": "if the next step is `{}`'s and this one is not",
    "leaves": "if this step is `{}`'s and the next one is not",
    "stays": "if both steps are `{}`'s, or neither",
}
PARTIES = {"all_done": "if all parts are done", "some_missing": "if some parts are missing"}
WHO = {
    "step": "whoever does the step", "party": "each party", "doer": "whoever took the action",
}  # fmt: skip
TURNS = {"here": "the same state", "back": "back to where it came from"}
ASSIGNS = {
    "named": "names who does the step", "actor": "the actor has the step",
    "nobody": "nobody has the step",
}  # fmt: skip
MANNER = {
    "note": "a reason is required", "at_counter": "at the counters",
    "asks_agencies": "names the agencies that are asked",
    "answers": "by an agency that was asked",
}  # fmt: skip


def written(name: str) -> dict[str, Any]:
    """Read the file of a template."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def whole(name: str) -> dict[str, Any]:
    """Read a template with what it takes from the one that it extends."""
    own = written(name)
    if "extends" not in own:
        return own
    base = written(own["extends"])
    replaced = {each["action"] for each in own.get("transitions", [])}
    kept = [each for each in base["transitions"] if each["action"] not in replaced]
    merged = {**base, **own, "transitions": kept + own.get("transitions", [])}
    for key in ("roles", "states", "actions", "facts"):
        merged[key] = {**base[key], **own.get(key, {})}
    merged["any_agency_roles"] = base["any_agency_roles"] + own.get("any_agency_roles", [])
    return merged


def rows(heading: str, first: str) -> list[list[str]]:
    """Return the table of a section of the page whose first heading is the word given."""
    section = re.split(rf"^#+ {re.escape(heading)}$", PAGE, flags=re.MULTILINE)[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    _, mark, table = section.partition(f"| {first} |")
    assert mark, (heading, first)
    lines = [line for line in table.partition("\n\n")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def state(name: str, template: dict[str, Any]) -> str:
    """Write a state as the page does."""
    if name in TURNS:
        return TURNS[name]
    plain, _, position = name.partition(".")
    number = "_N" if "expand" in template["states"][plain] else ""
    return f"`{plain}{number}`{POSITIONS[position] if position else ''}"


def state_rows(template: dict[str, Any], names: list[str]) -> list[list[str]]:
    """Return the rows that states must have."""
    found = []
    for name in names:
        each = template["states"][name]
        mark = " (final)" if each.get("final") else ""
        mark = " (initial)" if name == template["initial"] else mark
        if "option" in each:
            mark = f"{mark[:-1]}, with the option `{each['option']}`)"
        label = {lang: text.replace("{step}", "N") for lang, text in each["label"].items()}
        number = str(each["national_status"])
        found.append([state(name, template), label["vi"], label["en"] + mark, number])
    return found


def action_rows(template: dict[str, Any], names: list[str]) -> list[list[str]]:
    """Return the rows that actions must have, one a transition."""
    return [
        [f"`{name}`", template["actions"][name]["vi"], template["actions"][name]["en"],
         *course(each, template)]
        for name in names
        for each in template["transitions"]
        if each["action"] == name
    ]  # fmt: skip


def course(each: dict[str, Any], template: dict[str, Any]) -> list[str]:
    """Write who may, from, to, clock, and the rest of a transition."""
    sources = each["from"] if isinstance(each["from"], list) else [each["from"]]
    who = ", ".join(WHO.get(role, f"`{role}`") for role in each["roles"])
    more = [f"`{each['outcome']}`"] if "outcome" in each else []
    more += [f"`{key}: {str(value).lower()}`" for key, value in each.get("sets", {}).items()]
    names = ", ".join(f"`{name}`" for name in each.get("undoes", []))
    more += [f"takes back {names}"] if names else []
    more += [said for key, said in MANNER.items() if each.get(key)]
    more += [ASSIGNS[each["assigns"]]] if "assigns" in each else []
    for key, verb in (("needs", "needs"), ("changes", "corrects")):
        names = ", ".join(f"`{name}`" for name in each.get(key, []))
        more += [f"{verb} {names}"] if names else []
    more += ["recorded the same day"] if each.get("max_backdate") == "none" else []
    more += [f"with the option `{each['option']}`"] if "option" in each else []
    more += [f"without the option `{each['without']}`"] if "without" in each else []
    more += [f"if `{each['guard']}`"] if "guard" in each else []
    more += [PARTIES[each["parties"]]] if "parties" in each else []
    more += [text.format(each[kind]) for kind, text in CROSSINGS.items() if kind in each]
    return [
        who + (" (of any agency)" if each.get("any_agency") else ""),
        ", ".join(state(source, template) for source in sources),
        state(each["to"], template),
        CLOCK[each.get("clock"), each.get("reason")],
        "; ".join(more),
    ]


def igate_templates(*arguments: str, columns: int = 100) -> str:
    """Run the command as a program of its own; give what it prints."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(templates)
    done = RUNNER.invoke(app, list(arguments), env={"COLUMNS": str(columns), "TERM": "dumb"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_the_page_lists_the_templates_that_there_are() -> None:
    """Name, label and citation of each file; nothing else is shipped."""
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == NAMES
    listed = {row[0].strip("`"): row for row in rows("Which template", "template")}
    assert sorted(listed) == NAMES
    waits = {"transfer": "passed on at the start of", "result": "the result is due on"}
    for name, (_, vi, en, _, hour, citation) in listed.items():
        template = whole(name)
        assert {"vi": vi, "en": en} == template["label"]
        assert citation == template["citation"]
        assert template["cutoff"]["time"] == "15:00"
        assert hour == f"{waits[template['cutoff']['moves']]} the next working day"


def test_the_page_has_the_roles_of_the_ordinary_template() -> None:
    """In the order of the file, with the texts of the file; no other template adds one."""
    template = written("ordinary")
    expected = [
        [f"`{name}`", label["vi"], label["en"],
         "yes" if name in template["any_agency_roles"] else ""]
        for name, label in template["roles"].items()
    ]  # fmt: skip
    assert rows("Roles", "role") == expected
    assert [name for name in NAMES if "roles" in written(name)] == ["ordinary"]


def test_the_page_has_the_states_and_actions_of_the_ordinary_template() -> None:
    """Each state with its number, each action with who may, from where, and what it does."""
    template = written("ordinary")
    assert rows("States", "state") == state_rows(template, list(template["states"]))
    assert rows("Actions", "action") == action_rows(template, list(template["actions"]))
    assert all(f"`{fact}`" in PAGE for fact in template["facts"])


@pytest.mark.parametrize("name", ["consultation", "two_level"])
def test_the_page_has_what_the_other_templates_change(name: str) -> None:
    """States and actions that they declare, and the actions whose transitions they replace."""
    own, template = written(name), whole(name)
    changed = {each["action"] for each in own["transitions"]}
    names = [action for action in template["actions"] if action in changed]
    assert set(own["actions"]) <= changed
    assert rows(f"`{name}`", "action") == action_rows(template, names)
    if "states" in own:
        assert rows(f"`{name}`", "state") == state_rows(template, list(own["states"]))


def test_the_same_day_template_changes_no_word() -> None:
    """The page says so: only the cut-off and the assumed steps are its own."""
    keys = {"format", "template", "extends", "label", "citation", "cutoff", "steps"}
    assert set(written("same_day")) == keys


def test_the_page_has_the_assumed_steps() -> None:
    """The roles of the steps of each template, in order."""
    listed = {
        name: re.findall(r"\w+", row[1])
        for row in rows("Assumed steps", "template")
        for name in re.findall(r"\w+", row[0])
    }
    assert listed == {name: [step["role"] for step in whole(name)["steps"]] for name in NAMES}


def test_the_titles_of_the_page_are_read_as_the_page_says() -> None:
    """Each printed title of the second column gives its role when a table is imported."""
    listed = {row[0].strip("`"): row[1] for row in rows("The role of a printed title", "role")}
    assert list(listed) == list(written("ordinary")["roles"])
    for role, titles in listed.items():
        for title in filter(None, titles.split("; ")):
            assert role_of(title, "processing") == role, title


@pytest.mark.parametrize("name", NAMES)
def test_json_holds_what_the_file_says(name: str) -> None:
    """Roles, actions with their transitions, states, facts and steps, in both languages."""
    template, found = whole(name), json.loads(igate_templates(name, "--json"))
    assert (found["name"], found["citation"]) == (name, template["citation"])
    assert {key: found[key] for key in ("vi", "en")} == template["label"]
    assert found["initial"] == template["initial"]
    declared = {key: kind if isinstance(kind, dict) else {"kind": kind}
                for key, kind in template["facts"].items()}  # fmt: skip
    assert found["facts"] == {key: each["kind"] for key, each in declared.items()}
    assert found["fact_labels"] == {
        key: {"vi": each["vi"], "en": each["en"]} for key, each in declared.items() if "vi" in each
    }
    cutoff = template["cutoff"]
    assert found["cutoff"] == {"at": cutoff.pop("time"), **cutoff}
    assert found["roles"] == [
        {"name": key, **label, "any_agency": key in template["any_agency_roles"]}
        for key, label in template["roles"].items()
    ]
    assert [(each["name"], each["national_status"], each["final"]) for each in found["states"]] == [
        (key, each["national_status"], each.get("final", False))
        for key, each in template["states"].items()
    ]
    assert [(step["number"], step["role"], step["vi"]) for step in found["steps"]] == [
        (step["number"], step["role"], step["vi"]) for step in template["steps"]
    ]
    assert sum(len(each["transitions"]) for each in found["actions"]) == len(
        template["transitions"]
    )
    for action in found["actions"]:
        meant = [each for each in template["transitions"] if each["action"] == action["name"]]
        for one, each in zip(action["transitions"], meant, strict=True):
            sources = each["from"] if isinstance(each["from"], list) else [each["from"]]
            assert (one["from"], one["to"], one["roles"]) == (sources, each["to"], each["roles"])
            for key in ("guard", "clock", "reason", "outcome", "parties", "citation"):
                assert one[key] == each.get(key), (action["name"], key)


def test_without_a_name_every_template_is_listed() -> None:
    """Names and citations in the terminal and in JSON."""
    listed = json.loads(igate_templates("--json"))
    assert [each["name"] for each in listed] == NAMES
    text = igate_templates("--lang", "vi", columns=200)
    for name in NAMES:
        assert re.search(
            rf"^{name} +{re.escape(written(name)['label']['vi'])} ", text, re.MULTILINE
        )
        assert written(name)["citation"] in text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("columns", [80, 120, 250])
def test_no_name_is_cut_off_however_narrow_the_terminal_is(lang: str, columns: int) -> None:
    """Every role, state, action, outcome and fact stands in the output as one word."""
    template = whole("consultation")
    printed = igate_templates("consultation", "--lang", lang, columns=columns)
    words = set(re.findall(r"\w+", printed))
    names = {*template["roles"], *template["actions"], *template["facts"]}
    names |= {state(each, template).strip("`") for each in template["states"]}
    names |= {each["outcome"] for each in template["transitions"] if "outcome" in each}
    assert names - words == set()
    tables = printed.partition("\n\n")[2].partition("\nN:")[0]
    assert max(map(len, tables.splitlines())) <= columns


def test_a_row_says_who_may_from_where_and_what_happens() -> None:
    """A supplement is handed in within fifteen days; then the time limit is counted anew."""
    line = next(
        line for line in igate_templates("ordinary", columns=400).splitlines()
        if line.startswith("supplement ")
    )  # fmt: skip
    assert re.split(r" {2,}", line.strip()) == [
        "supplement",
        "applicant, receptionist (of any agency)",
        "awaiting_supplement → processing_N (first step)",
        "the time limit is counted anew; without the option back_to_asker; if days waited ≤ 15",
    ]


def test_a_template_of_the_host_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    """Its own words and those of the one that it extends; procedures beside it are not read."""
    (tmp_path / "with_council.yaml").write_text(
        "format: 1\ntemplate: with_council\nextends: ordinary\n"
        "label: {vi: Có hội đồng, en: With a council}\n"
        "citation: Nghị định 118/2025/NĐ-CP, Điều 19 (giả định)\n"
        "roles:\n  council: {vi: Hội đồng, en: Council}\n"
        "actions:\n  advise: {vi: Hội đồng cho ý kiến, en: Give the council's advice}\n"
        "transitions:\n"
        "  - {action: advise, from: processing, to: processing.same, roles: [council]}\n",
        encoding="utf-8",
    )
    (tmp_path / "9.000001-broken.yaml").write_text("{", encoding="utf-8")
    listed = json.loads(igate_templates("--json", "--files", str(tmp_path)))
    assert [each["name"] for each in listed] == [*NAMES, "with_council"]
    found = json.loads(igate_templates("with_council", "--json", "--files", str(tmp_path)))
    assert {"name": "council", "vi": "Hội đồng", "en": "Council", "any_agency": False} in found[
        "roles"
    ]
    assert "receptionist" in [each["name"] for each in found["roles"]]


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    """The message names every template that there is."""
    with pytest.raises(IgateError, match=r'"same_dy".*"same_day".*consultation, ordinary'):
        igate_templates("same_dy")


def test_a_template_with_errors_is_refused_with_its_findings() -> None:
    """Nothing is printed about a course in which a dossier could get lost."""
    with pytest.raises(DefinitionError) as caught:
        igate_templates("--files", str(BROKEN / "dead-end.yaml"))
    assert [each.code for each in caught.value.findings] == ["dead-end"]


def test_a_template_with_the_name_of_a_shipped_one_is_refused() -> None:
    """Otherwise nobody could tell whose words are shown."""
    with pytest.raises(DefinitionError) as caught:
        igate_templates("--files", str(BROKEN / "duplicate-template.yaml"))
    assert [each.code for each in caught.value.findings] == ["duplicate-template"]
