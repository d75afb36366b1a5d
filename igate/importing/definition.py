"""A process as a procedure file, with comments on what was read as what.

The texts are those of the table, composed (NFC) and uncut; English texts are absent, because nobody
has translated them. What the table does not say (field, first day in force, roles) is marked
"(giả định)" / "(assumed)" there.
"""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING, Final

from igate.importing.actors import agencies_in
from igate.procedures.catalog.scaffold import FILL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from igate.importing.process import Draft, InternalProcess, PrintedStep, PrintedWay
    from igate.importing.titles import Named

__all__ = ["definition", "file_name", "quoted", "slug"]

#: What may be written in YAML without quotes, whatever reads it.
_PLAIN = re.compile(r"[^\W\d_][^:#\"'{}\[\]&*!|>%@`\n\\,]*(?<! )")
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
#: Characters of the name of a procedure in the name of its file.
_LONGEST_SLUG = 60


def quoted(text: str) -> str:
    """Write a text as a YAML scalar, in quotes where it needs them.

    >>> quoted("Sở Y tế"), quoted("1.001806"), quoted("Mẫu 01: đơn")
    ('Sở Y tế', '"1.001806"', '"Mẫu 01: đơn"')
    """
    plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def slug(text: str) -> str:
    """Write a Vietnamese text in small ASCII letters with hyphens.

    >>> slug("Đăng ký khai sinh (cấp xã)")
    'dang-ky-khai-sinh-cap-xa'
    """
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    words = re.findall(r"[a-z0-9]+", bare.encode("ascii", "ignore").decode())
    return "-".join(words)[:_LONGEST_SLUG].strip("-")


def file_name(named: Named) -> str:
    """Return the name of the file of a procedure."""
    return f"{named.code}-{slug(named.name)}.yaml".replace("-.yaml", ".yaml")


def definition(draft: Draft, named: Named, *, file: str, checked_on: date) -> str:
    """Write the procedure file of a process.

    Args:
        draft: A draft with a process.
        named: The procedure, one of those that the process is for.
        file: Name of the source.
        checked_on: The day of the import.

    Raises:
        ValueError: The draft was refused.
    """
    process = draft.process
    if process is None:
        message = f"The process at {draft.place} was refused."
        raise ValueError(message)
    place = f"{draft.place.file}:{draft.place.line}"
    source = process.source or f"{file}, {place}"
    lines = [
        f"# Đọc từ {_remark(place)} bằng igate import; đối chiếu với quyết định trước khi dùng.",
        f"# Read from {_remark(place)} by igate import; compare with the decision before use.",
        *_open(draft),
        "format: 1",
        f'code: "{named.code}"',
        "name:",
        f"  vi: {quoted(named.name)}",
        "field:",
        *_field(process.field),
        "# Ngày nhập, chưa phải ngày đối chiếu. / The day of the import.",
        f'checked_on: "{checked_on.isoformat()}"',
        f"source: {quoted(source)}",
        "revisions:",
        *_revision(process, draft),
    ]
    return "\n".join(lines) + "\n"


def _open(draft: Draft) -> Iterator[str]:
    """Say what is to be looked up before the file can be used."""
    if draft.errors:
        yield '# BẢN NHÁP: điền các dòng có dấu "<-", rồi chạy igate check.'
        yield '# DRAFT: fill in the lines with "<-", then run igate check.'
    for fault in draft.errors:
        for lang in ("vi", "en"):
            yield f"# <- {_remark(fault.finding(lang).message)}"


def _field(field: str) -> Iterator[str]:
    if field:
        yield f"  id: {_field_id(field)}"
        yield f"  vi: {quoted(field)}"
        return
    yield "  # Nguồn không nêu lĩnh vực (giả định). / The source names no field (assumed)."
    yield "  id: not-stated"
    yield "  vi: Chưa phân loại"


def _field_id(field: str) -> str:
    found = slug(field)
    return found if found[:1].isalpha() else f"field-{found}".rstrip("-")


def _revision(process: InternalProcess, draft: Draft) -> Iterator[str]:
    if process.day:
        yield "  # Ngày của quyết định, coi là ngày có hiệu lực (giả định)."
        yield "  # The day of the decision, taken as the first day in force (assumed)."
        yield f'  - effective_from: "{process.day}"'
    else:
        yield "  # Nguồn không nêu ngày của quyết định. / The source does not give the day."
        yield "  - effective_from: unknown"
    yield f"    citation: {quoted(process.citation)}"
    yield "    # Chọn theo vai trò của các bước (giả định). / Chosen by the roles (assumed)."
    yield f"    template: {process.template}"
    yield from _limits(process, draft)
    if process.online:
        yield "    online:"
        yield "      - scheme: decree_42_2022"
        yield f"        level: {process.online}"
        yield "        basis: published"
        yield f"        citation: {quoted(process.citation)}"
    yield from _step_remarks(process)
    yield "    steps:"
    for _, group in groupby(process.steps, key=lambda step: step.number):
        yield from _step(tuple(group))


