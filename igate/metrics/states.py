"""The national statuses of a dossier by what exports call them."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENDED", "STATES", "is_name", "status_of"]

#: National status to what exports call it; the first is the national name.
STATES: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("mới đăng ký", "mới nộp", "chờ tiếp nhận"),
        2: ("được tiếp nhận", "đã tiếp nhận", "tiếp nhận"),
        3: ("không được tiếp nhận", "từ chối tiếp nhận", "không tiếp nhận"),
        4: ("đang xử lý", "đang giải quyết", "đang thụ lý"),
        5: ("yêu cầu bổ sung giấy tờ", "yêu cầu bổ sung", "chờ bổ sung", "bổ sung hồ sơ"),
        6: (
            "yêu cầu thực hiện nghĩa vụ tài chính", "chờ thanh toán", "chờ nộp phí",
            "chờ thực hiện nghĩa vụ tài chính",
        ),
        7: ("công dân yêu cầu rút hồ sơ", "rút hồ sơ", "xin rút", "đã rút"),
        8: ("dừng xử lý", "tạm dừng", "không giải quyết"),
        9: (
            "đã xử lý xong", "đã có kết quả", "đã giải quyết", "đã hoàn thành", "chờ trả kết quả",
            "hoàn thành",
        ),
        10: ("đã trả kết quả", "đã trả", "trả kết quả", "đã trả cho công dân"),
    }
)  # fmt: skip
#: Statuses that presuppose that processing has finished.
ENDED = (9, 10)
#: A state of a workflow is named so.
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def status_of(text: str) -> int | None:
    """Return the national status that a text of an export stands for, ``None`` if it is none.

    >>> status_of("ĐÃ TRẢ KẾT QUẢ"), status_of("lưu kho")
    (10, None)
    """
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return next((status for status, names in STATES.items() if plain in names), None)


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a state of a workflow.

    >>> is_name("await_supplement"), is_name("Đang xử lý")
    (True, False)
    """
    return _NAME.fullmatch(text) is not None
