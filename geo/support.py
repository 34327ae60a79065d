"""How precise a place is, told as the cells an event may be in; the weights of an event sum to 1.

A GPS point is in one cell. A landmark is a disc. A desa is all its cells. A kecamatan, a
kabupaten or an unknown place says too little for a cell model and gets no cell: such events
are shown in tables, never spread thin over a map.
"""

import numpy as np
import pandas as pd

from geo.grid import Grid

#: Radius taken for a landmark or dusun that states no uncertainty of its own, km.
LANDMARK_KM = 2.0
#: Below this a point stands for one cell, km.
POINT_KM = 0.1
#: Points that stand for a disc; 61 put the share of a cell within 2 % of the exact overlap.
DISC_POINTS = 61


def spread(
    events: pd.DataFrame, grid: Grid, desa_cells: dict[str, np.ndarray] | None = None
) -> pd.DataFrame:
    """Give every event the cells it may be in.

    Parameters
    ----------
    events : DataFrame with event_id, lat, lon (degrees, may be empty), geo_precision
        (gps, landmark, desa, kecamatan, kabupaten, unknown); uncertainty_km and admin_code
        are used where present
    grid : the cells of the study area
    desa_cells : positions in `grid` of the cells of each desa, by desa code; see `cells_of_desa`

    Returns
    -------
    DataFrame with event_id, place (position in `grid`) and weight. The weights of an event sum
        to 1; an event outside the grid or too coarsely placed has no row. A point up to one cell
        spacing outside goes to the nearest cell: see `Grid.nearest`.
    """
    events = events.reset_index(drop=True)
    lat, lon = events["lat"].to_numpy(float), events["lon"].to_numpy(float)
    precision = events["geo_precision"].astype(str).to_numpy()
    radius = _radius_km(events, precision)
    has_point = np.isfinite(lat) & np.isfinite(lon)
    parts = []

    point = has_point & np.isin(precision, ["gps", "landmark"]) & (radius <= POINT_KM)
    place = grid.nearest(lat[point], lon[point], grid.spacing_km)
    parts.append(_rows(np.flatnonzero(point), place, np.ones(len(place))))

    disc = has_point & np.isin(precision, ["gps", "landmark"]) & ~point
    if disc.any():
        parts.append(_spread_discs(np.flatnonzero(disc), lat[disc], lon[disc], radius[disc], grid))

    if desa_cells:
        codes = events["admin_code"].astype(str).to_numpy()
        for row in np.flatnonzero(precision == "desa"):
            cells = desa_cells.get(codes[row])
            if cells is not None and len(cells):
                share = grid.area_km2[cells] / grid.area_km2[cells].sum()
                parts.append(_rows(np.full(len(cells), row), cells, share))

    pieces = pd.concat(parts, ignore_index=True)
    pieces = pieces[pieces["place"] >= 0]
    grouped = pieces.groupby(["row", "place"], as_index=False, sort=True)
    found: pd.DataFrame = grouped[["weight"]].sum()
    total = found.groupby("row")["weight"].transform("sum")
    return pd.DataFrame(
        {
            "event_id": events["event_id"].to_numpy()[found["row"]],
            "place": found["place"].to_numpy(np.int64),
            "weight": (found["weight"] / total).to_numpy(float),
        }
    )


def cells_of_desa(cells: pd.DataFrame, desa: pd.DataFrame, grid: Grid) -> dict[str, np.ndarray]:
    """Positions in `grid` of each desa's cells; a desa too small to own a centre gets the nearest.

    `cells` has cell and desa_code, `desa` has desa_code, lat, lon (degrees).
    """
    place = grid.position(cells["cell"].tolist())
    owned = pd.DataFrame({"code": cells["desa_code"].astype(str).to_numpy(), "place": place})
    owned = owned[(owned["place"] >= 0) & owned["code"].ne("")]
    found = {str(code): group["place"].to_numpy() for code, group in owned.groupby("code")}
    small = desa[~desa["desa_code"].astype(str).isin(found) & desa["lat"].notna()]
    if len(small):
        at = grid.plane_km(small["lat"].to_numpy(float), small["lon"].to_numpy(float))
        for code, point in zip(small["desa_code"].astype(str), at, strict=True):
            away = np.hypot(*(grid.xy_km - point).T)
            found[code] = np.array([int(away.argmin())])
    return found


def _radius_km(events: pd.DataFrame, precision: np.ndarray) -> np.ndarray:
    usual = np.where(precision == "landmark", LANDMARK_KM, 0.0)
    if "uncertainty_km" not in events:
        return usual
    uncertainty = events["uncertainty_km"].to_numpy(float, na_value=np.nan)
    return np.where(np.isfinite(uncertainty), uncertainty, usual)


def _rows(row: np.ndarray, place: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"row": row, "place": place, "weight": weight})


def _spread_discs(
    row: np.ndarray, lat: np.ndarray, lon: np.ndarray, radius_km: np.ndarray, grid: Grid
) -> pd.DataFrame:
    """Equal-area points of a sunflower spiral over each disc (Vogel 1979), located one by one."""
    order = np.arange(DISC_POINTS)
    r = np.sqrt((order + 0.5) / DISC_POINTS)
    angle = order * np.pi * (3 - np.sqrt(5))
    north = radius_km[:, None] * r * np.sin(angle) / 111.195
    east = radius_km[:, None] * r * np.cos(angle) / 111.195
    at_lat = (lat[:, None] + north).ravel()
    at_lon = (lon[:, None] + east / np.cos(np.radians(lat))[:, None]).ravel()
    place = grid.nearest(at_lat, at_lon, grid.spacing_km)
    return _rows(np.repeat(row, DISC_POINTS), place, np.full(len(place), 1 / DISC_POINTS))
