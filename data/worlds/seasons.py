"""Invented seasons on the real ground, with the truth known and kept apart: DATA SINTETIS.

Everything is fiction: paths, posts, patrols, groups, cases. The ground is real, the parameters
follow what is publicly told (`Parameters` in data.simulate_world), and nothing that comes out of
here describes a person, a place of crossing or a position that exists.

`simulate` runs the default patrols; a bench that wants to send patrols elsewhere steps a
`Simulation` itself.
"""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from data.errors import DataError
from data.worlds.admin import tell_administrative
from data.worlds.patrols import (
    PostPatrols,
    Week,
    add_post_shifts,
    choose_tracked,
    effective_minutes,
    effort_table,
    tracks_table,
)
from data.worlds.telling import number, tell_campaign_cases, tell_crossings
from data.worlds.world import Parameters, Simulation
from geo import calendar

__all__ = ["Parameters", "Simulation", "Truth", "World", "simulate", "write"]

LABEL = "DATA SINTETIS"
POST_COLUMNS = ("name", "kind", "kabupaten_code", "lat", "lon")
NOTE = f"""{LABEL} – SYNTHETIC DATA

Semua isi folder ini rekaan: jalur, pos, patroli, kelompok dan perkara tidak pernah ada.
Everything in this folder is invented: paths, posts, patrols, groups and cases never existed.
Folder truth/ memuat kebenaran rekaan untuk pengujian; jangan dimasukkan sebagai data.
Folder truth/ holds the invented truth, for tests; it is never ingested.

"""


@dataclass(frozen=True)
class Truth:
    """What really happened in the invented world; for tests, never ingested."""

    cells: np.ndarray  # H3 ids, the rows of the intensities
    weeks: pd.DatetimeIndex  # first day (WIB), their columns
    intensity: np.ndarray  # float32 (cells, weeks): expected true events given the past
    intensity_inbound: np.ndarray  # float32 (cells, weeks): the inbound part of it
    true_events: pd.DataFrame  # true_id, cell, time, direction, kind, n_persons, lat, lon, ...
    batches: pd.DataFrame  # true_id, time, n_persons of every deportation
    links: pd.DataFrame  # event_id, true_id (crossing T..., deportation D...)
    late_events: pd.DataFrame  # records still on their way when the span ends


@dataclass(frozen=True)
class World:
    """What agencies hold, and apart from it the truth."""

    events: pd.DataFrame
    effort: pd.DataFrame
    tracks: pd.DataFrame
    truth: Truth
    seed: int
    parameters: Parameters


def simulate(
    cells: pd.DataFrame,
    posts: pd.DataFrame,
    seed: int,
    start: str = "2023-11-06",
    weeks: int = 156,
    **parameters: object,
) -> World:
    """Some years of invented crossings, patrols and files of six agencies.

    Parameters
    ----------
    cells : DataFrame with cell, lat, lon, kabupaten_code, kecamatan_code, desa_code,
        dist_border_km, dist_desa_km, dist_town_my_km (km); pop_km2_proxy if known
    posts : DataFrame with name, kind, kabupaten_code, lat, lon: public gates and offices;
        "Entikong" is where deportees enter, offices are where cases are registered
    seed : the same seed and parameters give the same world
    start : a Monday, first day of the first week (WIB)
    weeks : length of the span
    parameters : fields of `Parameters` to change

    Returns
    -------
    World. `events` holds the rows received before the span ends (canonical columns, corrected
    and withdrawn versions as rows of their own), `effort` one row per agency, mode, source, cell
    and week, `tracks` the points of a few patrols, whose effort has source "track".

    Raises
    ------
    ValueError
        If a column is missing, a parameter unknown, `start` no Monday, or no cell at a border.
    """
    if lacking := [name for name in POST_COLUMNS if name not in posts.columns]:
        raise ValueError(f"posts lack the columns {', '.join(lacking)}")
    world = Simulation(cells, seed, start, weeks, **parameters)
    if posts.empty:
        what = "posts has no row; deportees need a gate to enter by"
        raise DataError(what, key="world_posts")
    policy = PostPatrols(world)
    shape = (len(world.cells), weeks)
    intensity, inbound = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    happened, plans = [], []
    for week in range(weeks):
        plan = policy.plan(week, world.found)
        expected = world.intensity()
        intensity[world.belt, week] = expected.sum(axis=1)
        inbound[world.belt, week] = expected[:, 1]
        minutes = add_post_shifts(world, policy, effective_minutes(world, plan))
        happened.append(world.step(minutes)["true_events"])
        plans.append(plan)

    true = pd.concat(happened, ignore_index=True)
    chosen = choose_tracked(world, plans)
    tracks = tracks_table(plans, chosen)
    effort = effort_table(world, plans, policy, set(tracks["track_id"]))
    events, links, batches = _tell(world, true, plans, cells, posts)
    end = world.weeks[-1].tz_localize(calendar.HOME) + pd.Timedelta(days=7)
    arrived = events["received_at"] < end
    truth = Truth(
        cells=world.cells,
        weeks=world.weeks,
        intensity=intensity,
        intensity_inbound=inbound,
        true_events=true,
        batches=batches,
        links=links,
        late_events=events[~arrived].reset_index(drop=True),
    )
    kept = events[arrived].reset_index(drop=True)
    return World(kept, effort, tracks, truth, world.seed, world.parameters)


