"""What a store shows to one who does not believe it, and what is found there.

Reading for work trusts the rows: an action decides on one of them. Verifying does not. It takes the
rows as they are, broken ones too, and says of each dossier what cannot have come about by actions.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, Protocol

from msgspec import Struct

from igate.dossiers.standing import Standing
from igate.errors import IgateError
from igate.words.sentence import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.law.citation import Language
    from igate.office.store import DossierStore

__all__ = [
    "Evidence",
    "Exhibit",
    "FindingKind",
    "JournalFinding",
    "PlainEvidence",
]

#: What was found. Of an entry: ``changed`` after it was written, ``inserted`` by no action,
#: ``removed``, ``reordered``, ``rewritten`` since the anchor. Of a dossier: ``row_differs`` from
#: its journal, ``dossier_removed`` whole, ``dossier_inserted``. Of what stands beside them:
#: ``definition_changed``, ``number_differs``, ``key_repeated``, ``unreadable``. Notes, which say
#: what cannot be shown: ``not_kept``, ``right_unknown``, ``count_missing``.
FindingKind = Literal[
    "changed", "inserted", "removed", "reordered", "rewritten", "row_differs", "dossier_removed",
    "dossier_inserted", "definition_changed", "number_differs", "key_repeated", "unreadable",
    "not_kept", "right_unknown", "count_missing",
]  # fmt: skip

_NOTES: Final = frozenset({"not_kept", "right_unknown", "count_missing"})
_WORDS: Final[Mapping[Language, Mapping[FindingKind, str]]] = MappingProxyType(
    {
        "en": {
            "changed": "It is not what was written ({about}).",
            "inserted": "No action can have written it: {about}",
            "removed": "It is missing ({about}).",
            "reordered": "It was written as entry {about}.",
            "rewritten": "Another entry was anchored in its place ({about}).",
            "row_differs": "What is kept beside the journal differs from it: {about}.",
            "dossier_removed": "The dossier was there and is gone ({about}).",
            "dossier_inserted": "The dossier did not come about by being handed in: {about}",
            "definition_changed": "The definition {about} is not the text that was promised, or is "
            "gone.",
            "number_differs": "The number of the code was not given out: the count of the day ends "
            "at {about}. The count was set back, or the dossier was put in or brought in by load.",
            "key_repeated": "Its key belongs to another entry too: {about}.",
            "unreadable": "It cannot be read: {about}",
            "not_kept": "What it was received under was not kept then, so it cannot be decided "
            "again: {about}",
            "right_unknown": "It was recorded late; whether the actor had the right to it "
            "({about}) is not in the journal.",
            "count_missing": "Days with dossiers and without a count of numbers: {about}. Their "
            "dossiers were brought in by load, or the count was removed.",
        },
        "vi": {
            "changed": "Không còn như khi được ghi ({about}).",
            "inserted": "Không do thao tác nào ghi ra: {about}",
            "removed": "Không còn trong sổ ({about}).",
            "reordered": "Khi được ghi là dòng {about}.",
            "rewritten": "Tại vị trí này, một dòng khác đã được neo ({about}).",
            "row_differs": "Dữ liệu lưu kèm khác với sổ: {about}.",
            "dossier_removed": "Hồ sơ đã có và nay không còn ({about}).",
            "dossier_inserted": "Hồ sơ không phát sinh từ việc nộp hồ sơ: {about}",
            "definition_changed": "Nội dung {about} không phải là nội dung đã hẹn, hoặc không còn.",
            "number_differs": "Số thứ tự trong mã chưa được cấp: số đã cấp trong ngày dừng ở "
            "{about}. Bộ đếm đã bị lùi, hoặc hồ sơ được chèn vào hay được nạp từ ngoài.",
            "key_repeated": "Khóa của dòng này cũng thuộc về dòng khác: {about}.",
            "unreadable": "Không đọc được: {about}",
            "not_kept": "Nội dung khi tiếp nhận chưa được lưu nên không quyết định lại được: "
            "{about}",
            "right_unknown": "Được ghi muộn; sổ không cho biết người thực hiện có quyền đó "
            "({about}) hay không.",
            "count_missing": "Số ngày có hồ sơ nhưng không có bộ đếm: {about}. Hồ sơ được nạp từ "
            "ngoài, hoặc bộ đếm đã bị xóa.",
        },
    }
)
_ENTRY: Final[Mapping[Language, str]] = MappingProxyType({"en": "entry {}", "vi": "dòng {}"})
_BASE: Final[Mapping[Language, str]] = MappingProxyType({"en": "database", "vi": "cơ sở dữ liệu"})


class JournalFinding(Struct, frozen=True, kw_only=True):
    """Something in a store that actions cannot have left so, or a note that this is not known.

    >>> str(JournalFinding(dossier="H15-260302-0001", entry=3, kind="changed", about="seal"))
    'H15-260302-0001, entry 3: It is not what was written (seal). [changed]'
    """

    #: code; empty: it is about the database
    dossier: str = ""
    #: number of the entry; 0: it is about the dossier
    entry: int = 0
    kind: FindingKind
    #: what differs: names of columns, numbers, a hash, or the sentence of a refusal
    about: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it says only what cannot be shown."""
        return self.kind in _NOTES

    def text(self, lang: Language) -> str:
        """Say where it is, what is the case, and of which kind it is."""
        where = self.dossier or _BASE[lang]
        if self.entry:
            where += ", " + _ENTRY[lang].format(self.entry)
        return (
            f"{where}: {_WORDS[lang][self.kind].format(about=said(self.about, lang))} [{self.kind}]"
        )

    def __str__(self) -> str:
        return self.text("en")


