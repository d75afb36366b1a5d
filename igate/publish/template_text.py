"""A template as tables for people: its roles, actions and states, and what each action does.

A procedure file names roles, actions and states by the words that the template declares; nobody
guesses them. Names are as they are written in files; what they mean is next to them in words.
A state that is there once a processing step is written with N for the number of the step.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.law.citation import Label
from igate.procedures.template import BACK, DOER_ROLE, HERE, PARTY_ROLE, STEP_ROLE
from igate.publish.manner_words import manner_words
from igate.publish.procedure_words import CUTOFFS
from igate.publish.rule_words import Conditions, clock_effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.procedures.template import StateRef, Template, TemplateState, TemplateTransition

__all__ = ["Section", "cutoff_text", "record", "sections"]


class Section(NamedTuple):
    """A table of a template."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


_WORDS: Final[Mapping[str, Label]] = MappingProxyType(
    {
        key: Label(vi=vi, en=en)
        for key, vi, en in (
            ("roles", "Vai trò", "Roles"),
            ("actions", "Thao tác", "Actions"),
            ("states", "Trạng thái", "States"),
            ("facts", "Dữ kiện", "Facts"),
            ("steps", "Các bước khi chưa biết quy trình nội bộ (giả định)",
             "Steps where no internal process is known (assumed)"),
            ("name", "Tên trong tệp", "Name in files"),
            ("label", "Nội dung", "Label"),
            ("any_agency_roles", "Bước mở cho mọi cơ quan", "Steps open to any agency"),
            ("who", "Ai làm", "Who may"),
            ("course", "Từ → tới", "From → to"),
            ("effect", "Thời hạn, kết quả, điều kiện", "Clock, outcome, condition"),
            ("national", "Mã quốc gia", "National status"),
            ("kind", "Loại", "Kind"),
            ("number", "Bước", "Step"),
            ("role", "Vai trò", "Role"),
            ("yes", "có", "yes"),
            ("initial", "bắt đầu", "initial"),
            ("final", "kết thúc", "final"),
            (STEP_ROLE, "người thực hiện bước", "whoever does the step"),
            (PARTY_ROLE, "mỗi bên cùng làm", "each party"),
            ("any_agency", "của mọi cơ quan", "of any agency"),
            (DOER_ROLE, "người đã thực hiện thao tác", "whoever took the action"),
            (HERE, "giữ nguyên trạng thái", "the same state"),
            (BACK, "trở lại trạng thái trước", "back to where it came from"),
            ("takes_back", "thu hồi {names}", "takes back {names}"),
            ("option", "với phương án {name}", "with the option {name}"),
            ("without", "khi không chọn {name}", "without the option {name}"),
            ("options", "Phương án", "Options"),
            ("first", "bước xử lý đầu", "first step"),
            ("last", "bước xử lý cuối", "last step"),
            ("next", "bước kế tiếp", "next step"),
            ("previous", "bước trước", "step before"),
            ("same", "cùng bước", "same step"),
            ("enters", "bước kế tiếp thuộc {role}, bước này thì không",
             "the next step is {role}'s, this one is not"),
            ("leaves", "bước này thuộc {role}, bước kế tiếp thì không",
             "this step is {role}'s, the next one is not"),
            ("stays", "cả hai bước thuộc {role}, hoặc không bước nào",
             "both steps are {role}'s, or neither"),
            ("all_done", "mọi phần việc xong", "all parts are done"),
            ("some_missing", "còn thiếu phần việc", "some parts are missing"),
            ("outcome", "kết quả {name}", "outcome {name}"),
            ("sets", "ghi {facts}", "sets {facts}"),
            ("if", "nếu", "if"),
        )
    }
)  # fmt: skip