def _limits(process: InternalProcess, draft: Draft) -> Iterator[str]:
    total = process.total
    if total is None or total.limit is None:
        if not draft.errors:
            yield "    # Nguồn không in tổng thời gian. / The source prints no total."
            return
        yield "    # Không đọc được tổng thời gian. / No total could be read."
        yield "    limits:"
        yield f'      - limit: ""  {FILL}'
        yield from _case_and_citation(process)
        return
    yield "    limits:"
    yield f'      # In trong nguồn / printed: "{_remark(total.text)}".'
    if total.assumed:
        yield '      # Phần lẻ của "ngày": hiểu là ngày làm việc (giả định) / read as working days'
        yield "      # (assumed)."
    compare = any(fault.code == "sum-differs" for fault in draft.errors)
    yield f"      - limit: {total.limit}" + ("  # <- đối chiếu / compare" if compare else "")
    yield from _case_and_citation(process)


def _case_and_citation(process: InternalProcess) -> Iterator[str]:
    if process.case:
        yield f"        case: {quoted(process.case)}"
    yield f"        citation: {quoted(process.citation)}"


def _step_remarks(process: InternalProcess) -> Iterator[str]:
    hours = process.hours
    if hours is not None:
        number = f"{float(hours):g}"
        yield f"    # Tổng các bước / sum of the steps: {number} giờ làm việc / working hours,"
        yield "    # 8 giờ một ngày (giả định) / 8 to a day (assumed)."
    yield "    # Vai trò và giai đoạn đọc từ người thực hiện và nội dung (giả định)."
    yield "    # Roles and phases were read from actor and content (assumed)."
    if any(step.part for step in process.steps):
        yield "    # Nhiều người trong một bước (actors) làm lần lượt (giả định)."
        yield "    # Several actors of one step act in turn (assumed)."
    if process.unit_assumed:
        yield '    # "ngày", "giờ" được hiểu là ngày, giờ làm việc (giả định) / read as working'
        yield "    # days and hours (assumed)."


def _step(parts: Sequence[PrintedStep]) -> Iterator[str]:
    """Write a step with its one actor, or with those who act in turn."""
    step = parts[0]
    alone = len(parts) == 1
    if step.heading:
        yield f"      # {_remark(step.heading)}"
    yield f"      # {_remark(f'{step.printed}: {step.time}' if alone else step.printed)}"
    yield f"      - number: {step.number}"
    yield f"        phase: {step.phase}"
    if alone:
        yield from _agencies(step, " " * 8)
        yield from _actor(step, " " * 8)
    yield f"        vi: {quoted(step.content)}"
    if not alone:
        yield "        actors:"
        for part in parts:
            yield f"          # {_remark(part.time)}"
            yield from _agencies(part, " " * 10)
            first, *others = _actor(part, "")
            yield f"          - {first}"
            yield from (f"            {line}" for line in others)
            if part.content != step.content:
                yield f"            vi: {quoted(part.content)}"
    yield from _ways(parts[-1].ways)


def _agencies(step: PrintedStep, indent: str) -> Iterator[str]:
    """Say where several agencies were made one step how those who act together are written."""
    if step.role == "other_agency" and agencies_in(step.actor):
        yield f'{indent}# Nhiều cơ quan: các bên làm cùng lúc được ghi dưới "together" của bước.'
        yield f'{indent}# Several agencies: parties who act at the same time go under "together".'


def _actor(step: PrintedStep, indent: str) -> Iterator[str]:
    yield f"{indent}role: {step.role}"
    yield f"{indent}limit: {_step_limit(step)}"
    if step.actor:
        yield f"{indent}actor: {quoted(step.actor)}"


def _ways(ways: Sequence[PrintedWay]) -> Iterator[str]:
    """Write the ways back of a step with the words of the table."""
    if ways:
        yield "        ways:"
    for way in ways:
        yield f"          # {_remark(way.words)}"
        yield f"          - action: {way.action}"
        yield f"            to: {way.to}"
        if way.action != "send_back":
            yield f"            vi: {quoted(way.label)}"


def _step_limit(step: PrintedStep) -> str:
    if not step.readable:
        return f'""  {FILL}'
    return "not_counted" if step.limit is None else str(step.limit)


def _remark(text: str) -> str:
    """Make a text fit for a comment of one line."""
    return " ".join(text.split())
