"""Bytes of a text file -> text: the encoding that fits, line by line where two were mixed."""

import re

from data.errors import DataError
from data.findings import reason

ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
#: share of zero bytes above which a file is no text; fewer are dropped, and said
MAX_NULS = 0.05
_GAP = re.compile(r"(?<=\S)(?: {2,}| *\t *)(?=\S)")


def decode(name: str, content: bytes) -> tuple[str, list[str]]:
    """The text of a file and what to tell about it: UTF-16 by BOM or zeros, UTF-8, cp1252.

    Lines in UTF-8 among lines in Windows-1252 (two files pasted together) are each read as what
    they are. Zero bytes that a failing disk or a database left behind are dropped.
    """
    wide = _wide(content)
    if wide:
        try:
            text = content.decode(wide)
        except UnicodeDecodeError:
            wide = ""
    if not wide:
        content = content.strip(b"\x00")
        text, notes = _narrow(content)
    else:
        notes = [_read_as(wide)]
    if n := text.count("\x00"):
        if n > MAX_NULS * len(text):
            what = "not a text file in UTF-8, UTF-16 or Windows-1252"
            raise DataError(f"{name}: {what}", key="no_text", where=name)
        notes.append(reason("zero_bytes", f"{n} zero bytes inside the text were dropped", n=n))
        text = text.replace("\x00", "")
    return text, notes


def _read_as(encoding: str) -> str:
    return reason("text_read_as", f"text read as {encoding}", encoding=encoding)


def _wide(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = content[:4000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) / 2 and even < 0.1 * odd:
        return "utf-16-le"
    if even > 0.3 * len(head) / 2 and odd < 0.1 * even:
        return "utf-16-be"
    return ""


def _narrow(content: bytes) -> tuple[str, list[str]]:
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    read = [_line(line) for line in lines]
    utf8 = sum(how == "utf-8" for _, how in read)
    other = sum(how not in ("", "utf-8") for _, how in read)
    if utf8:
        what = f"two encodings in one file: {utf8} lines read as UTF-8, {other} as Windows-1252"
        notes = [reason("two_encodings", what, utf8=utf8, other=other)]
    else:
        notes = [_read_as("cp1252")]
    return "".join(text for text, _ in read), notes


def _line(line: bytes) -> tuple[str, str]:
    """A line's text and its encoding, "" for plain ASCII."""
    if line.isascii():
        return line.decode("ascii"), ""
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1"), "latin-1"


def part_by_spaces(lines: list[str]) -> list[str] | None:
    """Lines of a table set in columns with spaces, with tabs instead; None if it is none."""
    sample = [line for line in lines[:200] if line.strip()]
    gaps = [len(_GAP.findall(line.strip())) for line in sample]
    if len(gaps) < 2 or gaps[0] < 1 or gaps.count(gaps[0]) < 0.6 * len(gaps):
        return None
    return [_GAP.sub("\t", line.strip(" ")) for line in lines]
