"""The joins that every front door shares: files -> store -> panels -> assessment.

Nothing is decided here; each function hands what one room made to the next.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from data import season
from data.errors import DataError
from data.link import match
from data.schema import feeds_model
from data.store.records import ImportSummary, Store
from geo import calendar, panel
from geo.support import cells_of_desa, spread
from joins import opened
from joins.refused import refusals
from risk import assessment, emerging
from risk.engine.exposure import name_ways
from risk.engine.features import static_features
from risk.engine.interval import SHARE
from risk.engine.memory import Records
from risk.scores import proving
from settings import Settings

Progress = Callable[[str, float], object]
HANDLING = "Terbatas: untuk perencanaan patroli; tempat dan pekan, bukan orang."
#: of an area whose settings name no licence
NOT_STATED = "tidak dinyatakan / not stated"


def join_twins(store: Store) -> pd.DataFrame:
    """The current events with their clusters; the computed pairs are kept for review."""
    events = store.events()
    if events.empty:
        return events
    pairs = match.link(events)
    store.write_links(pairs)
    return match.cluster(events, pairs, store.decisions())


@dataclass(frozen=True)
class Gathered:
    """Events and effort on the grid, and what was left out and why (counts)."""

    records: Records
    groups: dict[str, sp.csr_array]
    support: pd.DataFrame
    effort: pd.DataFrame
    left_out: dict[str, int]


def gather(
    events: pd.DataFrame,
    effort: pd.DataFrame,
    ground: opened.Ground,
    history_weeks: int,
    ahead: int,
    today: pd.Timestamp | None = None,
) -> Gathered:
    """One count per cluster, spread over its cells, beside the effort of the same weeks.

    Parameters
    ----------
    events : the current records, with their clusters
    effort : the current effort, a row per cell, week and track
    ground : of the area
    history_weeks : weeks to learn from, at most
    ahead : weeks ahead for which the calendar is told
    today : the running day, local; with it what is forecast begins with the week that people speak
        of then (`calendar.week_ahead`), not with the one after the data

    Raises
    ------
    DataError
        If nothing is left that may feed the model.
    """
    grid = ground.grid
    one = match.one_per_cluster(events) if len(events) else events
    chosen = _feeding(one)
    support = _supported(chosen, ground)
    effort = effort.assign(place=grid.position(effort["cell"].tolist()))
    outside = int((effort["place"] < 0).sum())
    effort = effort[effort["place"] >= 0]

    now = calendar.week_of(pd.Series([pd.Timestamp.now(tz="UTC")]), ground.area.time_zone).iloc[0]
    weeks = _weeks(support, effort, history_weeks, now)
    known = support["week"].isin(weeks)
    left_out = {
        "events": len(events),
        "told_twice": len(events) - len(one),
        "not_for_the_model": len(one) - len(chosen),
        "outside_the_area": len(chosen) - support["event_id"].nunique(),
        "outside_the_weeks": int(support.loc[~known, "event_id"].nunique()),
        "effort_rows_outside": outside,
        "in_the_model": int(support.loc[known, "event_id"].nunique()),
    }
    if not left_out["in_the_model"]:
        raise DataError(
            f"none of {len(chosen)} events lies in the study area; is it the right area?",
            key="none_inside", n=len(chosen),
        )  # fmt: skip
    gap = 0 if today is None else calendar.gap_weeks(weeks[-1], today)
    records = _recorded(support, effort, ground, weeks, gap, ahead)
    groups = {
        f"{column}:{value!s}": sp.csr_array(panel.count_events(part, weeks, len(grid)))
        for column in ("direction", "event_type")
        for value, part in support.groupby(column, observed=True)
        if value
    }
    return Gathered(records, groups, support[known], effort, left_out)


def _feeding(events: pd.DataFrame) -> pd.DataFrame:
    """The events that may feed the model."""
    chosen = events[feeds_model(events).to_numpy()] if len(events) else events
    if chosen.empty:
        raise DataError(
            "no event may feed the model yet: it needs records with location_role 'occurred' and "
            "a point or desa; bring a file with: kalbar-risk ingest FILE",
            key="nothing_feeds",
        )
    return chosen


def _supported(events: pd.DataFrame, ground: opened.Ground) -> pd.DataFrame:
    """The cells over which each event inside the area is spread, with what is counted apart."""
    support = spread(events, ground.grid, cells_of_desa(ground.cells, ground.desa, ground.grid))
    placed = events[events["event_id"].isin(support["event_id"])]
    columns = ["event_id", "event_start", "event_type", "direction", "detection", "geo_precision"]
    support = support.merge(placed[columns], on="event_id", how="left")
    support["week"] = calendar.week_of(support["event_start"], ground.area.time_zone).to_numpy()
    doubtful = set(placed.loc[_of_doubtful_date(placed), "event_id"])
    support["doubtful_date"] = support["event_id"].isin(doubtful)
    return support


def _recorded(
    support: pd.DataFrame,
    effort: pd.DataFrame,
    ground: opened.Ground,
    weeks: pd.DatetimeIndex,
    gap: int,
    ahead: int,
) -> Records:
    """Counts and effort of every week and cell; the calendar is told `gap` + `ahead` weeks on."""
    size = len(ground.grid)
    found, exact = support["detection"] == "discovered", support["geo_precision"] == "gps"
    parts = {
        "discovered": support[found],
        "discovered_points": support[found & exact],
        "points": support[exact],
        "reported": support[~found],
    }
    count: dict[str, Any] = {
        name: panel.count_events(part, weeks, size) for name, part in parts.items()
    }
    looked = {
        str(way): panel.sum_effort(part, weeks, size)
        for way, part in effort.groupby(name_ways(effort))
    }
    static, names = static_features(ground.cells)
    days = pd.DatetimeIndex(
        weeks.append(pd.date_range(weeks[-1], periods=gap + ahead + 1, freq="7D")[1:])
    )
    seasons = season.season_features(days)
    return Records(
        grid=ground.grid,
        weeks=weeks,
        **count,
        effort=looked or {"patrol": np.zeros((len(weeks), size), np.float32)},
        static=static,
        static_names=names,
        season=seasons.to_numpy(np.float32),
        season_names=list(seasons.columns),
        gap=gap,
    )


def assess(
    settings: Settings,
    store: Store,
    ground: opened.Ground,
    progress: Progress = lambda step, share: None,
) -> str:
    """Write one assessment of the current data; its id.

    Parameters
    ----------
    settings : of the program
    store : of the records; it gets the assessment
    ground : of the area
    progress : told the step and the share that is done, 0 to 1

    Raises
    ------
    DataError
        If there is too little data to assess or to test on.
    """
    progress("twins", 0.0)
    version = store.data_version()
    events, effort = join_twins(store), store.effort()
    model = settings.model
    ahead = max(model.horizon_weeks)
    today = calendar.today(ground.area.time_zone)
    gathered = gather(events, effort, ground, model.history_weeks, ahead, today)
    with refusals():
        found = assessment.assess(
            gathered.records,
            ground.cells,
            gathered.groups,
            model.horizon_weeks,
            model.origins,
            observed_weeks=model.observed_weeks,
            seeds=model.seeds,
            progress=progress,
        )
    frames = _frames(gathered, found, ground.cells, model.observed_weeks)
    synthetic = bool(events["synthetic"].any())
    meta = _meta(settings, ground, gathered, found, version, synthetic)
    name = store.write_assessment(frames, meta)
    store.prune_assessments(settings.store.keep_assessments)
    return name


def _frames(
    gathered: Gathered, found: assessment.Assessment, cells: pd.DataFrame, observed_weeks: int
) -> dict[str, pd.DataFrame]:
    """The tables of an assessment, by the names under which they are declared."""
    records = gathered.records
    return {
        "cells": _cells(cells, records, observed_weeks),
        "risk": found.risk,
        "history": _weekly(
            gathered.support, ["week", "event_type", "direction"], ["weight"], records
        ),
        "effort": _weekly(gathered.effort, ["week"], ["minutes", "km", "visits"], records),
        "reasons": found.reasons,
        "scores": found.scores,
    }


def _meta(
    settings: Settings,
    ground: opened.Ground,
    gathered: Gathered,
    found: assessment.Assessment,
    data_version: str,
    synthetic: bool,
) -> dict[str, Any]:
    """What an assessment says of itself: of when and what it is, with which versions, how good."""
    records, model = gathered.records, settings.model
    first, last = records.weeks[0], records.weeks[-1] + pd.Timedelta(days=6)
    return {
        "created_at": pd.Timestamp.now(tz="UTC").isoformat(timespec="seconds"),
        "area": settings.area.name,
        "time_zone": ground.area.time_zone,
        "resolution": ground.grid.resolution,
        "first_week": f"{first:%Y-%m-%d}",
        "cutoff": f"{last:%Y-%m-%d}",
        "week": f"{last + pd.Timedelta(days=1, weeks=records.gap):%Y-%m-%d}",
        "gap_weeks": records.gap,
        "data_version": data_version,
        "model_version": found.facts["model_version"],
        "settings_version": settings.version,
        "synthetic": synthetic,
        "horizons": list(model.horizon_weeks),
        "groups": list(found.risk["group"].unique()),
        "coverage_default": settings.hotspots.coverage,
        "period_weeks": 1,
        "observed_weeks": model.observed_weeks,
        "interval": SHARE,
        "left_out": gathered.left_out,
        "handling": HANDLING,
        "licence": settings.area.licence or NOT_STATED,
        "attribution": settings.area.attribution,
        "summary": proving.summarise(found.scores).to_dict("records"),
        **_verdict(found.facts),
        "method": found.facts,
    }


def _verdict(facts: dict[str, Any]) -> dict[str, Any]:
    """What the first horizon says about the model against the best simple rival."""
    first = next(iter(facts["horizons"].values()))
    return {
        "best_baseline": first["best_baseline"],
        "chosen_model": first["best_baseline"] if first["fallback"] else "pool",
        "fallback": first["fallback"],
        "totals": {
            h: {key: outlook[key] for key in ("expected", "lo", "hi")}
            for h, outlook in facts["horizons"].items()
        },
    }


def _weeks(
    support: pd.DataFrame, effort: pd.DataFrame, history: int, now: pd.Timestamp
) -> pd.DatetimeIndex:
    """The whole weeks to learn from: up to the last one that records or patrols reach.

    A row dated in the future says nothing of where the records end: with it, weeks that no agency
    has delivered yet would be learned as quiet. Nor does a mistyped year say where they begin.

    Parameters
    ----------
    support : rows with week (first day, local) and doubtful_date
    effort : rows with week and quality_flags
    history : weeks at most
    now : first day of the running week, local

    Raises
    ------
    DataError
        If no record is of a date that can be.
    """
    over = support["week"] <= now
    # an old file brought late is flagged as a whole: then its dates are what there is
    doubtful = support["doubtful_date"] if support["doubtful_date"].mean() < 0.5 else False
    sound = support.loc[over & ~pd.Series(doubtful, index=support.index), "week"]
    if sound.empty:
        raise DataError(
            "every record is dated in the future; is the clock of this machine right?",
            key="all_future",
        )
    walked = (effort["week"] <= now) & ~_of_doubtful_date(effort)
    reached = pd.concat([sound, effort.loc[walked, "week"]])
    last = min(reached.max(), now - pd.Timedelta(weeks=1))
    first = max(sound.min(), last - pd.Timedelta(weeks=history - 1))
    return calendar.weeks_between(first, last)


def _of_doubtful_date(rows: pd.DataFrame) -> pd.Series:
    """Events or effort whose date was flagged at the door as of the future or a mistyped year."""
    flags = rows["quality_flags"].astype(object).fillna("").str.split("|")
    return flags.map(lambda flag: not {"DATE_FUTURE", "YEAR_SUSPECT"}.isdisjoint(flag)).astype(bool)


def _cells(cells: pd.DataFrame, records: Records, observed_weeks: int) -> pd.DataFrame:
    looked = records.minutes > 0
    ever = looked.any(axis=0)
    since = np.argmax(looked[::-1], axis=0).astype(float)
    return cells.assign(
        effort_minutes_12w=records.minutes[-12:].sum(axis=0),
        weeks_since_visit=np.where(ever, since, np.nan),
        observed=np.any(looked[-observed_weeks:], axis=0),
        events_52w=records.counts[-52:].sum(axis=0),
        trend=_trend(records),
    )


def _trend(records: Records) -> np.ndarray:
    """Emerging class of each cell over the last year of four-week counts, two rings around."""
    periods = panel.gather_periods(records.counts, 4)[-13:]
    z = emerging.gi_star(periods, records.grid.neighbours(2, inside=True))
    return emerging.classify(z, emerging.significant(z))


def _weekly(
    table: pd.DataFrame, keys: list[str], values: list[str], records: Records
) -> pd.DataFrame:
    """Sums per cell and week, non-zero rows of the assessed weeks only."""
    table = table[table["week"].isin(records.weeks)]
    sums = table.groupby(["place", *keys], as_index=False, observed=True)[values].sum()
    cells = np.asarray(records.grid.cells, dtype=object)[sums["place"]]
    return sums.assign(cell=pd.Series(cells, dtype="str"))[["cell", *keys, *values]]


def told(summary: ImportSummary) -> dict[str, Any]:
    """A summary as plain values, for `--json` and the log."""
    return {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(summary).items()}
