"""Pending dossiers that stand on another text than the files have now, and where the texts differ.

A dossier keeps the definition under which it was received, so nothing here changes a deadline. The
list is for the people of the desk: a change of law belongs into a new revision, and only a
migration moves a dossier to other rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from igate.deadlines.rulefile import shipped_rules
from igate.errors import IgateError, StoreError
from igate.procedures.definition import Definition, changes
from igate.words.sentence import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.dossiers.standing import InUse
    from igate.law.citation import Language
    from igate.office.store import DossierStore
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["Difference", "differences"]

#: Changes that a message spells out.
_SHOWN = 3
_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "head": "Procedure {procedure} as of {revision}, pending dossiers: {count}, "
        "the first {first}.",
        "more": "; and {count} more",
        "edited": "They were received under another text than the file has now: {changes}. "
        "They keep it; OneStop.migrate moves them. "
        "Write a change of law as a further revision.",
        "gone": "They were received under a text that is gone. {why} "
        "They keep it, and can be worked to their end; OneStop.migrate moves them.",
        "not_kept": "They were received before igate kept what was promised, and follow the "
        "files. OneStop.migrate ties them to a text.",
        "damaged": "What they were received under cannot be read. {why} They cannot be worked on; "
        "run igate journal verify, and restore the definition from a copy.",
    },
    "vi": {
        "head": "Thủ tục {procedure}, lần sửa đổi {revision}: {count} hồ sơ đang giải quyết, "
        "hồ sơ đầu tiên là {first}.",
        "more": "; và {count} chỗ khác",
        "edited": "Các hồ sơ này được tiếp nhận theo nội dung khác với tệp hiện nay: {changes}. "
        "Hồ sơ vẫn theo nội dung cũ; OneStop.migrate chuyển hồ sơ sang nội dung của "
        "tệp. Khi pháp luật thay đổi, hãy viết thêm một lần sửa đổi.",
        "gone": "Các hồ sơ này được tiếp nhận theo một nội dung không còn nữa. {why} "
        "Hồ sơ vẫn theo nội dung đó và giải quyết được đến cùng; "
        "OneStop.migrate chuyển hồ sơ sang lần sửa đổi khác.",
        "not_kept": "Các hồ sơ này được tiếp nhận khi igate chưa lưu nội dung đã hẹn, nên theo "
        "các tệp hiện nay. OneStop.migrate gắn hồ sơ với một nội dung.",
        "damaged": "Nội dung khi tiếp nhận các hồ sơ này không đọc được. {why} Hồ sơ không xử lý "
        "được; hãy chạy igate journal verify và khôi phục nội dung từ bản sao.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A definition under which dossiers are pending, and which the files no longer say."""

    use: InUse
    #: ``edited``: the revision says something else now; ``gone``: there is no such revision or
    #: procedure, or its file has errors; ``not_kept``: what the dossiers were received under is
    #: not in the store, so they follow the files; ``damaged``: it is in the store and cannot be
    #: read, so they cannot be worked on
    kind: Literal["edited", "gone", "not_kept", "damaged"]
    #: where the texts differ, each with the value kept and the value in the file
    changes: tuple[str, ...] = ()
    #: why there is no such revision, or no text
    why: str = ""

    def text(self, lang: Language) -> str:
        """Say which dossiers it is about, what differs, and what can be done."""
        words, use = _WORDS[lang], self.use
        named = words["head"].format(
            procedure=use.procedure, revision=use.revision, count=use.dossiers, first=use.first
        )
        shown = "; ".join(said(each, lang) for each in self.changes[:_SHOWN])
        if len(self.changes) > _SHOWN:
            shown += words["more"].format(count=len(self.changes) - _SHOWN)
        return f"{named} {words[self.kind].format(changes=shown, why=said(self.why, lang))}"

    def __str__(self) -> str:
        return self.text("en")


def differences(store: DossierStore, catalog: Catalog) -> Iterator[Difference]:
    """Find the pending dossiers whose definition is not that of the files.

    Args:
        store: Where the dossiers are kept.
        catalog: The files as they are now.
    """
    for use in store.definitions_in_use():
        text = store.definition(use.definition) if use.definition else None
        if text is None:
            yield Difference(use=use, kind="not_kept")
            continue
        try:
            kept = Definition.read(text, use.definition)
        except StoreError as error:
            yield Difference(use=use, kind="damaged", why=error.what)
            continue
        try:
            revision = catalog.procedure(use.procedure).revision(use.revision)
        except IgateError as error:
            yield Difference(use=use, kind="gone", why=error.what)
            continue
        rules = shipped_rules(revision.clock_rules, on=use.since.date())
        now = Definition.of(revision, rules)
        if now.digest != use.definition:
            yield Difference(use=use, kind="edited", changes=changes(kept.text, now.text))