class Exhibit(Protocol):
    """One dossier as it is kept."""

    @property
    def code(self) -> str:
        """Code of the dossier."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that can be read, in the order of their numbers."""

    @property
    def seals(self) -> Mapping[int, str]:
        """Seals as they are kept, by the number of the entry; nothing in a store without seals."""

    def findings(self) -> tuple[JournalFinding, ...]:
        """Say what is wrong with the rows themselves, without deciding anything."""

    def compared(self, record: Record, *, at: datetime) -> tuple[JournalFinding, ...]:
        """Compare what is kept beside the journal with what follows from it.

        Args:
            record: The last entry, and what an action would have written with it.
            at: The present moment: what has fallen due by then may have been done with.
        """


class Evidence(Protocol):
    """All that a store keeps."""

    def exhibits(self) -> Iterator[Exhibit]:
        """Stream the dossiers, ordered by code; each as it was at one moment."""

    def findings(self) -> tuple[JournalFinding, ...]:
        """Say what is wrong beside the dossiers: numbers, keys, definitions, what is left over."""


class PlainEvidence:
    """What any store shows through its port: journals and standings, without seals."""

    def __init__(self, store: DossierStore) -> None:
        """Look at a store."""
        self._store = store

    def exhibits(self) -> Iterator[Exhibit]:
        """Stream the dossiers, ordered by code."""
        for code in list(self._store.codes()):
            yield _Plain(self._store, code)

    def findings(self) -> tuple[JournalFinding, ...]:
        """Say nothing: the port shows no more."""
        return ()


class _Plain:
    """One dossier as the port of a store shows it."""

    def __init__(self, store: DossierStore, code: str) -> None:
        self.code = code
        self.seals: Mapping[int, str] = {}
        self._unreadable = ""
        try:
            self.entries = store.journal(code)
            self._standing = store.standing(code)
        except IgateError as error:
            self.entries, self._unreadable = (), error.what

    def findings(self) -> tuple[JournalFinding, ...]:
        if not self._unreadable:
            return ()
        return (JournalFinding(dossier=self.code, kind="unreadable", about=self._unreadable),)

    def compared(self, record: Record, *, at: datetime) -> tuple[JournalFinding, ...]:
        del at
        names = Standing.__struct_fields__
        pairs = [(each, getattr(self._standing, each)) for each in names]
        differing = [name for name, value in pairs if value != getattr(record.standing, name)]
        if not differing:
            return ()
        about = ", ".join(differing)
        return (JournalFinding(dossier=self.code, kind="row_differs", about=about),)
