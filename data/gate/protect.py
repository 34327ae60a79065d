"""Which figures must be hidden so that no small one can be solved from the others.

A figure is a count with a name: a set of (dimension, value), fewer pairs for a total. Every
total is taken as known unless it is hidden as well. Cells are hidden in rounds until nothing
changes: small figures; figures that would be left alone in a sum, or whose hidden sum would itself
be small; figures that a combination of sums would determine (complementary cell suppression;
Willenborg & de Waal, Elements of Statistical Disclosure Control, 2001, ch. 6); and figures that
the sums, with what everybody knows of a hidden count (it is not below zero, and not zero where
zeros are shown), confine to less than all small counts, found by linear programming.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

#: what a figure is called: pairs of dimension and value
Name = frozenset[tuple[str, Any]]
#: sums, as (total, members) by position
Equations = list[tuple[int, tuple[int, ...]]]
#: arithmetic modulo a prime is exact; the chance of a wrong zero is about 1 in 2e9
_PRIME = 2**31 - 1
#: how much a bound may differ by arithmetic alone
_SLACK = 1e-6


class Figures:
    """Counts of several tables over one body of records, joined by the totals they share."""

    def __init__(self) -> None:
        self.names: dict[Name, int] = {}
        self.equations: list[tuple[int, tuple[int, ...]]] = []
        self._known: set[tuple[int, tuple[int, ...]]] = set()
        self._values: list[Mapping[Hashable, float]] = []

    def add_table(
        self,
        table: pd.DataFrame,
        dims: list[str],
        measures: list[str],
        fixed: Iterable[tuple[str, str]] = (),
        nested: dict[str, str] | None = None,
    ) -> None:
        """Add a table and all its totals.

        Parameters
        ----------
        table : dims and measures; rows with equal dims are added up
        dims : columns that name a figure
        measures : columns that count, one number per figure each
        fixed : pairs that every figure of the table has besides, e.g. ("span", "52 weeks")
        nested : of a column, the one it lies within: a sub-district is never named without
            its district
        """
        level = {tuple(dims): table.groupby(dims, sort=True)[measures].sum()}
        fixed = frozenset(fixed)
        while level:
            coarser: dict[tuple[str, ...], pd.DataFrame] = {}
            for names, figures in level.items():
                for gone in names:
                    if any((nested or {}).get(name) == gone for name in names):
                        continue
                    rest = tuple(name for name in names if name != gone)
                    total = self._add_sums(figures, names, rest, fixed)
                    coarser.setdefault(rest, total)
            level = {names: figures for names, figures in coarser.items() if names}

    def add_sum(self, total: Name, members: list[Name]) -> None:
        """State that a total is the sum of figures that were added before."""
        known = tuple(sorted(self.names[name] for name in members if name in self.names))
        if total in self.names and known:
            self._add_equation(self.names[total], known)

    def values(self, measure: str) -> np.ndarray:
        """One measure of every figure, 0 where its table does not have it."""
        return np.array([figures.get(measure, 0.0) for figures in self._values])

    def hidden(self, measure: str, below: float, forced: np.ndarray | None = None) -> np.ndarray:
        """Which figures to hide: at least those between 0 and `below`, and those forced.

        Parameters
        ----------
        measure : column that is counted
        below : counts under it are small
        forced : bool by figure, hidden whatever their size; none by default
        """
        return hide(self.values(measure), self.equations, below, forced)

    def _add_sums(
        self, figures: pd.DataFrame, names: tuple[str, ...], rest: tuple[str, ...], fixed: Name
    ) -> pd.DataFrame:
        if rest:
            total = figures.groupby(level=list(rest), sort=True).sum()
            gone = [name for name in names if name not in rest]
            # the stubs know only an index of one level
            group = list(figures.index.droplevel(gone))  # type: ignore[arg-type]
        else:
            total = figures.sum().to_frame().T
            group = [()] * len(figures)
        members: dict[Hashable, list[int]] = defaultdict(list)
        for key, whole, row in zip(figures.index, group, figures.to_dict("records"), strict=True):
            members[whole].append(self._figure(_named(names, key) | fixed, row))
        rows = dict(zip(total.index if rest else [()], total.to_dict("records"), strict=True))
        for whole, parts in members.items():
            place = self._figure(_named(rest, whole) | fixed, rows[whole])
            if parts != [place]:
                self._add_equation(place, tuple(sorted(parts)))
        return total

    def _figure(self, name: Name, row: Mapping[Hashable, float]) -> int:
        if name not in self.names:
            self.names[name] = len(self.names)
            self._values.append(row)
        return self.names[name]

    def _add_equation(self, total: int, members: tuple[int, ...]) -> None:
        if (total, members) not in self._known:
            self._known.add((total, members))
            self.equations.append((total, members))


def hide(
    values: np.ndarray,
    equations: list[tuple[int, tuple[int, ...]]],
    below: float,
    forced: np.ndarray | None = None,
    *,
    shown: np.ndarray | None = None,
    untold: np.ndarray | None = None,
    zeros: bool = False,
) -> np.ndarray:
    """Which values to hide, as bool.

    Parameters
    ----------
    values : non-negative counts
    equations : (total, members) as places in `values`; the total is the sum of the members
    below : values above 0 and below this are small
    forced : values to hide in any case, such as those that were hidden before
    shown : values that everybody knows already, so that hiding them is of no use
    untold : values that no table has, which only tie sums together: hidden, and not small ones
        may be solved, as a sum of what is shown
    zeros : whether zero is small too; otherwise it is never hidden, as it says nothing of anybody
    """
    open_ = np.zeros(len(values), dtype=bool) if shown is None else shown
    ties = np.zeros(len(values), dtype=bool) if untold is None else untold
    least = -1.0 if zeros else 0.0
    hidden = (values > least) & (values < below) & ~open_
    if forced is not None:
        hidden |= forced & (values > least)
    hidden |= ties
    tables = [equation for equation in equations if not ties[equation[0]]]
    of_figure = defaultdict(list)
    for total, members in equations:
        for place in (total, *members):
            of_figure[place].append((total, members))
    while True:
        before = int(hidden.sum())
        _hide_company(values, tables, below, hidden, open_)
        solved = [
            place
            for place in determined(equations, hidden)
            if values[place] < below or not ties[place]
        ]
        if not solved:
            solved = confined(values, equations, below, hidden, np.where(ties, 0.0, least + 1))
        if solved:
            # one more at a time: it often protects several
            _hide_nearest(values, of_figure, solved[0], hidden, open_)
        if hidden.sum() == before:
            return hidden


def _hide_company(
    values: np.ndarray, equations: Equations, below: float, hidden: np.ndarray, open_: np.ndarray
) -> None:
    """Hide more until no sum has one hidden member, nor hidden members of a small sum."""
    waiting = True
    while waiting:
        waiting = False
        for total, members in equations:
            inside = [place for place in members if hidden[place]]
            if not inside and not hidden[total]:
                continue
            if hidden[total] and inside:
                continue
            lonely = len(inside) < 2 or sum(values[place] for place in inside) < below
            if lonely and _hide_one_more(values, [(total, members)], hidden, open_):
                waiting = True


def _hide_one_more(
    values: np.ndarray, equations: Equations, hidden: np.ndarray, open_: np.ndarray
) -> bool:
    """Hide the smallest open member of some sums, or else an open total."""
    for places in (
        [place for _, members in equations for place in members],
        [total for total, _ in equations],
    ):
        free = [
            place
            for place in places
            if not hidden[place] and not open_[place] and values[place] > 0
        ]
        if free:
            hidden[min(free, key=lambda place: (values[place], place))] = True
            return True
    return False


def _hide_nearest(
    values: np.ndarray,
    of_figure: Mapping[int, Equations],
    start: int,
    hidden: np.ndarray,
    open_: np.ndarray,
) -> None:
    """Hide the smallest figure the fewest sums away that still can be hidden, if there is one."""
    seen, ring = {start}, [start]
    while ring:
        sums = [equation for place in ring for equation in of_figure[place]]
        if _hide_one_more(values, sums, hidden, open_):
            return
        ring = sorted({place for total, members in sums for place in (total, *members)} - seen)
        seen.update(ring)


def determined(equations: list[tuple[int, tuple[int, ...]]], hidden: np.ndarray) -> list[int]:
    """The hidden figures that the sums determine exactly."""
    rows = []
    for total, members in equations:
        row = {place: 1 for place in members if hidden[place]}
        if hidden[total]:
            row[total] = -1
        if row:
            rows.append(row)
    rows = _without_free(rows)
    if not rows:
        return []
    columns = sorted({place for row in rows for place in row})
    at = {place: i for i, place in enumerate(columns)}
    matrix = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for i, row in enumerate(rows):
        for place, sign in row.items():
            matrix[i, at[place]] = sign % _PRIME
    # a figure is determined if its unit vector is a combination of the sums, and then it is a
    # row of the reduced form
    reduced = _row_echelon(matrix)
    alone = reduced[(reduced != 0).sum(axis=1) == 1]
    return [columns[i] for i in np.flatnonzero(alone.any(axis=0))]


def confined(
    values: np.ndarray,
    equations: list[tuple[int, tuple[int, ...]]],
    below: float,
    hidden: np.ndarray,
    least: np.ndarray | None = None,
) -> list[int]:
    """The small hidden figures that the sums confine to less than `least` to `below` - 1.

    Parameters
    ----------
    values, equations, below : as `hide` takes them
    hidden : bool for each value
    least : what everybody knows a hidden value to be at least; 0 if left out
    """
    least = np.zeros(len(values)) if least is None else least
    low, high = bounds(values, equations, hidden, least)
    small = hidden & (values < below)
    narrow = (low > least + _SLACK) | (high < below - 1 - _SLACK)
    return np.flatnonzero(small & narrow).tolist()


def bounds(
    values: np.ndarray,
    equations: list[tuple[int, tuple[int, ...]]],
    hidden: np.ndarray,
    least: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of each figure that agree with the sums.

    Figures that stand in the same sums can be exchanged, so that one unknown, their sum, stands
    for all of them: each alone may be its least, or all that the others leave.

    Parameters
    ----------
    values, equations : as `hide` takes them
    hidden : bool for each value
    least : what everybody knows a hidden value to be at least; 0 if left out

    Returns
    -------
    low, high : arrays like `values`; those that are not hidden are known, infinity is no bound
    """
    low, high = values.astype(float), values.astype(float)
    least = np.zeros(len(values)) if least is None else least
    signs: dict[int, dict[int, int]] = defaultdict(dict)
    right = []
    for row, (total, members) in enumerate(equations):
        right.append(values[total] * ~hidden[total] - sum(values[m] for m in members
                                                          if not hidden[m]))  # fmt: skip
        for place, sign in [(total, -1), *((member, 1) for member in members)]:
            if hidden[place]:
                signs[place][row] = signs[place].get(row, 0) + sign
    alike = defaultdict(list)
    for place in np.flatnonzero(hidden).tolist():
        alike[tuple(sorted(signs[place].items()))].append(place)
    matrix = np.zeros((len(equations), len(alike)))
    for column, pattern in enumerate(alike):
        for row, sign in pattern:
            matrix[row, column] = sign
    floor = np.array([least[places].sum() for places in alike.values()])
    for column, places in enumerate(alike.values()):
        aim = np.zeros(len(alike))
        aim[column] = 1.0
        others = floor[column] - least[places]
        if len(places) > 1:
            low[places] = least[places]
        else:
            low[places] = _least(aim, matrix, right, floor)
        high[places] = -_least(-aim, matrix, right, floor) - others
    return low, high


