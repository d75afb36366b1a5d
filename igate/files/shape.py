"""How a definition file is held against the model of its kind, and a wrong value becomes a finding.

All problems of a file are wanted at once. So where a value is wrong, the finding is kept, the
value is repaired (left out, or replaced by one that is always accepted) and the rest is read on.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin

from pydantic import ValidationError

from igate.files.fields import FileModel
from igate.files.findings import CODES, did_you_mean, finding
from igate.words.sentence import Sentence, say, together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

    from igate.errors import Finding, Place
    from igate.files.findings import FindingCode
    from igate.files.yaml import KeyPath, Value, YamlFile

__all__ = ["check_shape", "missing_key"]

M = TypeVar("M", bound=FileModel)

_UNQUOTED: Final[frozenset[FindingCode]] = frozenset({"unquoted-code", "unquoted-time"})
#: A number as people write it: with a separator before each three digits, and the currency.
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[., _]?\d{3})*(?: *(?:đ|₫|đồng|VNĐ|VND))?", re.IGNORECASE)
#: Values that are always accepted, by the code of the finding, to read on after it.
_REPAIRED: Final[Mapping[str, Value]] = {
    "missing-citation": "Luật 2000",
    "malformed-citation": "Luật 2000",
    "missing-label": "–",
    "bad-time-limit": "not_stated",
    "bad-code": "0.000000",
}
#: The same, for keys whose value has no bearing on what else is wrong.
_REPAIRED_KEYS: Final[Mapping[str, Value]] = {
    "citation": "Luật 2000",
    "vi": "–",
    "en": "–",
    "format": 1,
    "code": "0.000000",
    "checked_on": "2000-01-01",
    "source": "–",
    "ministry": "–",
}


def check_shape(model: type[M], read: YamlFile) -> tuple[M | None, list[Finding]]:
    """Hold a file against the model of its kind.

    Returns:
        The model, and all findings: those of the text, and those of its shape in the order of the
        file. Where something is wrong, the model has it repaired, so that its meaning can be
        checked too; it is ``None`` where a repair would only lead to findings about the repaired
        value.
    """
    if not isinstance(read.data, dict):
        place = read.place(())
        message = say("The file is not a mapping of keys to values.")
        found = [finding("wrong-type", place, message, say('Begin with "format: 1".'))]
        return None, [*read.findings, *found]
    try:
        return model.model_validate(read.data), [*read.findings]
    except ValidationError as error:
        details = error.errors(include_url=False)
    found = _in_order([_translated(detail, model, read) for detail in details])
    wrong = {each.place for each in found}
    # of a number that is to have no quotes it was said that it needs some
    found[:0] = [f for f in read.findings if f.code not in _UNQUOTED or f.place not in wrong]
    data = copy.deepcopy(read.data)
    repaired = [_repair(data, detail) for detail in details]
    if not all(repaired):
        return None, found
    try:
        return model.model_validate(data), found
    except ValidationError:
        return None, found


def _in_order(found: list[Finding]) -> list[Finding]:
    unique = {(each.place.line, each.place.column, each.code, each.message): each for each in found}
    return [unique[key] for key in sorted(unique)]


def _translated(detail: ErrorDetails, model: type[FileModel], read: YamlFile) -> Finding:
    """Turn an error of pydantic into a finding."""
    loc: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
    keys = [str(part) for part in loc if isinstance(part, str)]
    kind, name = detail["type"], keys[-1] if keys else ""
    if kind in CODES:
        context = detail["ctx"]
        return finding(kind, read.place(loc), together(f"{name}:", context["what"]), context["fix"])
    if kind == "extra_forbidden":
        known = _keys_at(model, loc[:-1])
        remedy: str = together(
            did_you_mean(name, known), say("The keys here are {keys}.", keys=", ".join(known))
        )
        if detail["input"] is None and not name.isidentifier():
            braces = say(
                "Inside braces a comma ends a value: write a text with a comma in quotes, a "
                "decimal with a point, like 0.5, and a whole number without separators, like "
                "500000."
            )
            remedy = together(braces, remedy)
        message = say('There is no key "{name}" here.', name=name)
        return finding("unknown-key", read.place(loc, key=True), message, remedy)
    if kind == "missing":
        return _missing(name, read.place(loc[:-1]), loc, model)
    return _of_wrong_value(detail, name, read.place(loc))


def _missing(name: str, place: Place, loc: KeyPath, model: type[FileModel]) -> Finding:
    whole = next(
        (str(part) for part in reversed(loc[:-1]) if isinstance(part, str)), say("the file")
    )
    message, remedy = missing_key(name, whole, _walked(model, loc)[1], model.page)
    if name == "citation":
        remedy = say(
            'Name the instrument: citation: "Nghị định 118/2025/NĐ-CP, Điều 17", or '
            '"Quyết định 2022/QĐ-UBND ngày 27/11/2025 của UBND tỉnh Cao Bằng".'
        )
        return finding("missing-citation", place, message, remedy)
    if name in {"vi", "en", "name", "label"}:
        return finding("missing-label", place, message, say("Write the text for people."))
    return finding("missing-key", place, message, remedy)


def missing_key(
    name: str, whole: str, path: Sequence[str] = (), page: str = FileModel.page
) -> tuple[str, str]:
    """Return message and remedy for a key that should be there.

    Args:
        name: The key.
        whole: What it is missing in.
        path: The described keys that lead to it, if they are known.
        page: The page that describes the keys of such a file.
    """
    heading = ".".join(path) or name
    message = say('The key "{name}" is missing in {whole}.', name=name, whole=whole)
    return message, say('Write it; {page} has it under "{heading}".', page=page, heading=heading)


def _of_wrong_value(detail: ErrorDetails, name: str, place: Place) -> Finding:
    value, kind = detail["input"], detail["type"]
    if kind == "literal_error":
        expected = str(detail["ctx"]["expected"])
        known = re.findall(r"'([^']*)'", expected)
        near = did_you_mean(str(value), known)
        return finding(
            "bad-value",
            place,
            say("{name}: {value!r} is not known here.", name=name, value=value),
            together(
                say("Write {expected}.", expected=_one_of(known) if known else expected), near
            ),
        )
    code: FindingCode = "wrong-type" if kind.endswith("_type") else "bad-value"
    shown = repr(value) if isinstance(value, str | int) else _kind_of(value)
    remedy = _fitting(kind, name, value) or _bounds(detail)
    return finding(
        code,
        place,
        say("{name}: {shown} does not fit here.", name=name, shown=shown),
        remedy,
    )


def _kind_of(value: object) -> Sentence:
    """Say what stands where something else belongs, in words of the file."""
    if value is None:
        return say("nothing")
    if isinstance(value, dict):
        return say("a dict")
    return say("a list") if isinstance(value, list) else say("a {kind}", kind=type(value).__name__)


def _fitting(kind: str, name: str, value: object) -> Sentence | None:
    """Say what to write where a value is of another type, by pydantic's name of the error."""
    if kind == "int_type":
        return say(
            "Write a whole number alone, without quotes and without separators: {name}: {number}",
            name=name,
            number=_plain(value),
        )
    if kind == "list_type":
        return say("Write a list, in brackets: {name}: […], or leave the key out.", name=name)
    if kind in {"dict_type", "model_type"}:
        return say("Write keys and values, like {{vi: …, en: …}}.")
    if kind == "bool_type":
        return say("Write true or false, without quotes.")
    if kind == "string_type":
        return say("Write a text, or leave the key out.")
    return say("Write at least one entry, or leave the key out.") if kind == "too_short" else None


