"""What a spreadsheet would take for a formula, and tables as CSV that open without running one.

One rule for every file that leaves: a text that begins with a sign of a formula, after whatever a
spreadsheet passes over (spaces, breaks, invisible signs), in plain or full width, stays a text.
See OWASP, "CSV Injection".
"""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

#: signs that begin a formula (= + - @) or a call of another program (|), in plain or full width
_SIGNS = "=+\\-@|\uff1d\uff0b\uff0d\uff20\uff5c\ufe66\ufe62\ufe63\ufe6b"
#: what is passed over before them: white space of every kind, controls, marks of direction
_PASSED = r"\s\x00-\x20\x7f-\xa0\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_FORMULA = re.compile(rf"[{_PASSED}]*[{_SIGNS}]")
#: a tab or a return may begin another cell
_BREAK = ("\t", "\r", "\n")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run a text instead of showing it."""
    return text.startswith(_BREAK) or _FORMULA.match(text) is not None


def as_text(value: Any) -> Any:
    """A value that a spreadsheet shows as it is: such a text gets a leading apostrophe.

    A return alone is written as a line feed: Python's csv does not quote it, so that what stands
    behind it would begin a row of its own.
    """
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{value}" if is_formula(value) else value


def csv_text(table: pd.DataFrame, notes: Mapping[str, str] | None = None, ends: str = "\n") -> str:
    """A table as CSV, with its notes as `#` lines on top.

    Parameters
    ----------
    table : numbers and times are written as they are, texts and names of columns by `as_text`
    notes : told above the header, each in one line
    ends : what ends a line of the table
    """
    safe = table.rename(columns=as_text)
    for place, dtype in enumerate(safe.dtypes):
        if not (
            pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)
        ):
            safe.isetitem(place, safe.iloc[:, place].map(as_text).array)
    head = [f"# {key}: {' '.join(str(value).split())}" for key, value in (notes or {}).items()]
    return "\n".join([*head, safe.to_csv(index=False, lineterminator=ends)])