def _least(aim: np.ndarray, matrix: np.ndarray, right: list[float], floor: np.ndarray) -> float:
    """The least value of a sum of unknowns, each at least its floor; minus infinity if none."""
    if not len(matrix):
        return float(aim @ floor) if aim.min() >= 0 else -np.inf
    from scipy.optimize import linprog  # a command that hides nothing starts without it

    limits = [(low, None) for low in floor]
    bound = linprog(aim, A_eq=matrix, b_eq=right, bounds=limits, method="highs")
    if bound.status in (3, 4) and aim.min() < 0:  # HiGHS tells some unbounded ones as status 4
        return -np.inf
    if bound.status != 0:
        raise ValueError(f"the sums of the counts do not agree with each other: {bound.message}")
    return float(np.asarray(bound.fun))


def _without_free(rows: list[dict[int, int]]) -> list[dict[int, int]]:
    """Leave out sums with two figures that no other sum has: they tell nothing about any."""
    of_figure = defaultdict(set)
    for i, row in enumerate(rows):
        for place in row:
            of_figure[place].add(i)
    own = [sum(len(of_figure[place]) == 1 for place in row) for row in rows]
    queue = [i for i, n in enumerate(own) if n >= 2]
    gone = set(queue)
    while queue:
        i = queue.pop()
        for place in rows[i]:
            of_figure[place].discard(i)
            if len(of_figure[place]) == 1:
                (other,) = of_figure[place]
                own[other] += 1
                if own[other] >= 2 and other not in gone:
                    gone.add(other)
                    queue.append(other)
    return [row for i, row in enumerate(rows) if i not in gone]


def _row_echelon(matrix: np.ndarray) -> np.ndarray:
    """Reduced row echelon form modulo the prime, zero rows left out."""
    matrix, rank = matrix.copy(), 0
    for column in range(matrix.shape[1]):
        pivots = np.flatnonzero(matrix[rank:, column])
        if not len(pivots):
            continue
        pivot = rank + pivots[0]
        matrix[[rank, pivot]] = matrix[[pivot, rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, _PRIME) % _PRIME
        others = np.flatnonzero(matrix[:, column])
        others = others[others != rank]
        factors = matrix[others, column][:, None]
        matrix[others] = (matrix[others] - factors * matrix[rank] % _PRIME) % _PRIME
        rank += 1
        if rank == len(matrix):
            break
    return matrix[:rank]


def _named(dims: Iterable[str], key: Hashable) -> Name:
    values = key if isinstance(key, tuple) else (key,)
    return frozenset(zip(dims, values, strict=True))
