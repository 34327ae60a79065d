"""Invented patrols: some sixty made-up posts, where their patrols walk, and what that sums to.

No position here is that of a real post: they are drawn at random along the border and moved by
some km. Half of the patrols stay near their post and easy ground, half go where something was
found before, so that effort chases records and most of the belt is never looked at.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.worlds.world import WIB, Simulation, move
from geo.grid import Grid

#: How well an hour in each mode finds groups, against an hour of foot patrol.
STRENGTH = {"patrol": 1.0, "ambush": 1.5, "post_shift": 0.25}
STEP_MINUTES = 5.0
WALK_KMH = 3.0
AGENCIES = ("satgas_pamtas", "gabungan")
POST_SHIFT_MINUTES = 240.0


@dataclass(frozen=True)
class Week:
    """The patrols of one week: one row per step of five minutes or so, and one per patrol."""

    steps: pd.DataFrame  # patrol, place (belt cell), minutes, km, lat, lon, time, night
    patrols: pd.DataFrame  # patrol_id, agency, mode, start (UTC), post, whole (bool: no step moved)


class PostPatrols:
    """The default policy: patrols of posts, half near and easy, half after past finds.

    `plan` is told what the simulation remembers of finds; another policy may replace it as long
    as it returns a `Week` (or hands an array of minutes to `Simulation.step` itself).
    """

    def __init__(self, simulation: Simulation):
        self.world = simulation
        p, grid, frame = simulation.parameters, simulation.grid, simulation.frame
        rng = simulation.rng("patrol")
        border = frame["dist_border_km"].to_numpy(float)
        desa = frame["dist_desa_km"].to_numpy(float)
        near = np.flatnonzero(border <= np.maximum(6.0, np.partition(border, 9)[9]))
        sector = _uneven(grid.xy_km[near], rng)
        weight = np.exp(0.6 * sector - desa[near] / 6)
        n = min(p.n_posts, len(near))
        post = rng.choice(near, n, replace=False, p=weight / weight.sum())
        lat, lon = move(
            grid.lat[post], grid.lon[post], rng.uniform(0.2, 1.0, n), rng.uniform(0, 2 * np.pi, n)
        )
        located = grid.locate(lat, lon)
        inside = located >= 0
        self.cell = np.where(inside, located, post)
        self.lat = np.where(inside, lat, grid.lat[post])
        self.lon = np.where(inside, lon, grid.lon[post])
        self.busy = rng.lognormal(-0.3, 0.7, n)
        away = np.linalg.norm(grid.xy_km[self.cell][:, None] - grid.xy_km[None], axis=2)
        easy = np.exp(-desa / 3)
        self._near = easy * np.exp(-away / (p.patrol_range_km / 3)) * (away <= p.patrol_range_km)
        reach = 1.2 * p.patrol_range_km
        self._chase = np.exp(-away / (0.7 * p.patrol_range_km)) * (away <= reach)
        self._near_sums = self._near.cumsum(axis=1)

    def plan(self, week: int, found: np.ndarray) -> Week:
        """The patrols of a week, knowing only finds of earlier weeks.

        Parameters
        ----------
        week : position in the simulation's weeks
        found : remembered finds in each belt cell, decayed
        """
        world, p, rng = self.world, self.world.parameters, self.world.rng("patrol", week + 1)
        rate = p.patrols_per_post * self.busy
        monday = world.weeks[week]
        for first, weeks, _ in p.campaigns:
            if 0 <= (monday - pd.Timestamp(first)).days < 7 * weeks:
                rate = 2.0 * rate
        n_by_post = rng.poisson(rate)
        post = np.repeat(np.arange(len(rate)), n_by_post)
        n = len(post)
        chases = rng.random(n) < p.chase_share
        sums = (self._chase * (found + 1e-6 + 0.002 * self._near)).cumsum(axis=1)
        sums = np.where(chases[:, None], sums[post], self._near_sums[post])
        target = (sums > rng.random((n, 1)) * sums[:, -1:]).argmax(axis=1)
        mode = np.where(rng.random(n) < 0.2, "ambush", "patrol").astype(object)
        by_night = rng.random(n) < np.where(mode == "ambush", 0.85, 0.35)
        hour = np.where(by_night, rng.uniform(18, 24, n), rng.uniform(6, 13, n))
        minute = np.floor((rng.integers(0, 6, n) * 24 + hour) * 60).astype("timedelta64[m]")
        start = monday.to_datetime64().astype("datetime64[s]") + minute - WIB
        agency = np.where(rng.random(n) < 0.88, *AGENCIES)
        steps, whole = self._walk(post, target, mode == "ambush", start, rng)
        names = [f"P{week:03d}-{k:03d}" for k in range(n)]
        patrols = pd.DataFrame(
            {"patrol_id": names, "agency": agency, "mode": mode, "post": post, "whole": whole}
        )
        patrols["start"] = pd.DatetimeIndex(start).tz_localize("UTC")
        return Week(steps, patrols)

    def _walk(
        self,
        post: np.ndarray,
        target: np.ndarray,
        waits: np.ndarray,
        start: np.ndarray,
        rng: np.random.Generator,
    ) -> tuple[pd.DataFrame, np.ndarray]:
        """Out and back with a bend and a rest at the far end; an ambush stays at its place."""
        grid, n = self.world.grid, len(post)
        a, b = grid.plane_km(self.lat[post], self.lon[post]), grid.xy_km[target]
        b = b + rng.uniform(-0.5, 0.5, size=(n, 2))
        length = np.maximum(np.linalg.norm(b - a, axis=1), 0.3)
        minutes = 60 * 2 * length / WALK_KMH / 0.8 * rng.uniform(0.9, 1.3, n)
        minutes = np.where(waits, rng.uniform(180, 480, n), np.maximum(minutes, 60))
        count = np.ceil(minutes / STEP_MINUTES).astype(int)
        patrol = np.repeat(np.arange(n), count)
        first = np.repeat(np.cumsum(count) - count, count)
        share = (np.arange(count.sum()) - first + 0.5) / count[patrol]
        bend = rng.normal(0, 0.35, n)
        middle = _path_point(a, b, bend, waits, patrol, share)
        before = _path_point(a, b, bend, waits, patrol, share - 0.5 / count[patrol])
        after = _path_point(a, b, bend, waits, patrol, share + 0.5 / count[patrol])
        lat, lon = _from_plane(grid, middle)
        place = grid.locate(lat, lon)
        outside = place < 0
        km = np.where(outside, 0.0, np.linalg.norm(after - before, axis=1))
        time = start[patrol] + (share * minutes[patrol] * 60).astype("timedelta64[s]")
        local_hour = ((time + WIB) - (time + WIB).astype("datetime64[D]")) / np.timedelta64(1, "h")
        steps = pd.DataFrame(
            {
                "patrol": patrol,
                "place": np.where(outside, self.cell[post][patrol], place),
                "minutes": minutes[patrol] / count[patrol],
                "km": km,
                "lat": lat,
                "lon": lon,
                "time": time,
                "night": (local_hour < 6) | (local_hour >= 18),
            }
        )
        whole = np.ones(n, dtype=bool)
        whole[patrol[outside]] = False
        return steps, whole


def effective_minutes(simulation: Simulation, week: Week) -> np.ndarray:
    """Minutes of foot patrol that find as much as all modes together, for each cell given."""
    strength = week.patrols["mode"].map(STRENGTH).to_numpy(float)[week.steps["patrol"]]
    minutes = np.zeros(len(simulation.cells))
    np.add.at(minutes, simulation.belt[week.steps["place"]], strength * week.steps["minutes"])
    return minutes


def add_post_shifts(simulation: Simulation, policy: PostPatrols, minutes: np.ndarray) -> np.ndarray:
    """The same minutes with the watch kept at each post added.

    Parameters
    ----------
    simulation : the invented world
    policy : where posts are and how they are kept
    minutes : of patrol, (weeks, cells)
    """
    minutes = minutes.copy()
    places = simulation.belt[policy.cell]
    np.add.at(minutes, places, STRENGTH["post_shift"] * POST_SHIFT_MINUTES)
    return minutes


def effort_table(
    simulation: Simulation, plans: list[Week], policy: PostPatrols, tracked: set[str]
) -> pd.DataFrame:
    """Effort per agency, mode, source, cell and week, minutes and km summed over patrols.

    Patrols in `tracked` have source "track", all others "declared"; a watch at a post has no km.

    Parameters
    ----------
    simulation : the invented world
    plans : who patrols where, week by week
    policy : where posts are and how they are kept
    """
    parts = []
    for week, plan in enumerate(plans):
        patrols = plan.patrols.iloc[plan.steps["patrol"].to_numpy()].reset_index(drop=True)
        steps = plan.steps[["place", "minutes", "km", "night"]].reset_index(drop=True)
        steps = pd.concat([steps, patrols[["patrol_id", "agency", "mode"]]], axis=1)
        steps["week"] = week
        parts.append(steps)
    steps = pd.concat(parts, ignore_index=True)
    steps["source"] = np.where(steps["patrol_id"].isin(tracked), "track", "declared")
    steps["night_minutes"] = steps["minutes"] * steps["night"]
    each = ["agency", "mode", "source", "place", "week"]
    table = steps.groupby(each, sort=True).agg(
        minutes=("minutes", "sum"),
        km=("km", "sum"),
        visits=("patrol_id", "nunique"),
        night_minutes=("night_minutes", "sum"),
    )
    table = pd.concat([table.reset_index(), _post_shifts(policy, len(plans))], ignore_index=True)
    ids = np.arange(1, len(table) + 1)
    text: dict[str, list[str]] = {
        "effort_id": [f"E{k:07d}" for k in ids],
        "source_agency": table["agency"].tolist(),
        "mode": table["mode"].tolist(),
        "cell": simulation.frame["cell"].to_numpy(dtype=object)[table["place"]].tolist(),
    }
    made = pd.DataFrame({name: pd.array(values, dtype="str") for name, values in text.items()})
    made["week"] = simulation.weeks[table["week"]]
    made["minutes"] = table["minutes"].round(3)
    made["km"] = table["km"].round(3)
    made["visits"] = table["visits"].astype("int64")
    made["night_share"] = (table["night_minutes"] / table["minutes"]).clip(0, 1).round(3)
    made["source"] = pd.array(table["source"].tolist(), dtype="str")
    made["synthetic"] = True
    return made


def choose_tracked(simulation: Simulation, plans: list[Week]) -> list[tuple[int, int]]:
    """Which patrols carried a receiver: (week, patrol) of `n_tracks` walks that stay inside."""
    walks = [
        (week, int(k))
        for week, plan in enumerate(plans)
        for k in np.flatnonzero(plan.patrols["whole"] & (plan.patrols["mode"] == "patrol"))
    ]
    n = min(simulation.parameters.n_tracks, len(walks))
    chosen = simulation.rng("patrol").choice(len(walks), n, replace=False)
    return [walks[k] for k in sorted(chosen)]


def tracks_table(plans: list[Week], chosen: list[tuple[int, int]]) -> pd.DataFrame:
    """Points of the chosen patrols: track_id, agency, time (UTC), lat, lon; steps' ends and start.

    The first and last point are half a step outside the step middles, so that the minutes of a
    track are the minutes of its patrol.
    """
    parts = []
    for week, k in chosen:
        plan = plans[week]
        steps, patrol = plan.steps[plan.steps["patrol"] == k], plan.patrols.iloc[k]
        total = pd.Timedelta(minutes=float(steps["minutes"].sum()))
        middles = pd.DatetimeIndex(steps["time"]).tz_localize("UTC")
        time = middles[:1].append([middles[1:-1], middles[-1:]]).tolist()
        time[0], time[-1] = patrol["start"], patrol["start"] + total
        part = pd.DataFrame({"time": pd.DatetimeIndex(time).as_unit("ms")})
        part["lat"], part["lon"] = (
            steps["lat"].to_numpy().round(6),
            steps["lon"].to_numpy().round(6),
        )
        part.insert(0, "track_id", patrol["patrol_id"])
        part.insert(1, "agency", patrol["agency"])
        parts.append(part)
    columns = ["track_id", "agency", "time", "lat", "lon"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _post_shifts(policy: PostPatrols, weeks: int) -> pd.DataFrame:
    places, posts = np.unique(policy.cell, return_counts=True)
    every = pd.MultiIndex.from_product([places, range(weeks)], names=["place", "week"])
    table = every.to_frame(index=False)
    shifts = np.repeat(posts, weeks)
    table["minutes"] = POST_SHIFT_MINUTES * shifts
    table["km"], table["visits"] = 0.0, 7 * shifts
    table["night_minutes"] = 0.5 * table["minutes"]
    return table.assign(agency=AGENCIES[0], mode="post_shift", source="declared")


def _uneven(xy_km: np.ndarray, rng: np.random.Generator, length_km: float = 25.0) -> np.ndarray:
    """A smooth random field, mean 0 and variance 1: some sectors get more posts than others."""
    wave = rng.standard_normal((64, 2)) / length_km
    field = np.cos(xy_km @ wave.T + rng.uniform(0, 2 * np.pi, 64)).sum(axis=1)
    return (field - field.mean()) / max(field.std(), 1e-9)


def _path_point(
    a: np.ndarray,
    b: np.ndarray,
    bend: np.ndarray,
    waits: np.ndarray,
    patrol: np.ndarray,
    share: np.ndarray,
) -> np.ndarray:
    out = np.clip(np.minimum(share, 1 - share) / 0.4, 0, 1)
    line = b[patrol] - a[patrol]
    side = np.column_stack([-line[:, 1], line[:, 0]])
    lean = np.sign(0.5 - share) * bend[patrol] * np.sin(np.pi * out) / 2
    walked = a[patrol] + out[:, None] * line + lean[:, None] * side
    return np.where(waits[patrol][:, None], b[patrol], walked)


def _from_plane(grid: Grid, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Undo `Grid.plane_km`, by its two straight lines."""
    corner = grid.plane_km(np.array([0.0, 1.0]), np.array([110.0, 111.0]))
    lon = 110.0 + (xy[:, 0] - corner[0, 0]) / (corner[1, 0] - corner[0, 0])
    return (xy[:, 1] - corner[0, 1]) / (corner[1, 1] - corner[0, 1]), lon
