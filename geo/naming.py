"""What a piece of ground is called: one short code, the nearest named place and its side of it.

A *piece* is a parent hexagon of the working cells. Its code names ground, never a rank: it is
made from the cells of the area, their resolution and the list of places, and from nothing that
changes from week to week. `KTK-2` is the second hexagon around the place with the letters KTK.
A sector of hotspots is called after the piece that most of its cells lie in.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, product
from string import ascii_lowercase, ascii_uppercase
from unicodedata import normalize

import h3
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.grid import Grid

#: what every named row tells: code, code and place ("KTK-2 Kantuk Asam"), side of the place and
#: distance to it; these columns travel with every table of sectors
COLUMNS = ("sector_code", "name", "near", "side", "away_km")
#: sides of a place, anticlockwise from the east; "" is the place itself
SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
#: letters of a piece where no place has a name
NO_PLACE = "S"
#: letters that mean something else on the radio, or that nobody wants to say there
AVOIDED = frozenset({"SOS", "ASU", "TAI", "SEX"})
_VOWELS = frozenset("AEIOU")


def piece_resolution(resolution: int) -> int:
    """H3 resolution of the pieces of cells of a resolution: one step coarser."""
    return max(0, resolution - 1)


def name_pieces(grid: Grid, places: pd.DataFrame) -> pd.DataFrame:
    """Name every piece of an area.

    The same cells and places give the same names, in whatever order they come. A piece belongs
    to the place nearest to its middle; around a place pieces are numbered outwards.

    Parameters
    ----------
    grid : all cells of the area, not only those that somebody may see
    places : DataFrame with place_id, name, lat, lon (degrees); rows without a name or a position
        are left out, and it may be empty

    Returns
    -------
    DataFrame indexed by piece (H3 id, sorted): sector_code (unique), name ("KTK-2 Kantuk Asam",
        so unique too), near (name of the place), side (one of SIDES, or "" around the middle of
        the place), away_km (told only where several pieces lie on one side of a place, else NaN).
        Without places the code counts from north to south and near is the latitude and longitude
        of the middle, "1.234, 110.456".
    """
    size = piece_resolution(grid.resolution)
    pieces = Grid(sorted({h3.cell_to_parent(cell, size) for cell in grid.cells}))
    table = pd.DataFrame(index=pd.Index(pieces.cells, name="piece"))
    known = places.dropna(subset=["name", "lat", "lon"])
    known = known[known["name"].astype(str).str.strip() != ""]
    known = known.sort_values("place_id", kind="stable")
    if known.empty:
        order = np.lexsort((np.asarray(pieces.cells), pieces.lon.round(6), -pieces.lat.round(6)))
        number = np.empty(len(table), dtype=int)
        number[order] = np.arange(1, len(table) + 1)
        codes = [f"{NO_PLACE}-{n}" for n in number]
        near = [f"{lat:.3f}, {lon:.3f}" for lat, lon in zip(pieces.lat, pieces.lon, strict=True)]
        return _named(table, codes, near).assign(side="", away_km=np.nan)
    spots = pieces.plane_km(known["lat"].to_numpy(float), known["lon"].to_numpy(float))
    away, home = map(np.asarray, cKDTree(spots).query(pieces.xy_km))
    east, north = (pieces.xy_km - spots[home]).T
    side = _sides(east, north, away <= pieces.spacing_km / 2)
    letters = short_codes(known["name"].astype(str).tolist())
    codes = [f"{letters[h]}-{n}" for h, n in zip(home, _ranks(home, away), strict=True)]
    km = _told_km(pd.DataFrame({"home": home, "side": side, "away": away}))
    near = known["name"].astype(str).to_numpy()[home].tolist()
    return _named(table, codes, near).assign(side=side, away_km=km)


def short_codes(names: Sequence[str]) -> list[str]:
    """Three capital letters for each name, no two alike; earlier names choose first.

    The first letter of the name stays first as long as one such code is free; then initials of
    words are preferred to consonants and these to vowels. Signs that are no Latin letters are
    left out.

    Raises
    ------
    ValueError
        If there are more names than codes.
    """
    most = len(ascii_uppercase) ** 3 - len(AVOIDED)
    if len(names) > most:
        raise ValueError(f"at most {most} places bear codes of three letters, got {len(names)}")
    taken = set(AVOIDED)
    found = []
    for name in names:
        code = next(one for one in _candidates(str(name)) if one not in taken)
        taken.add(code)
        found.append(code)
    return found


def name_sectors(
    sector: pd.Series, pieces: pd.DataFrame, borne: Collection[str] = ()
) -> pd.DataFrame:
    """Name the sectors of an assessment after the ground they lie on.

    A sector bears the code of the piece that holds most of its cells; of pieces with equally
    many, the first by id. It keeps the code however it grows or shrinks as long as this is so.
    Where several sectors have most of their cells in one piece, the one with most cells there
    bears the bare code and each other one adds the letter of its first cell in it: KTK-2c.

    Parameters
    ----------
    sector : number of the sector of each cell (index: H3 id), 0 for none; of the working
        resolution, or of a coarser one
    pieces : from `name_pieces`
    borne : pieces whose bare code something else on the same page bears already

    Returns
    -------
    DataFrame indexed by sector number, sorted: sector_code and name (unique), near, side,
        away_km, piece (its H3 id), plan_codes (codes of all pieces it lies in, those with most
        cells first, "KTK-2, KTK-3").

    Raises
    ------
    ValueError
        If a cell lies in no piece.
    """
    inside = sector[sector > 0]
    if inside.empty:
        columns = [*COLUMNS, "piece", "plan_codes"]
        return pd.DataFrame(columns=columns, index=pd.Index([], name="sector", dtype=int))
    table = pd.DataFrame({"sector": inside.to_numpy(int), "cell": inside.index.astype(str)})
    table["piece"] = pieces_of(table["cell"], pieces)
    shares = table.groupby(["sector", "piece"], as_index=False).agg(
        cells=("cell", "size"), first=("cell", "min")
    )
    shares = shares.sort_values(["sector", "cells", "piece"], ascending=[True, False, True])
    shares["own_code"] = pieces["sector_code"].reindex(shares["piece"]).to_numpy()
    own = shares.drop_duplicates("sector").sort_values(
        ["piece", "cells", "first"], ascending=[True, False, True]
    )
    second = own.duplicated("piece").to_numpy() | own["piece"].isin(list(borne)).to_numpy()
    named = pieces.loc[own["piece"], list(COLUMNS)].reset_index(drop=True)
    named.insert(0, "sector", own["sector"].to_numpy())
    named["piece"] = own["piece"].to_numpy()
    codes = [
        code + (_letter(cell, piece) if again else "")
        for code, again, cell, piece in zip(
            named["sector_code"], second, own["first"], own["piece"], strict=True
        )
    ]
    named = _named(named, codes, named["near"].tolist())
    lies_in = shares.groupby("sector")["own_code"].agg(", ".join)
    named["plan_codes"] = named["sector"].map(lies_in)
    return named.set_index("sector").sort_index()


def pieces_of(cells: Iterable[str], pieces: pd.DataFrame) -> list[str]:
    """The piece around each cell; of a cell coarser than a piece, the first one inside it.

    Parameters
    ----------
    cells : H3 ids
    pieces : from `name_pieces`

    Raises
    ------
    ValueError
        If a cell lies in no piece.
    """
    cells = [str(cell) for cell in cells]
    size = h3.get_resolution(pieces.index[0])

    @cache
    def first_within(resolution: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for piece in pieces.index:
            found.setdefault(h3.cell_to_parent(piece, resolution), piece)
        return found

    known = set(pieces.index)
    rows = [
        h3.cell_to_parent(cell, size)
        if (fine := h3.get_resolution(cell)) >= size
        else first_within(fine).get(cell, "")
        for cell in cells
    ]
    if lost := [cell for cell, piece in zip(cells, rows, strict=True) if piece not in known]:
        raise ValueError(f"{len(lost)} cells lie in no piece of the area, e.g. {lost[0]}")
    return rows


def _named(table: pd.DataFrame, codes: Sequence[str], near: Sequence[str]) -> pd.DataFrame:
    """The table with code, place and both together."""
    names = [f"{code} {place}" for code, place in zip(codes, near, strict=True)]
    return table.assign(sector_code=list(codes), name=names, near=list(near))


def _sides(east: np.ndarray, north: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """One of SIDES for each offset from a place, "" for what lies around its middle."""
    turn = np.round(np.arctan2(north, east) / (np.pi / 4)).astype(int) % len(SIDES)
    return np.where(middle, "", np.array(SIDES)[turn])


def _ranks(home: np.ndarray, away: np.ndarray) -> np.ndarray:
    """1 for the piece nearest to its place, 2 for the next; pieces come in the order of ids."""
    near = pd.Series(np.round(away, 6))
    return near.groupby(home).rank(method="first").astype(int).to_numpy()


def _told_km(table: pd.DataFrame) -> np.ndarray:
    """Distance where place and side do not suffice, as coarse as tells the pieces apart."""
    known_km = np.full(len(table), np.nan)
    for decimals in range(4):
        km = table["away"].round(decimals)
        open_ = table.assign(km=km).duplicated(["home", "side", "km"], keep=False)
        fresh = table.duplicated(["home", "side"], keep=False) & np.isnan(known_km)
        known_km = np.where(fresh & (~open_ | (decimals == 3)), km, known_km)
    return known_km


def _candidates(name: str) -> Iterator[str]:
    """Codes of three letters for a name, the most speaking first, at last any."""
    words = ["".join(sign for sign in normalize("NFKD", word).upper() if sign in ascii_uppercase)
             for word in name.split()]  # fmt: skip
    letters = "".join(words)
    starts = {sum(len(word) for word in words[:k]) for k in range(len(words))}
    cost = [0 if k in starts else 3 if sign in _VOWELS else 1 for k, sign in enumerate(letters)]
    # pairs come in the order of their places, and those of one cost stay in it
    pairs_of_places = combinations(range(1, len(letters)), 2)
    rest = sorted(pairs_of_places, key=lambda two: cost[two[0]] + cost[two[1]])
    yield from (letters[0] + letters[i] + letters[j] for i, j in rest)
    pairs = ["".join(two) for two in product(ascii_uppercase, repeat=2)]
    yield from (letters[:1] + two for two in pairs if letters)
    yield from (first + two for first in ascii_uppercase for two in pairs)


def _letter(cell: str, piece: str) -> str:
    """Which part of a piece a cell is, as letters: a to g for its seven children."""
    place, text = h3.cell_to_child_pos(cell, h3.get_resolution(piece)), ""
    while place >= 0:
        place, sign = divmod(place, len(ascii_lowercase))
        text, place = ascii_lowercase[sign] + text, place - 1
    return text
