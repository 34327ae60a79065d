"""What was found while a table was read: refused rows, flags, unknown words and defaults taken."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


class Findings:
    """Gathers, row by row, everything a person should be told; nothing is dropped silently."""

    def __init__(self, rows: int):
        self.rows = rows
        self.reasons: dict[int, list[str]] = {}
        self.flags: dict[str, np.ndarray] = {}
        self.notes: list[str] = []
        self.words: Counter = Counter()

    def refuse(
        self,
        mask: pd.Series,
        key: str,
        text: str,
        cells: pd.Series | None = None,
        tell: Callable[[str], str] | None = None,
    ) -> None:
        """Set rows aside: `key: text`, with `{cell}` in the text replaced by the row's cell.

        `tell` adds to the reason what only the cell can say, such as the nearest known word.
        """
        for row in np.flatnonzero(mask.to_numpy(dtype=bool)):
            cell = "" if cells is None else shorten(cells.iloc[row])
            reason = f"{key}: {text.replace('{cell}', repr(cell))}"
            if tell is not None:
                reason += tell(str(cells.iloc[row]))
            self.reasons.setdefault(int(row), []).append(reason)

    def flag(self, mask: pd.Series | np.ndarray, name: str) -> None:
        """Give rows a quality flag."""
        mask = np.asarray(mask, dtype=bool)
        self.flags[name] = self.flags.get(name, np.zeros(self.rows, bool)) | mask

    def note(self, mask: pd.Series, text: str) -> None:
        """Say in words what was taken for granted, with the number of rows, if there are any."""
        if n := int(mask.sum()):
            self.notes.append(f"{text} ({n} row{'s' if n > 1 else ''})")

    def unknown(self, column: str, cells: pd.Series) -> None:
        """Count words that the vocabulary does not know."""
        self.words.update((column, str(word)) for word in cells)

    def refused(self) -> np.ndarray:
        """One bool per row: is there a reason to set it aside?"""
        mask = np.zeros(self.rows, dtype=bool)
        mask[list(self.reasons)] = True
        return mask

    def flag_texts(self) -> np.ndarray:
        """The flags of each row joined by |, in the order of the schema's list."""
        from data.schema import QUALITY_FLAGS

        texts = np.full(self.rows, "", dtype=object)
        for name in QUALITY_FLAGS:
            if (mask := self.flags.get(name)) is not None and mask.any():
                texts[mask] = [f"{text}|{name}" if text else name for text in texts[mask]]
        return texts


_VALUES = " | "


def reason(key: str, sentence: str, **values: object) -> str:
    """A reason or note as it is kept: its key, an English sentence, and what it was found with.

    `times_unpaired: 10 times and 6 places | {"times": 10, "places": 6}`; a screen words it by key
    and values, in its own language, and never reads the sentence.
    """
    told = _VALUES + json.dumps(values, ensure_ascii=False) if values else ""
    return f"{key}: {sentence}{told}"


def parts_of(text: str) -> tuple[str, str, dict[str, Any]]:
    """Key, sentence and values of one reason or note; "" and {} for what it does not have."""
    found = re.match(r"([a-z]+(?:_[a-z]+)*): ", text)
    key, body = (found[1], text[found.end() :]) if found else ("", text)
    sentence, mark, last = body.rpartition(_VALUES)
    if mark and last.startswith("{"):
        try:
            return key, sentence, json.loads(last)
        except ValueError:
            return key, body, {}  # the sentence itself holds the mark
    return key, body, {}


def key_of(reasons: str) -> str:
    """The key of the first reason of a row, "" if it has none."""
    return parts_of(reasons)[0]


def plain_reason(text: str) -> str:
    """A reason or note without its values, for a line of a terminal."""
    key, sentence, _ = parts_of(text)
    return f"{key}: {sentence}" if key else sentence


def split_reasons(text: str) -> list[str]:
    """The reasons of one row, one by one."""
    return re.split(r"; (?=[a-z]+(?:_[a-z]+)+: )", text)


def shorten(cell: object, length: int = 60) -> str:
    """A cell as it is quoted in a reason."""
    text = " ".join(str(cell).split())
    return text if len(text) <= length else text[: length - 1] + "…"