def sections(template: Template, lang: Language, rules: ClockRules) -> tuple[Section, ...]:
    """Write a template as tables: roles, actions, states, facts, assumed steps; none empty.

    Args:
        template: The template, with what it takes from the one that it extends.
        lang: Language of headings and words; roles have both.
        rules: They say what an interruption of the clock means.
    """
    every = (
        ("roles", ("name", "Tiếng Việt", "English", "any_agency_roles"), _roles(template, lang)),
        ("actions", ("name", "who", "course", "effect"), _actions(template, lang, rules)),
        ("states", ("name", "label", "national"), _states(template, lang)),
        ("facts", ("name", "label", "kind"), _facts(template, lang)),
        ("options", ("name", "label"), _options(template, lang)),
        ("steps", ("number", "role", "label"), _steps(template, lang)),
    )
    found = (
        Section(_say(title, lang), tuple(_say(each, lang) for each in headings), tuple(rows))
        for title, headings, rows in every
    )
    return tuple(section for section in found if section.rows)


def cutoff_text(template: Template, lang: Language) -> str:
    """Say what waits for the next working day after which hour; empty where nothing does."""
    if template.cutoff is None:
        return ""
    return CUTOFFS[template.cutoff.moves].text(lang).format(hour=f"{template.cutoff.at:%H:%M}")


def record(template: Template) -> dict[str, object]:
    """Return a template for programs: names as in files, texts in both languages."""
    return {
        "name": template.name,
        **_both(template.label),
        "citation": str(template.citation),
        "initial": template.initial,
        "cutoff": {
            "at": f"{template.cutoff.at:%H:%M}",
            "moves": template.cutoff.moves,
            "citation": str(template.cutoff.citation),
        }
        if template.cutoff
        else None,
        "roles": [
            {"name": name, **_both(label), "any_agency": name in template.any_agency_roles}
            for name, label in template.roles.items()
        ],
        "actions": [
            {
                "name": name,
                **_both(label),
                "transitions": [
                    _transition_record(each) for each in template.transitions if each.action == name
                ],
            }
            for name, label in template.actions.items()
        ],
        "states": [_state_record(each) for each in template.states.values()],
        "facts": dict(template.facts),
        "fact_labels": {name: _both(label) for name, label in template.fact_labels.items()},
        "set_by": {name: list(by) for name, by in template.set_by.items()},
        "options": [{"name": name, **_both(label)} for name, label in template.options.items()],
        "counters": list(template.counters),
        "backdaters": list(template.backdaters),
        "own_dossiers": template.own_dossiers,
        "steps": [
            {"number": step.number, "phase": step.phase, "role": step.role, **_both(step.label)}
            for step in template.steps
        ],
    }


def _transition_record(transition: TemplateTransition) -> dict[str, object]:
    crossing = transition.crossing
    return {
        "from": [str(source) for source in transition.sources],
        "to": str(transition.target),
        "roles": list(transition.roles),
        "any_agency": transition.any_agency,
        "crossing": {crossing.kind: crossing.role} if crossing else None,
        "parties": transition.parties,
        "guard": str(transition.guard) if transition.guard else None,
        "clock": transition.clock,
        "reason": transition.reason or None,
        "outcome": transition.outcome,
        "sets": dict(transition.sets),
        "manner": list(manner_words(transition.manner, "en")),
        "undoes": list(transition.undoes),
        "option": transition.option or None,
        "without": transition.without or None,
        "citation": str(transition.citation) if transition.citation else None,
    }


def _state_record(state: TemplateState) -> dict[str, object]:
    return {
        "name": state.name,
        **_both(state.label),
        "national_status": state.national_status,
        "phase": state.phase,
        "expanded": state.expanded,
        "final": state.final,
        "option": state.option or None,
    }


def _both(label: Label) -> dict[str, str]:
    return {"vi": label.vi, "en": label.en}


def _roles(template: Template, lang: Language) -> Iterator[tuple[str, ...]]:
    for name, label in template.roles.items():
        is_open = name in template.any_agency_roles
        yield name, label.vi, label.en, _say("yes", lang) if is_open else ""