def _bounds(detail: ErrorDetails) -> str:
    """Say between which bounds a number or a list must be, as pydantic does."""
    kind, bounds = detail["type"], detail.get("ctx", {})
    if kind == "greater_than_equal":
        return say("Input should be greater than or equal to {least}.", least=bounds["ge"])
    if kind == "less_than_equal":
        return say("Input should be less than or equal to {most}.", most=bounds["le"])
    if kind == "too_long":
        return say(
            "List should have at most {most} items after validation, not {count}.",
            most=bounds["max_length"],
            count=bounds["actual_length"],
        )
    return f"{detail['msg']}."


def _one_of(known: list[str]) -> str:
    """Name the texts of which one is to be written."""
    *others, last = [repr(each) for each in known] or [""]
    return together(", ".join(others), last, between=say(" or "))


def _plain(value: object) -> str:
    """Write a number as a file has it; an example where it is none.

    >>> _plain("1.500.000 đồng"), _plain("0.5")
    ('1500000', '2')
    """
    if isinstance(value, str) and _GROUPED.fullmatch(value):
        return str(int("".join(re.findall(r"\d", value))))
    return "2"


def _repair(data: Any, detail: ErrorDetails) -> bool:  # noqa: ANN401 - whatever the file holds
    """Make a wrong value acceptable, in place; false where that is not possible."""
    *way, last = detail["loc"]
    for part in way:
        data = data[part]
    if detail["type"] == "extra_forbidden":
        del data[last]
        return True
    repaired = _REPAIRED.get(detail["type"], _REPAIRED_KEYS.get(str(last)))
    if repaired is not None:
        data[last] = repaired
    return repaired is not None


def _keys_at(model: type[FileModel], loc: KeyPath) -> list[str]:
    """Return the keys that are described at a place of a file."""
    here = _model_in(_walked(model, loc)[0])
    if not _is_model(here):
        return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _walked(model: type[FileModel], loc: KeyPath) -> tuple[Any, list[str]]:
    """Return what is described at a place of a file, and the described keys that lead there."""
    here: Any = model
    named = []
    for part in loc:
        if isinstance(part, str) and _is_model(here):
            fields = here.model_fields
            by_alias = {field.alias or name: field for name, field in fields.items()}
            here = by_alias[part].annotation
            named.append(part)
            if get_origin(here) is dict:
                continue  # the next part is a key that the file has chosen
        here = _model_in(here)
    return here, named


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, FileModel)


def _model_in(kind: Any) -> Any:  # noqa: ANN401 - an annotation
    """Find the model inside ``list[Model]``, ``dict[str, Model]`` or ``Model | None``."""
    if _is_model(kind):
        return kind
    return next((found for each in get_args(kind) if _is_model(found := _model_in(each))), None)