def write(world: World, folder: Path | str) -> list[Path]:
    """Write the files of every agency, effort, tracks and, in `truth/`, the truth -> paths.

    Files are named `sintetis_*`, every row has `synthetic = true`, and the same world gives the
    same bytes. Effort of the tracked patrols is left out of the effort file: it arrives by GPX.
    """
    folder = Path(folder)
    (folder / "tracks").mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    written = [folder / "LABEL.txt"]
    written[0].write_text(NOTE + f"seed: {world.seed}\n{world.parameters}\n", encoding="utf-8")
    for source, rows in world.events.groupby("source_agency", sort=True):
        written.append(_write_table(rows, folder / f"sintetis_events_{source}.csv.gz"))
    declared = world.effort[world.effort["source"] == "declared"]
    written.append(_write_table(declared, folder / "sintetis_effort.csv.gz"))
    for (agency, track), points in world.tracks.groupby(["agency", "track_id"], sort=True):
        path = folder / "tracks" / f"sintetis_{agency}_{track}.gpx"
        path.write_text(_gpx(str(agency), str(track), points), encoding="utf-8")
        written.append(path)

    truth, apart = world.truth, folder / "truth"
    for name in ("true_events", "batches", "links", "late_events"):
        table = getattr(truth, name)
        if "synthetic" not in table:
            table = table.assign(synthetic=True)
        written.append(_write_table(table, apart / f"sintetis_{name}.csv.gz"))
    row, column = np.nonzero(truth.intensity)
    sparse = pd.DataFrame(
        {
            "cell": pd.Categorical.from_codes(row, pd.Index(truth.cells)),
            "week": truth.weeks[column],
            "intensity": truth.intensity[row, column],
            "intensity_inbound": truth.intensity_inbound[row, column],
        }
    )
    path = apart / "sintetis_intensity.parquet"
    sparse.assign(synthetic=True).to_parquet(path, index=False)
    return [*written, path]