def _states(template: Template, lang: Language) -> Iterator[tuple[str, ...]]:
    for state in template.states.values():
        label = state.label.text(lang).replace("{step}", "N")
        marks = [
            _say("initial", lang) if state.name == template.initial else "",
            _say("final", lang) if state.final else "",
            _say("option", lang).format(name=state.option) if state.option else "",
        ]
        mark = ", ".join(each for each in marks if each)
        said = f"{label} ({mark})" if mark else label
        yield _state(template, state.name), said, str(state.national_status)


def _facts(template: Template, lang: Language) -> Iterator[tuple[str, ...]]:
    for name, kind in template.facts.items():
        label = template.fact_labels.get(name)
        yield name, label.text(lang) if label else "", kind


def _options(template: Template, lang: Language) -> Iterator[tuple[str, ...]]:
    for name, label in template.options.items():
        yield name, label.text(lang)


def _steps(template: Template, lang: Language) -> Iterator[tuple[str, ...]]:
    for step in template.steps:
        yield step.place, step.role, step.label.text(lang)


def _actions(template: Template, lang: Language, rules: ClockRules) -> Iterator[tuple[str, ...]]:
    """Return a row for each transition, in the order in which the actions are declared."""
    order, words = list(template.actions), Conditions(template)
    for each in sorted(template.transitions, key=lambda found: order.index(found.action)):
        label = template.actions[each.action].text(lang)
        sources = ", ".join(_place(template, source, lang) for source in each.sources)
        course = f"{sources} → {_place(template, each.target, lang)}"
        effect = _effect(each, lang, rules, words)
        yield f"{each.action}\n{label}", _who(each, lang), course, effect


def _who(transition: TemplateTransition, lang: Language) -> str:
    named = {STEP_ROLE, PARTY_ROLE, DOER_ROLE}
    roles = ", ".join(_say(each, lang) if each in named else each for each in transition.roles)
    return f"{roles} ({_say('any_agency', lang)})" if transition.any_agency else roles


def _effect(
    transition: TemplateTransition, lang: Language, rules: ClockRules, words: Conditions
) -> str:
    """Say what happens to the clock, how the dossier ends, what is noted, on what condition."""
    clock, reason = transition.clock, transition.reason
    conditions = []
    if transition.guard is not None:
        conditions.append(words.text(transition.guard, lang))
    if transition.parties is not None:
        conditions.append(_say(transition.parties, lang))
    if transition.crossing is not None:
        role = transition.crossing.role
        conditions.append(_say(transition.crossing.kind, lang).format(role=role))
    facts = ", ".join(f"{name} = {_value(value)}" for name, value in transition.sets.items())
    parts = [
        clock_effect(clock, reason, rules).text(lang) if clock else "",
        _say("outcome", lang).format(name=transition.outcome) if transition.outcome else "",
        _say("sets", lang).format(facts=facts) if facts else "",
        _say("takes_back", lang).format(names=", ".join(transition.undoes))
        if transition.undoes
        else "",
        *manner_words(transition.manner, lang),
        _say("option", lang).format(name=transition.option) if transition.option else "",
        _say("without", lang).format(name=transition.without) if transition.without else "",
        f"{_say('if', lang)} {'; '.join(conditions)}" if conditions else "",
    ]
    return "; ".join(part for part in parts if part)


def _value(value: object) -> str:
    """Write a value as a file does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _place(template: Template, place: StateRef, lang: Language) -> str:
    if place.state in {BACK, HERE}:
        return _say(place.state, lang)
    state = _state(template, place.state)
    return f"{state} ({_say(place.position, lang)})" if place.position else state


def _state(template: Template, name: str) -> str:
    return f"{name}_N" if template.states[name].expanded else name


def _say(key: str, lang: Language) -> str:
    """Return a word of the tables; anything else is returned as it is."""
    label = _WORDS.get(key)
    return label.text(lang) if label else key
