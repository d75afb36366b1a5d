"""What a desk keeps with dossiers for its host: references, contacts, files and payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from igate.errors import OutputError, TextError
from igate.law.localtime import local
from igate.office.hostdata import (
    CONTACTS,
    Attachment,
    check_signature,
    cleaned,
)
from igate.office.reader import DeskReader
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.exchange.blobs import BlobStore
    from igate.office.hostdata import Payment, SignatureStatus

__all__ = ["DeskRecords", "check_contacts", "check_references"]


def check_references(references: Mapping[str, str]) -> dict[str, str]:
    """Return references of other systems as they are kept.

    Raises:
        TextError: A system or a reference cannot be kept.
    """
    return {
        cleaned(system, what=say("The name of a system")): cleaned(value, what=say("A reference"))
        for system, value in references.items()
    }


def check_contacts(contacts: Mapping[str, str]) -> dict[str, str]:
    """Return contacts as they are kept.

    Raises:
        TextError: There is no such kind of contact, or a text cannot be kept.
    """
    unknown = sorted(contacts.keys() - set(CONTACTS))
    if unknown:
        raise TextError(
            say("There is no contact {unknown!r}.", unknown=unknown[0]),
            fix=say("Write one of {contacts}.", contacts=", ".join(CONTACTS)),
        )
    return {kind: cleaned(text, what=say("A contact")) for kind, text in contacts.items()}


class DeskRecords(DeskReader):
    """A desk as one sees it who keeps its papers."""

    #: where the bytes of attachments are kept; ``None``: nowhere
    blobs: BlobStore | None = None

    def refer(self, code: str, references: Mapping[str, str]) -> None:
        """Keep how other systems call a dossier, by the name of the system; the last counts.

        Raises:
            UnknownDossier: There is no dossier of this code.
            TextError: A system or a reference cannot be kept.
        """
        self.store.keep_host_data(code, references=check_references(references), contacts={})

    def references(self, code: str) -> dict[str, str]:
        """Return how other systems call a dossier, by the name of the system."""
        return self.store.references(code)

    def set_contacts(self, code: str, contacts: Mapping[str, str]) -> None:
        """Keep how the applicant is reached: ``phone``, ``email``, ``address``; the last counts.

        Raises:
            UnknownDossier: There is no dossier of this code.
            TextError: There is no such kind of contact, or a text cannot be kept.
        """
        self.store.keep_host_data(code, references={}, contacts=check_contacts(contacts))

    def contacts(self, code: str) -> dict[str, str]:
        """Return how the applicant of a dossier is reached, by kind."""
        return self.store.contacts(code)

    def attach(
        self,
        code: str,
        name: str,
        data: bytes | BinaryIO,
        *,
        signature: SignatureStatus = "unknown",
    ) -> Attachment:
        """Keep a file that was handed in: its bytes in the store of files, its name here.

        Args:
            code: Code of the dossier.
            name: Name of the file, for people.
            data: Its bytes, or a stream of them.
            signature: What is known of its signature.

        Raises:
            UnknownDossier: There is no dossier of this code.
            OutputError: The desk was opened without a store of files.
            BlobError: The file cannot be kept.
            TextError: The name cannot be kept, or there is no such status.
        """
        self.store.standing(code)
        called = cleaned(name, what=say("The name of a file"), where=code)
        check_signature(signature)
        blob = self._blobs().put(data)
        return self.store.add_attachment(
            Attachment(
                dossier=code, number=0, name=called, digest=blob.digest, size=blob.size,
                signature=signature, added_at=local(self._clock()).replace(microsecond=0),
            )
        )  # fmt: skip

    def attachments(self, code: str) -> tuple[Attachment, ...]:
        """Return the files of a dossier in the order of adding."""
        return self.store.attachments(code)

    def read_attachment(self, attachment: Attachment) -> bytes:
        """Return the bytes of a file, which are those that were handed in.

        Raises:
            BlobError: They are not there, or not those of the digest.
            OutputError: The desk was opened without a store of files.
        """
        return self._blobs().read(attachment.digest)

    def payments(self, code: str) -> tuple[Payment, ...]:
        """Return what was paid for a dossier in the order of paying, failed tries among them."""
        return self.store.payments(code)

    def _blobs(self) -> BlobStore:
        if self.blobs is None:
            raise OutputError(
                say("The desk has no store of files."),
                fix=say(
                    "Open it with blobs=FolderBlobs(path), or another store of igate.exchange."
                ),
            )
        return self.blobs
