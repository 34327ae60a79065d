"""Several receivers of one patrol: which tracks are of one patrol, and its minutes counted once.

A patrol whose three members each carry a receiver was there once. What is stored stays as each
receiver told it; the count is made anew from the stored stays, so that the order of deliveries
does not matter and a track that is taken back gives its minutes to the next one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

#: Tracks are of one patrol if at least this share of the shorter one's time is spent in the same
#: cells at the same time as the other. Receivers of one patrol agree nearly always, except where
#: they walk on two sides of the edge of a cell; two patrols that cross, or leave one post
#: together and part, share a cell or two of many. Seven tenths lies between.
SHARE = 0.7
EACH = "each"


@dataclass(frozen=True)
class Together:
    """What a file's tracks share with other receivers of the same patrols.

    tracks : of the file, that are of one patrol with another track
    minutes : of the file, that are counted once with another track's
    minutes_stored : of these, what is shared with tracks that were there before
    each : does the steward count them all the same?
    """

    tracks: int = 0
    minutes: float = 0.0
    minutes_stored: float = 0.0
    each: bool = False


def spans_text(start: np.ndarray, end: np.ndarray) -> str:
    """Stays in a cell as text, `1746410400+300 …`: begin in seconds since 1970 and length."""
    first, last = np.floor(start).astype("int64"), np.ceil(end).astype("int64")
    return " ".join(f"{a}+{b - a}" for a, b in sorted(zip(first, last, strict=True)))


def count_once(effort: pd.DataFrame) -> pd.DataFrame:
    """Effort with every minute of a patrol counted once, however many receivers told of it.

    Of one patrol's tracks the longest counts as it is; of the next ones what lies in time outside
    of it counts, and so on. The km and visits of a row shrink with its minutes.

    Parameters
    ----------
    effort : DataFrame with source_agency, track, cell, spans (see `spans_text`), counted, minutes,
        km, visits. Rows without spans (declared effort) and rows counted `each` stay as they are.

    Returns
    -------
    DataFrame, the same rows in the same order.
    """
    patrols = _patrols(effort)
    several = patrols[patrols["patrol"].duplicated(keep=False)]
    if several.empty:
        return effort
    share = pd.Series(1.0, index=effort.index)
    for _, members in several.groupby("patrol", sort=False):
        known: list[tuple[int, int]] = []
        for rows in members["rows"]:
            parsed = [_parse(str(effort.at[row, "spans"])) for row in rows]
            for row, spans in zip(rows, parsed, strict=True):
                share[row] = 1.0 - _covered(spans, known) / _seconds(spans)
            known = _union([*known, *(span for spans in parsed for span in spans)])
    counted = {name: effort[name] * share for name in ("minutes", "km", "visits")}
    return effort.assign(**counted)


def together(new: pd.DataFrame, old: pd.DataFrame) -> Together:
    """What the tracks of a file share with each other and with tracks that are there already.

    Parameters
    ----------
    new : effort rows of the file, see `count_once`, with effort_id
    old : effort rows as stored; those that `new` brings again are left out
    """
    old = old[~_keys(old).isin(set(_keys(new)))]
    both = pd.concat([old, new], ignore_index=True)
    minutes = float(new["minutes"].sum())
    counted = float(count_once(both)["minutes"].sum() - count_once(old)["minutes"].sum())
    alone = float(count_once(new.reset_index(drop=True))["minutes"].sum())
    patrols = _patrols(both)
    several = patrols[patrols["patrol"].duplicated(keep=False)]
    tracks = int(sum(rows[-1] >= len(old) for rows in several["rows"]))
    return Together(tracks, max(minutes - counted, 0.0), max(alone - counted, 0.0))


def _keys(effort: pd.DataFrame) -> pd.Series:
    return effort["source_agency"].astype("str") + "|" + effort["effort_id"].astype("str")


def _patrols(effort: pd.DataFrame) -> pd.DataFrame:
    """The tracks, the longest first: rows (labels of `effort`) and patrol (a number).

    Each track joins the longest patrol that it shares most of its time with, or leads one of its
    own. Only tracks of one agency are compared: what another agency walked is not told.
    """
    named = (effort["spans"].astype("str") != "") & (effort["counted"] != EACH)
    groups = effort[named].groupby(["source_agency", "track"], sort=True).groups
    # two columns to group by make keys of two
    keyed = cast("Mapping[tuple[str, str], pd.Index]", groups)
    tracks = [(list(labels), key) for key, labels in keyed.items()]
    spans: list[dict[str, list[tuple[int, int]]]] = [{} for _ in tracks]
    for number, (labels, _) in enumerate(tracks):
        for label in labels:
            spans[number].setdefault(str(effort.at[label, "cell"]), []).extend(
                _parse(str(effort.at[label, "spans"]))
            )
    length = [sum(_seconds(_union(part)) for part in one.values()) for one in spans]
    shared = _shared([key[0] for _, key in tracks], spans)
    # of equal length, by the stays and not by the name: a copy under another name changes nothing
    stays = [sorted((cell, sorted(parts)) for cell, parts in one.items()) for one in spans]
    order = sorted(range(len(tracks)), key=lambda k: (-length[k], stays[k], tracks[k][1]))
    place = {k: rank for rank, k in enumerate(order)}
    leader: dict[int, int] = {}
    for k in order:
        fits = [
            (-seconds, place[other], other)
            for other, seconds in shared.get(k, {}).items()
            if leader.get(other) == other and seconds >= SHARE * length[k]
        ]
        leader[k] = min(fits)[-1] if fits else k
    return pd.DataFrame(
        {"rows": [tracks[k][0] for k in order], "patrol": [leader[k] for k in order]}
    )


def _shared(
    agencies: list[str], spans: list[dict[str, list[tuple[int, int]]]]
) -> dict[int, dict[int, int]]:
    """Seconds that each two tracks of an agency spend in the same cells at the same time."""
    by_cell: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for k, cells in enumerate(spans):
        for cell, parts in cells.items():
            stretches = by_cell.setdefault((agencies[k], cell), [])
            stretches += [(start, end, k) for start, end in _union(parts)]
    shared: dict[int, dict[int, int]] = {}
    for stays in by_cell.values():
        open_: list[tuple[int, int, int]] = []
        for start, end, k in sorted(stays):
            open_ = [stay for stay in open_ if stay[1] > start]
            for _, until, other in open_:
                seconds = min(until, end) - start
                for a, b in ((k, other), (other, k)):
                    own = shared.setdefault(a, {})
                    own[b] = own.get(b, 0) + seconds
            open_.append((start, end, k))
    return shared


def _parse(text: str) -> list[tuple[int, int]]:
    """The stays of `spans_text`: begin and end, seconds since 1970."""
    pairs = [part.split("+") for part in text.split()]
    return [(int(start), int(start) + int(length)) for start, length in pairs]


def _union(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same time without overlaps, in order."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _seconds(spans: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _covered(spans: list[tuple[int, int]], known: list[tuple[int, int]]) -> int:
    """Seconds of some stays that lie in a union of stays."""
    if not known:
        return 0
    starts = np.array([start for start, _ in known])
    covered = 0
    for start, end in spans:
        k = max(int(np.searchsorted(starts, start, side="right")) - 1, 0)
        while k < len(known) and known[k][0] < end:
            covered += max(0, min(end, known[k][1]) - max(start, known[k][0]))
            k += 1
    return covered
