"""What goes to systems beyond the desk and comes from them; it knows no store.

A message says that something happened to a dossier, a sink delivers it, a store of files keeps what
is too large for a journal, a verifier reads the notice of a payment, a profile writes the records
of the national portal. What is third-party is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.exchange.blobs import Blob, BlobStore, FolderBlobs, ObjectBlobs
    from igate.exchange.messages import (
        CONTENT_TYPE,
        TYPES,
        Message,
        cloudevent,
        message_of,
        read_message,
    )
    from igate.exchange.payments import (
        FieldNames,
        HmacVerifier,
        PaymentNotice,
        PaymentVerifier,
        payment_fields,
    )
    from igate.exchange.portal import PortalProfile, Record
    from igate.exchange.portalsink import PortalSink
    from igate.exchange.reasons import reason_text
    from igate.exchange.sinks import (
        DELIVERED,
        SIGNATURE,
        Delivery,
        HttpSink,
        MemorySink,
        Sink,
        backoff,
    )

__all__ = [
    "CONTENT_TYPE",
    "DELIVERED",
    "SIGNATURE",
    "TYPES",
    "Blob",
    "BlobStore",
    "Delivery",
    "FieldNames",
    "FolderBlobs",
    "HmacVerifier",
    "HttpSink",
    "MemorySink",
    "Message",
    "ObjectBlobs",
    "PaymentNotice",
    "PaymentVerifier",
    "PortalProfile",
    "PortalSink",
    "Record",
    "Sink",
    "backoff",
    "cloudevent",
    "message_of",
    "payment_fields",
    "read_message",
    "reason_text",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "blobs": ["Blob", "BlobStore", "FolderBlobs", "ObjectBlobs"],
        "messages": [
            "CONTENT_TYPE",
            "TYPES",
            "Message",
            "cloudevent",
            "message_of",
            "read_message",
        ],
        "payments": [
            "FieldNames",
            "HmacVerifier",
            "PaymentNotice",
            "PaymentVerifier",
            "payment_fields",
        ],
        "portal": ["PortalProfile", "Record"],
        "portalsink": ["PortalSink"],
        "reasons": ["reason_text"],
        "sinks": [
            "DELIVERED",
            "SIGNATURE",
            "Delivery",
            "HttpSink",
            "MemorySink",
            "Sink",
            "backoff",
        ],
    },
)
