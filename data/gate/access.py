"""Who may see what: denied unless a scope that has not expired allows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

TIERS = ("public", "internal", "restricted")
#: an agency that acts for all, such as the joint task force
ALL_AGENCIES = "*"
#: what a person's work is; "" does all work with data that the tier allows
ROLES = ("", "commander", "analyst", "steward", "auditor", "administrator")
#: roles that watch over others and see nothing of the data
OVERSIGHT = frozenset({"auditor", "administrator"})
#: tables of an assessment that say nothing about any place
PLACELESS = frozenset({"scores"})

Frames = dict[str, pd.DataFrame]
#: one table, or all tables of an assessment; what is cut comes back as what it was
Seen = TypeVar("Seen", pd.DataFrame, Frames)


@dataclass(frozen=True)
class Scope:
    """What one viewer may see; hashable, so that a cache can be keyed by it.

    kabupaten : codes, None for the whole province, empty for nothing
    kecamatan : codes within them, None for all of them
    expires : the moment from which on nothing is seen; None never was allowed anything
    here : whether the viewer sits at the machine that runs the program; no file of users says so
    role : one of ROLES; one of OVERSIGHT has neither agency nor district, and so sees no data
    """

    user: str = ""
    agency: str = ""
    tier: str = "public"
    kabupaten: frozenset[str] | None = frozenset()
    kecamatan: frozenset[str] | None = None
    expires: pd.Timestamp | None = None
    here: bool = False
    role: str = ""

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise ValueError(f"tier is one of {', '.join(TIERS)}, got {self.tier!r}")
        if self.role not in ROLES:
            raise ValueError(f"role is one of {', '.join(ROLES[1:])} or empty, got {self.role!r}")
        if self.role in OVERSIGHT and (self.agency or self.kabupaten != frozenset()):
            raise ValueError(f"the role {self.role} has neither agency nor district")
        if self.expires is not None and self.expires.tzinfo is None:
            raise ValueError(f"expires needs a time zone, got {self.expires}")

    def alive(self, now: pd.Timestamp | None = None) -> bool:
        """Whether the scope allows a look at any data at this moment."""
        return self.in_time(now) and (self.kabupaten is None or bool(self.kabupaten))

    def in_time(self, now: pd.Timestamp | None = None) -> bool:
        """Whether the right has not ended at this moment."""
        return self.expires is not None and (now or pd.Timestamp.now("UTC")) < self.expires

    @property
    def mark(self) -> str:
        """These rights as a text, the same for all who have them: whose they are is left out."""
        parts = (
            "all" if codes is None else ",".join(sorted(codes))
            for codes in (self.kabupaten, self.kecamatan)
        )
        parts_of_mark = (
            self.tier,
            self.agency,
            *parts,
            str(self.expires),
            str(self.here),
            self.role,
        )
        return f"<{';'.join(parts_of_mark)}>"

    @property
    def everywhere(self) -> bool:
        """Whether no district is left out."""
        return self.kabupaten is None and self.kecamatan is None


NOBODY = Scope()
#: whoever can start the program on this machine may read its store anyway
LOCAL = Scope(
    "local",
    ALL_AGENCIES,
    "restricted",
    None,
    expires=pd.Timestamp("2200-01-01", tz="UTC"),
    here=True,
)


def visible(
    frames: Seen,
    scope: Scope,
    cells: pd.DataFrame | None = None,
    now: pd.Timestamp | None = None,
) -> Seen:
    """The rows that a scope may see, of one table or of all tables of an assessment.

    A row is seen if every place it names (kabupaten_code, kecamatan_code, admin_code, cell) lies
    in the scope's districts and its sensitivity in its tier. A row that names no place, or one
    that cannot be told apart at the scope's level, is seen by those who may see everything.

    Parameters
    ----------
    frames : one table, or all tables of an assessment by name
    scope : the viewer's
    cells : districts of the cells (cell, kabupaten_code, kecamatan_code); taken from
        frames["cells"] when all tables of an assessment are given
    now : the moment (UTC) at which the right must not have expired; the present by default
    """
    if isinstance(frames, pd.DataFrame):
        return _visible(frames, scope, cells, now)
    cells = frames.get("cells", cells)
    return {
        name: table.copy()
        if name in PLACELESS and scope.alive(now)
        else _visible(table, scope, cells, now)
        for name, table in frames.items()
    }


def visible_pairs(pairs: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The pairs of which both events are among those that may be seen."""
    seen = set(events["event_id"])
    return pairs[pairs["event_id_a"].isin(seen) & pairs["event_id_b"].isin(seen)].copy()


def _visible(
    table: pd.DataFrame, scope: Scope, cells: pd.DataFrame | None, now: pd.Timestamp | None
) -> pd.DataFrame:
    if not scope.alive(now):
        return table.iloc[:0].copy()
    seen = pd.Series(True, index=table.index)
    if "sensitivity" in table:
        allowed = TIERS[: TIERS.index(scope.tier) + 1]
        seen &= table["sensitivity"].isin(allowed)
    if scope.everywhere:
        return table[seen].copy()
    named = pd.Series(False, index=table.index)
    for inside, known in _places(table, scope, cells):
        seen &= inside | ~known
        named |= known
    return table[seen & named].copy()


def _places(
    table: pd.DataFrame, scope: Scope, cells: pd.DataFrame | None
) -> Iterator[tuple[pd.Series, pd.Series]]:
    """For each way a table names a place: (inside the scope, named at all) per row."""
    for column in ("kecamatan_code", "kabupaten_code", "admin_code"):
        if column in table:
            code = table[column].astype("str").fillna("")
            # a district that holds an allowed sub-district is not itself allowed: but a row that
            # names the sub-district as well is judged by that one
            known = code != ""
            if column == "kabupaten_code" and "kecamatan_code" in table:
                yield _in_kabupaten(code, scope), known
            else:
                yield _inside(code, scope), known
    if "cell" in table:
        cell = table["cell"].astype("str").fillna("")
        known = cell != ""
        if cells is None:
            yield pd.Series(False, index=table.index), known
        else:
            codes = _codes_of(cell, cells)
            yield _inside(codes, scope), known


def _codes_of(cell: pd.Series, cells: pd.DataFrame) -> pd.Series:
    """The finest district code of each cell, empty where it is unknown."""
    finest = cells["kecamatan_code"].where(cells["kecamatan_code"] != "", cells["kabupaten_code"])
    known = pd.Series(finest.to_numpy(), index=cells["cell"].to_numpy())
    known = known[~known.index.duplicated()]
    return cell.map(known).astype("str").fillna("")


def _in_kabupaten(code: pd.Series, scope: Scope) -> pd.Series:
    if scope.kabupaten is None:
        return pd.Series(True, index=code.index)
    return _within(code, scope.kabupaten, 2)


def _inside(code: pd.Series, scope: Scope) -> pd.Series:
    inside = _in_kabupaten(code, scope)
    if scope.kecamatan is not None:
        inside &= _within(code, scope.kecamatan, 3)
    return inside


def _within(code: pd.Series, allowed: frozenset[str], parts: int) -> pd.Series:
    """Whether the first parts of each code are allowed; each code is taken apart once, as a long
    table names few districts many times."""
    known = [one for one in code.unique() if ".".join(one.split(".")[:parts]) in allowed]
    return code.isin(known)