def _tell(
    world: Simulation,
    true: pd.DataFrame,
    plans: list[Week],
    cells: pd.DataFrame,
    posts: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """All rows of all agencies -> (events, links, deportation batches)."""
    offices = _offices(cells, posts)
    recorded = (true["discovered"] | true["reported"]).to_numpy()
    known = true[recorded].reset_index(drop=True)
    known["campaign"] = _campaign_of(known["time"], world.parameters)
    crossings = tell_crossings(world, known, _patrol_of(world, plans), offices)
    cases = tell_campaign_cases(world, true[~recorded], offices)
    gate = _gate(cells, posts)
    admin, batches = tell_administrative(world, offices, gate)
    records = pd.concat([crossings, cases, admin], ignore_index=True)
    events, links = number(records, world)
    return events, links, batches


def _patrol_of(world: Simulation, plans: list[Week]) -> pd.Series:
    """The first patrol in each (cell, week): its id."""
    parts = []
    for week, plan in enumerate(plans):
        first = plan.steps[["patrol", "place"]].drop_duplicates("place")
        ids = plan.patrols["patrol_id"].to_numpy(dtype=object)[first["patrol"]]
        parts.append(pd.DataFrame({"place": first["place"], "week": week, "patrol_id": ids}))
    table = pd.concat(parts, ignore_index=True)
    cell = world.frame["cell"].to_numpy(dtype=object)[table["place"]]
    index = pd.MultiIndex.from_arrays([cell, world.weeks[table["week"]]], names=["cell", "week"])
    return pd.Series(table["patrol_id"].to_numpy(dtype=object), index=index)


def _campaign_of(time: pd.Series, parameters: Parameters) -> np.ndarray:
    """The operation each moment falls into, "" mostly."""
    tag = np.full(len(time), "", dtype=object)
    for first, weeks, _ in parameters.campaigns:
        begin = pd.Timestamp(first, tz=calendar.HOME)
        inside = (time >= begin) & (time < begin + pd.Timedelta(weeks=weeks))
        tag[inside.to_numpy()] = f"OPS-SINTETIS-{first[:7]}"
    return tag


def _offices(cells: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """One office per kabupaten: a public one where `posts` has it, else the densest cell."""
    density = cells["pop_km2_proxy"] if "pop_km2_proxy" in cells else -cells["dist_desa_km"]
    dense = cells.iloc[np.argsort(-density.to_numpy(float), kind="stable")]
    first = dense.drop_duplicates("kabupaten_code").sort_values("kabupaten_code")
    table = first[["kabupaten_code", "desa_code", "lat", "lon"]].set_index("kabupaten_code")
    public = posts[posts["kind"] == "office"].drop_duplicates("kabupaten_code")
    for code, lat, lon in public[["kabupaten_code", "lat", "lon"]].itertuples(index=False):
        if code in table.index:
            desa = cells["desa_code"].iloc[_nearest_cell(cells, lat, lon)]
            table.loc[code] = [desa, lat, lon]
    table = table[table.index.astype(str) != ""]
    return table.rename(columns={"desa_code": "admin_code"}).reset_index()


def _gate(cells: pd.DataFrame, posts: pd.DataFrame) -> dict[str, float | str]:
    """Where deportees enter: PLBN Entikong, or the first post of another area."""
    named = posts[posts["name"].str.contains("PLBN Entikong", regex=False)]
    place = (named if len(named) else posts).iloc[0]
    nearest = _nearest_cell(cells, place["lat"], place["lon"])
    code = cells["kecamatan_code"].iloc[nearest]
    return {"lat": float(place["lat"]), "lon": float(place["lon"]), "admin_code": code}


def _nearest_cell(cells: pd.DataFrame, lat: float, lon: float) -> int:
    east = (cells["lon"] - lon) * np.cos(np.radians(lat))
    return int(np.argmin(np.hypot(east, cells["lat"] - lat)))


def _write_table(table: pd.DataFrame, path: Path) -> Path:
    """CSV, gzipped, times as ISO text in UTC, the same bytes for the same rows."""
    table = table.copy()
    for name in table.columns:
        if isinstance(table[name].dtype, pd.DatetimeTZDtype):
            table[name] = table[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif table[name].dtype == bool:
            table[name] = np.where(table[name], "true", "false")
        elif pd.api.types.is_datetime64_any_dtype(table[name]):
            table[name] = table[name].dt.strftime("%Y-%m-%d")
    table.to_csv(path, index=False, compression={"method": "gzip", "mtime": 0})
    return path


def _gpx(agency: str, track: str, points: pd.DataFrame) -> str:
    time = points["time"].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    lines = [
        f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><time>{when}</time></trkpt>'
        for lat, lon, when in zip(points["lat"], points["lon"], time, strict=True)
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="kalbar-risk"'
    return "\n".join(
        [
            f'{head} xmlns="http://www.topografix.com/GPX/1/1">',
            f"<metadata><name>{LABEL} {escape(track)}</name><desc>{LABEL}</desc></metadata>",
            f"<trk><name>{escape(track)}</name><desc>{LABEL}</desc><src>{escape(agency)}</src>",
            "<trkseg>",
            *lines,
            "</trkseg></trk></gpx>\n",
        ]
    )
