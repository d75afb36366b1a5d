"""Small files that stand for very much, made from bytes by other means than the code under test."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["HOSTILE", "archive", "sheet", "word", "workbook"]

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_OVERRIDES: Final = (
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
)
_SHEET: Final = f'<sheet xmlns:r="{_R}" name="A" sheetId="1" r:id="rId1"/>'
_LINK: Final = f'<Relationship Id="rId1" Type="{_R}/worksheet" Target="worksheets/sheet1.xml"/>'


def _inside(tag: str, space: str, inner: str) -> str:
    return f'<{tag} xmlns="{space}">{inner}</{tag}>'


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    """Return the archive of some parts, packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def word(body: str, *, head: str = "") -> bytes:
    """Return a DOCX file with this body; ``head`` is what stands before the first element."""
    text = f'{head}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return archive({"word/document.xml": text})


def sheet(inner: str) -> str:
    """Return the XML of a sheet."""
    return _inside("worksheet", _S, inner)


def workbook(inner: str, *, strings: str = "", **more: str) -> bytes:
    """Return an XLSX file with one sheet.

    Args:
        inner: What is in the sheet.
        strings: The shared strings.
        more: Parts that replace those of the same name, or their stem.
    """
    parts = {
        "types": (
            "[Content_Types].xml",
            _inside("Types", f"{_P}/content-types", _OVERRIDES),
        ),
        "book": (
            "xl/workbook.xml",
            _inside("workbook", _S, f"<sheets>{_SHEET}</sheets>"),
        ),
        "links": (
            "xl/_rels/workbook.xml.rels",
            _inside("Relationships", f"{_P}/relationships", _LINK),
        ),
        "strings": ("xl/sharedStrings.xml", strings or f'<sst xmlns="{_S}"/>'),
        "sheet": ("xl/worksheets/sheet1.xml", sheet(inner)),
    }
    return archive({name: more.get(key, text) for key, (name, text) in parts.items()})


def _cells(cells: Iterable[str]) -> str:
    return f"<sheetData>{''.join(cells)}</sheetData>"


