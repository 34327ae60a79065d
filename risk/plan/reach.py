"""Where the teams can go: posts, sectors in reach, and the hours between them."""

import itertools
from dataclasses import dataclass

import h3
import numpy as np
import pandas as pd
import scipy.sparse as sp

from geo.grid import Grid
from geo.impossible import Impossible, fault
from geo.naming import piece_resolution
from risk.plan.travel import speed_kmh, travel, travel_graph

CHUNK = 64


@dataclass(frozen=True)
class Ways:
    """Travel on one ground by one roster.

    sectors : ids of all parent hexagons, sorted; owner : row of each cell; anchor : the cell in
    the middle of each sector; starts : group keys (post_id, mode) in order; start_cell : cell of
    each; to_hours : (starts, sectors); near : sectors in reach of anybody; between : by mode,
    hours between the sectors of `near`; graphs : by mode
    """

    grid: Grid
    sectors: np.ndarray
    owner: np.ndarray
    anchor: np.ndarray
    starts: list[tuple[str, str]]
    start_cell: np.ndarray
    to_hours: np.ndarray
    near: np.ndarray
    between: dict[str, np.ndarray]
    graphs: dict[str, sp.csr_array]

    def roads(self) -> "Roads":
        """The same ground for single ways, as an edit needs them."""
        places = {post: int(c) for (post, _), c in zip(self.starts, self.start_cell, strict=True)}
        return Roads(self.grid, dict(zip(self.sectors, self.anchor, strict=True)), places,
                     self.graphs)  # fmt: skip

    def legs(self, mode: str, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
        """Cells on the shortest way between cells, for drawing a route."""
        found: dict[tuple[int, int], list[int]] = {}
        for begin in sorted({a for a, _ in pairs}):
            one = travel(self.graphs[mode], np.array([begin]), np.inf)
            found |= {(a, b): one.path(0, b) for a, b in pairs if a == begin}
        return found


@dataclass(frozen=True)
class Roads:
    """Ways of one shift at a time: where posts and sectors are, and the graphs to go on.

    anchor : cell in the middle of each sector; posts : cell of each post; graphs : by mode
    """

    grid: Grid
    anchor: dict[str, int]
    posts: dict[str, int]
    graphs: dict[str, sp.csr_array]

    def spot(self, sector: str) -> tuple[float, float]:
        """lat, lon where a team arrives in a sector."""
        cell = self.anchor[sector]
        return float(self.grid.lat[cell]), float(self.grid.lon[cell])

    def legs(self, post: str, mode: str, sectors: list[str]) -> list[tuple[float, str]]:
        """(minutes, cells on the way) out to the first sector, between them, and back home.

        Parameters
        ----------
        post : id of the post
        mode : how the team moves
        sectors : to be visited, in order

        Raises
        ------
        Impossible
            If the post or a sector is unknown here, or cannot be reached by this mode.
        """
        unknown = [s for s in sectors if s not in self.anchor]
        if unknown or post not in self.posts or mode not in self.graphs:
            lost = unknown[0] if unknown else f"{post} ({mode})"
            raise Impossible(fault("no_way_known", f"no way is known to {lost}", place=lost))
        stops = [self.posts[post], *(int(self.anchor[s]) for s in sectors), self.posts[post]]
        names, out = self.grid.cells, []
        for a, b in itertools.pairwise(stops):
            way = travel(self.graphs[mode], np.array([a]), np.inf)
            if not np.isfinite(way.hours[0, b]):
                what = f"no way leads from {names[a]} to {names[b]} by {mode}"
                raise Impossible(fault("no_way", what, start=names[a], end=names[b], mode=mode))
            out.append((60 * float(way.hours[0, b]), " ".join(names[c] for c in way.path(0, b))))
        return out


def find_roads(grid: Grid, cells: pd.DataFrame, teams: pd.DataFrame) -> Roads:
    """Roads of the posts of a roster; the same ground and speeds as `find_ways`, found quickly.

    Parameters
    ----------
    grid : cells of the area
    cells : DataFrame in the order of `grid`; what `speed_kmh` knows of them counts
    teams : post_id, lat, lon, mode
    """
    names, _, anchor = parents_of(grid)
    spots = teams.drop_duplicates("post_id")
    place = grid.nearest(spots["lat"].to_numpy(), spots["lon"].to_numpy(), 3 * grid.spacing_km)
    graphs = {
        mode: travel_graph(grid, speed_kmh(cells, mode, None))
        for mode in sorted(set(teams["mode"]))
    }
    posts = dict(zip(spots["post_id"].astype(str), (int(c) for c in place), strict=True))
    return Roads(grid, dict(zip(names, anchor, strict=True)), posts, graphs)


def parents_of(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(parent ids sorted, parent row of each cell, position of the cell in each one's middle)."""
    coarser = piece_resolution(grid.resolution)
    names, owner = np.unique(
        np.array([h3.cell_to_parent(cell, coarser) for cell in grid.cells]), return_inverse=True
    )
    ones = np.ones(len(grid))
    sums = np.column_stack([np.bincount(owner, w, len(names)) for w in grid.xy_km.T])
    middle = sums / np.bincount(owner, ones, len(names))[:, None]
    off = np.linalg.norm(grid.xy_km - middle[owner], axis=1)
    order = np.lexsort((off, owner))
    first = np.unique(owner[order], return_index=True)[1]
    return names, owner, order[first]


def find_ways(
    grid: Grid,
    cells: pd.DataFrame,
    teams: pd.DataFrame,
    min_stop_minutes: float = 60,
    known_kmh: dict[str, pd.Series] | None = None,
) -> Ways:
    """Hours from every post by every mode of its teams to every sector in reach, and between them.

    Parameters
    ----------
    grid : cells of the area
    cells : DataFrame in the order of `grid`; what `speed_kmh` knows of them counts
    teams : DataFrame with team_id, post_id, lat, lon, mode, shift_hours
    min_stop_minutes : a sector is in reach if a shift can go, stay so long and return
    known_kmh : speeds of an agency's layer, by mode

    Raises
    ------
    Impossible
        If a post lies further from every cell than one cell spacing.
    """
    names, owner, anchor = parents_of(grid)
    spots = teams.drop_duplicates(["post_id", "mode"]).sort_values(["post_id", "mode"])
    place = grid.nearest(spots["lat"].to_numpy(), spots["lon"].to_numpy(), 3 * grid.spacing_km)
    if (place < 0).any():
        lost = ", ".join(sorted(set(spots["post_id"][place < 0])))
        what = f"posts outside the study area: {lost}"
        raise Impossible(fault("posts_outside", what, posts=lost))
    longest = teams.groupby(["post_id", "mode"])["shift_hours"].max()
    graphs = {
        mode: travel_graph(grid, speed_kmh(cells, mode, (known_kmh or {}).get(mode)))
        for mode in sorted(set(spots["mode"]))
    }
    to_hours = np.full((len(spots), len(names)), np.inf, np.float32)
    starts = list(zip(spots["post_id"].astype(str), spots["mode"].astype(str), strict=True))
    for k, (post, mode) in enumerate(starts):
        limit = (float(longest[(post, mode)]) - min_stop_minutes / 60) / 2
        to_hours[k] = travel(graphs[mode], place[k : k + 1], max(limit, 0.0)).hours[0, anchor]
    near = np.flatnonzero(np.isfinite(to_hours).any(axis=0))
    between = {}
    for mode, graph in graphs.items():
        limit = float(teams.loc[teams["mode"] == mode, "shift_hours"].max())
        table = np.full((len(near), len(near)), np.inf, np.float32)
        for begin in range(0, len(near), CHUNK):
            part = anchor[near[begin : begin + CHUNK]]
            table[begin : begin + CHUNK] = travel(graph, part, limit).hours[:, anchor[near]]
        between[mode] = table
    return Ways(grid, names, owner, anchor, starts, place, to_hours, near, between, graphs)
