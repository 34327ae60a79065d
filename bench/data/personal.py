"""How long the patterns take that read what strangers wrote, on texts made to hurt them.

    python -m bench.data.personal

For every pattern and every reader of a text the worst of the hostile texts at n and at 2n signs:
linear time doubles, quadratic time grows fourfold.
"""

import importlib
import re
import time
from collections.abc import Callable, Iterator

import pandas as pd

#: modules whose patterns touch what an agency's file or a person's typing holds
MODULES = (
    "data.personal.signs",
    "data.personal.names",
    "data.personal.numbers",
    "data.personal.said",
    "data.intake.mend",
    "data.places",
    "data.intake.formats",
    "data.intake.geoformats",
    "data.intake.workbook",
    "data.intake.draft",
    "data.intake.delimited",
    "data.store.audit",
    "data.store.roster",
    "data.store.plans",
    "data.intake.convert",
    "data.intake.checks",
)
#: those whose patterns are tried on short texts only, which their readers see to
BOUNDED = ("data.values", "ui.words.of_data")
#: what hostile texts are made of: each is repeated, and then an end that fits nothing, or fits late
PIECES = (
    *("a", "A", "Ab", "1", "12 ", "1-", "1.", "0 8", "@", "a@", "a.", ".", "-", " ", "a ", "A b "),
    *(
        "(",
        "((a",
        "[at]",
        "[",
        "{",
        '{"',
        '":"',
        "<a>",
        "<",
        "é",
        "中",
        "Ａ",
        "jl a",
        "jl. ",
        "rt ",
    ),
    *("no ", "bin ", "a bin ", "Budi ", "an. ", "nama: ", "lahir ", "satu ", "anak ", "Lim "),
    *("tersangka ", "wa ", "rek a", "plat a", "Menara", "X1", "+62", "00 ", ", ", "; ", ": ", "\t"),
    *("\u200b", "'", "°", "° ", "utara ", "/", "=", "1,"),
)
ENDS = ("", "@", "!", " no 1")


def hostile(n: int) -> Iterator[tuple[str, str]]:
    """Texts of about n signs: (what it is made of, the text)."""
    for piece in PIECES:
        for end in ENDS:
            yield f"{piece!r} … {end!r}", piece * (n // len(piece)) + end


def patterns() -> dict[str, re.Pattern]:
    """Every compiled pattern of MODULES, those in lists and tuples too, by module and name."""
    found = {}
    for module in MODULES:
        for name, value in vars(importlib.import_module(module)).items():
            for number, pattern in enumerate(_patterns_in(value)):
                if isinstance(pattern.pattern, str):
                    found[f"{module}.{name}[{number}]"] = pattern
    return found


def _patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _patterns_in(one, depth + 1)


def readers() -> dict[str, Callable[[str], object]]:
    """Functions that read one text of a stranger."""
    from data import places
    from data.personal.names import find_names, looks_like_name, names_in_title
    from data.personal.signs import column_kind, is_likely, kinds_in, kinds_in_name
    from data.values import read_clock, read_degrees, read_numbers, read_times, split_pair
    from ui.words.of_data import row_text, tell, tell_reasons

    return {
        "kinds_in": kinds_in,
        "is_likely": is_likely,
        "kinds_in_name": kinds_in_name,
        "find_names": find_names,
        "looks_like_name": looks_like_name,
        "names_in_title": names_in_title,
        "column_kind (name)": lambda text: column_kind(text, ["a"]),
        "column_kind (cells)": lambda text: column_kind("nama", [text]),
        "plain_place": places.plain_place,
        "read_numbers": lambda text: read_numbers(pd.Series([text]), ","),
        "read_degrees": lambda text: read_degrees(pd.Series([text])),
        "split_pair": lambda text: split_pair(pd.Series([text])),
        "read_times": lambda text: read_times(pd.Series([text]), ("%d/%m/%Y %H:%M",), "WIB"),
        "read_clock": lambda text: read_clock(pd.Series([text])),
        "tell": lambda text: tell(text, "id"),
        "tell_reasons": lambda text: tell_reasons(text, "id"),
        "row_text": row_text,
    }


def all_at_once(pattern: re.Pattern) -> Callable[[str], object]:
    """A pattern as a reader: searched, matched and found everywhere."""

    def read(text: str) -> int:
        pattern.fullmatch(text)
        return sum(1 for _ in pattern.finditer(text))

    return read


def cost(read: Callable[[str], object], text: str, repeats: int = 2) -> float:
    """The least processor time of some readings, in seconds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        read(text)
        best = min(best, time.process_time() - start)
    return best


def slow_texts(
    read: Callable[[str], object], n: int = 600, least: float = 0.002, most: float = 3.0,
    texts: int | None = None,
) -> list[tuple[str, float]]:  # fmt: skip
    """The hostile texts on which a reader is not linear: (text, growth from 2n to 4n).

    Only what takes longer than `least` at 2n counts: below, a clock tells nothing. What looks
    slow is measured again at twice the size, so that a hiccup of the machine is none.

    Parameters
    ----------
    read : what is tried
    n : signs of the small text
    least : seconds at 2n below which a text is passed over
    most : growth that is still linear
    texts : how many of the hostile texts, evenly picked; None for all
    """
    slow = []
    pairs = list(zip(hostile(n), hostile(2 * n), strict=True))
    for (name, small), (_, large) in pairs[:: max(1, len(pairs) // (texts or len(pairs)))]:
        late = cost(read, large, 1)
        if late < least or late < most * cost(read, small, 1):
            continue
        twice = dict(hostile(4 * n))[name]
        growth = cost(read, twice, 2) / max(cost(read, large, 3), 1e-6)
        if growth >= most:
            slow.append((name, growth))
    return slow


def main() -> None:
    """Print the slowest readers at 2,000, 8,000 and 32,000 signs, in milliseconds."""
    every = readers() | {name: all_at_once(one) for name, one in patterns().items()}
    rows = []
    for name, read in every.items():
        worst = max(hostile(4_000), key=lambda item: cost(read, item[1], 1))[0]
        times = [cost(read, dict(hostile(n))[worst]) for n in (2_000, 8_000, 32_000)]
        rows.append((times[-1], name, worst, times))
    print(f"{len(rows)} readers and patterns; the slowest (ms at 2,000, 8,000, 32,000 signs)")
    for _, name, worst, times in sorted(rows, reverse=True)[:20]:
        columns = " ".join(f"{1000 * seconds:9.2f}" for seconds in times)
        print(f"{columns}  {name}  {worst}")


if __name__ == "__main__":
    main()
