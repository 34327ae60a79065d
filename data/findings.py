"""What was found while a table was read: refused rows, flags, unknown words and defaults taken."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data.vocabulary import QUALITY_FLAGS


class Hint(NamedTuple):
    """What one cell adds to the reason of its row: a variant of its key, words, and values."""

    variant: str
    text: str
    values: dict[str, Any]


class Findings:
    """Gathers, row by row, everything a person should be told; nothing is dropped silently."""

    def __init__(self, rows: int):
        self.rows = rows
        self.reasons: dict[int, list[str]] = {}
        self.flags: dict[str, np.ndarray] = {}
        self.notes: list[str] = []
        self.words: Counter[tuple[str, str]] = Counter()

    def refuse(
        self,
        mask: pd.Series,
        key: str,
        text: str,
        cells: pd.Series | None = None,
        hint: Callable[[str], Hint | None] | None = None,
        **values: object,
    ) -> None:
        """Set rows aside, each with its reason.

        Parameters
        ----------
        mask : which rows
        key, text : of the reason; `{cell}` in the text is replaced by the row's cell
        cells : what the rows say; its shortened text is a value of the reason, `cell`
        hint : adds to the reason what only the cell can say, such as the nearest known word
        values : more of what the reason was found with, the same for all rows
        """
        for row in np.flatnonzero(mask.to_numpy(dtype=bool)):
            own, words, name = dict(values), text, key
            if cells is not None:
                own["cell"] = shorten(cells.iloc[row])
                words = words.replace("{cell}", repr(own["cell"]))
            more = None if cells is None or hint is None else hint(str(cells.iloc[row]))
            if more is not None:
                name, words, own = f"{key}.{more.variant}", words + more.text, own | more.values
            self.reasons.setdefault(int(row), []).append(reason(name, words, **own))

    def flag(self, mask: pd.Series | np.ndarray, name: str) -> None:
        """Give rows a quality flag."""
        mask = np.asarray(mask, dtype=bool)
        self.flags[name] = self.flags.get(name, np.zeros(self.rows, bool)) | mask

    def note(self, mask: pd.Series, key: str, text: str, **values: object) -> None:
        """Say what was taken for granted, with the number of rows, if there are any.

        Parameters
        ----------
        mask : bool by row, the rows that it is about
        key : names the sentence in `ui/words`
        text : the sentence in English
        values : what the sentence holds, by name
        """
        if n := int(mask.sum()):
            sentence = f"{text} ({n} row{'s' if n > 1 else ''})"
            self.notes.append(reason(key, sentence, **values, rows=n))

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
        texts = np.full(self.rows, "", dtype=object)
        for name in QUALITY_FLAGS:
            if (mask := self.flags.get(name)) is not None and mask.any():
                texts[mask] = [f"{text}|{name}" if text else name for text in texts[mask]]
        return texts


#: what a reason is about, by which reasons are counted
_KEY = r"[a-z]+(?:_[a-z]+)*"
_VALUES = " | "


def reason(key: str, sentence: str, **values: object) -> str:
    """A reason, note or fault as it is kept: its key, an English sentence, and its values.

    `times_unpaired: 10 times and 6 places | {"times": 10, "places": 6}`; whoever shows it words it
    by key and values, in his own language, and never reads the sentence. Reasons are kept joined
    by "; ", so neither a sentence nor a value may look like the next of them.

    Parameters
    ----------
    key : what it is about, by which reasons are counted; one that is worded in several ways has
        its variant after a dot, `coord_unreadable.pair`, which is kept as the value `as`
    sentence : for a log, and for whoever does not know the key
    values : text, numbers and lists of these; `where` says where it was found, `rows` how many
        rows it is true of, `faults` holds reasons of its own
    """
    key, _, variant = key.partition(".")
    if variant:
        values = {"as": variant, **values}
    sentence = re.sub(rf"; (?={_KEY}: )", ", ", sentence)
    if not values:
        return f"{key}: {sentence}"
    text = json.dumps(values, ensure_ascii=False, default=_plain)
    text = text.replace(";", "\\u003b").replace("|", "\\u007c")
    return f"{key}: {sentence}{_VALUES}{text}"


def _plain(value: object) -> object:
    """A number of numpy as JSON knows it."""
    return value.item() if isinstance(value, np.generic) else str(value)


def parts_of(text: str) -> tuple[str, str, dict[str, Any]]:
    """Key, sentence and values of one reason or note; "" and {} for what it does not have."""
    found = re.match(rf"({_KEY}): ", text)
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


def sentence_of(text: str) -> str:
    """The English sentence of one reason or note."""
    return parts_of(text)[1]


def split_reasons(text: str) -> list[str]:
    """The reasons of one row, one by one."""
    return re.split(r"; (?=[a-z]+(?:_[a-z]+)+: )", text)


def plain_reasons(text: str) -> str:
    """All reasons of a row in English, each after its key and without its values."""
    parts = [parts_of(one) for one in split_reasons(text)]
    return "; ".join(f"{key}: {sentence}" if key else sentence for key, sentence, _ in parts)


def shorten(cell: object, length: int = 60) -> str:
    """A cell as it is quoted in a reason."""
    text = " ".join(str(cell).split())
    return text if len(text) <= length else text[: length - 1] + "…"