def _in_row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _locked(content: bytes) -> bytes:
    """Set the bit that says that a part is encrypted, in both places where it stands."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(mark) + at
        content = content[:start] + bytes([content[start] | 1]) + content[start + 1 :]
    return content


def _shortened(content: bytes) -> bytes:
    """Say of the one part that it is of 10 bytes unpacked, in both places where it stands."""
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + at
        content = content[:start] + (10).to_bytes(4, "little") + content[start + 4 :]
    return content


def _paragraphs(number: int) -> str:
    return "<w:p/>" * number


def _span(mark: str, number: str) -> str:
    return f'<w:{mark} w:val="{number}"/>'


def _spanned(number: str) -> bytes:
    cell = f"<w:tc><w:tcPr>{_span('gridSpan', number)}</w:tcPr><w:p/></w:tc>"
    return word(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")


_LAUGHS: Final = "".join(
    f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "ha"}">' for at in range(12)
)
_DOCTYPE: Final = f"<!DOCTYPE a [{_LAUGHS}]>"
_TABLE: Final = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
_WHOLE_ROW: Final = _in_row(1, *["<c/>"] * 16_384)
_EMPTY_ROWS: Final = "".join(
    f'<row r="{row}"><c r="ALL{row}"><v>1</v></c></row>' for row in range(1, 2_000)
)
_LONG: Final = f'<sst xmlns="{_S}"><si><t>{"x" * 30_000}</t></si></sst>'
_SHARED: Final = "".join(_in_row(row, *['<c t="s"><v>0</v></c>'] * 100) for row in range(1, 100))

#: Name of a file (its ending says how it is read), to its bytes and a part of the answer.
HOSTILE: Final[Mapping[str, tuple[Callable[[], bytes], str]]] = {
    "span.docx": (lambda: _spanned("1000000000"), "more than 1,000 columns"),
    "long-number.docx": (lambda: _spanned("9" * 5_000), "more than 1,000 columns"),
    "before.docx": (
        lambda: word(
            f"<w:tbl><w:tr><w:trPr>{_span('gridBefore', '999999999')}</w:trPr></w:tr></w:tbl>"
        ),
        "more than 1,000 columns",
    ),
    "many-spans.docx": (
        lambda: word(
            "<w:tbl>"
            + f"<w:tr><w:tc><w:tcPr>{_span('gridSpan', '1000')}</w:tcPr></w:tc></w:tr>" * 1_000
            + "</w:tbl>"
        ),
        "more than 500,000 cells",
    ),
    "paragraphs.docx": (lambda: word(_paragraphs(25_000_000)), "more than 100,000,000 bytes"),
    "elements.docx": (lambda: word(_paragraphs(2_000_000)), "more than 1,000,000 elements"),
    "lines.docx": (lambda: word(_paragraphs(200_000)), "more than 100,000 rows and lines"),
    "controls.docx": (
        lambda: word("<w:sdt><w:sdtContent>" * 50_000 + "</w:sdtContent></w:sdt>" * 50_000),
        "nested more than 100 deep",
    ),
    "tables.docx": (
        lambda: word("<w:tbl><w:tr><w:tc>" * 50_000 + "</w:tc></w:tr></w:tbl>" * 50_000),
        "nested more than 100 deep",
    ),
    "laughs.docx": (lambda: word("&l11;", head=_DOCTYPE), "declares a document type"),
    "laughs-16.docx": (
        lambda: archive(
            {
                "word/document.xml": (
                    f'<?xml version="1.0" encoding="UTF-16"?>{_DOCTYPE}<a>&l11;</a>'
                ).encode("utf-16")
            }
        ),
        "declares a document type",
    ),
    "encoding.docx": (
        lambda: word(_TABLE, head='<?xml version="1.0" encoding="x-none"?>'),
        "unknown encoding",
    ),
    "locked.docx": (lambda: _locked(word(_TABLE)), "locked with a password"),
    "old.docx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "locked with a password, or of the old kind",
    ),
    "short.docx": (lambda: word(_TABLE)[:-30], "damaged or cut off"),
    "liar.docx": (lambda: _shortened(word(_paragraphs(25_000_000))), "is damaged"),
    "text.docx": (lambda: b"Quy tr\xc3\xacnh", "no archive"),
    "empty.docx": (lambda: b"", "it is empty"),
    "a-workbook.docx": (lambda: workbook(_cells([])), "no part word/document.xml"),
    "cut.docx": (
        lambda: archive({"word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>'}),
        "is not XML",
    ),
    "no-body.docx": (lambda: archive({"word/document.xml": "<a/>"}), "no body"),
    "parts.docx": (
        lambda: archive({f"{at}": "" for at in range(10_001)}),
        "more than 10,000 parts",
    ),
    "corner.xlsx": (
        lambda: workbook(_cells([_in_row(1_048_576, '<c r="XFD1048576"><v>1</v></c>')])),
        "more than 100,000 rows",
    ),
    "wide.xlsx": (
        lambda: workbook(_cells([_in_row(1, '<c r="XFD1"><v>1</v></c>')])),
        "more than 1,000 columns",
    ),
    "wide-unnamed.xlsx": (lambda: workbook(_cells([_WHOLE_ROW])), "more than 1,000 columns"),
    "merged.xlsx": (
        lambda: workbook(_cells([]) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merged ranges such as A1:XFD1048576",
    ),
    "linked.xlsx": (
        lambda: workbook(
            _cells([_in_row(1, '<c r="A1"><v>1</v></c>')])
            + '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A!A1"/></hyperlinks>'
        ),
        "",
    ),
    "cells.xlsx": (lambda: workbook(_cells([_EMPTY_ROWS])), "more than 500,000 cells"),
    "strings.xlsx": (
        lambda: workbook(_cells([_SHARED]), strings=_LONG),
        "more than 10,000,000 characters",
    ),
    "no-string.xlsx": (
        lambda: workbook(_cells([_in_row(1, '<c r="A1" t="s"><v>7</v></c>')])),
        "IndexError",
    ),
    "broken-strings.xlsx": (
        lambda: workbook(_cells([]), strings=f'<sst xmlns="{_S}"><si>'),
        "is not XML",
    ),
    "huge-number.xlsx": (
        lambda: workbook(_cells([_in_row(1, f"<c><v>{'9' * 5_000}</v></c>")])),
        "ValueError",
    ),
    "disorder.xlsx": (
        lambda: workbook(_cells([_in_row(2, '<c r="A2"><v>1</v></c>'), _in_row(1)])),
        "out of order at row 1",
    ),
    "laughs.xlsx": (
        lambda: workbook("", strings=f'{_DOCTYPE}<sst xmlns="{_S}"><si><t>&l11;</t></si></sst>'),
        "declares a document type",
    ),
    "no-book.xlsx": (
        lambda: archive({"[Content_Types].xml": f'<Types xmlns="{_P}/content-types"/>'}),
        "openpyxl cannot read it",
    ),
    "a-word-file.xlsx": (lambda: word(_TABLE), "openpyxl cannot read it"),
    "page.xlsx": (lambda: b"<html><table></table></html>", "web page"),
    "blanks.xlsx": (lambda: workbook(_cells([" " * 150_000_000])), "more than 100,000,000 bytes"),
    "bars.md": (lambda: b"|" * 10_000_000, "more than 1,000 columns"),
    "lines.md": (lambda: b"\n" * 15_000_000, "more than 100,000 rows and lines"),
    "spaces.md": (lambda: b"a " * 7_000_000 + b"|", "more than 32,767 characters in a cell"),
    "large.md": (lambda: b"a" * 20_000_001, "more than 20,000,000 bytes"),
    "commas.csv": (lambda: b"," * 15_000_000, "more than 1,000 columns"),
    "lines.csv": (lambda: b"\n" * 15_000_000, "more than 100,000 rows and lines"),
    "archive.csv": (lambda: word(_TABLE), "archive, such as XLSX or DOCX"),
    "deep.jsonl": (lambda: b"[" * 900_000, "not JSON"),
    "long.jsonl": (lambda: b'{"header": []' * 200_000, "more than 1,000,000 characters in a line"),
    "number.jsonl": (lambda: b"9" * 5_000, "not JSON"),
    "wide.jsonl": (
        lambda: b'{"header": [' + b'"a",' * 1_000 + b'"b"], "steps": []}',
        "more than 1,000 columns",
    ),
}
