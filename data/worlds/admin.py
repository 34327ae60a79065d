"""Invented rows that count people but say nothing about where anybody crossed.

Deportees from Sarawak enter at one gate, deferrals and refusals happen at offices, and those who
assist victims know the place of origin only. They are what a careless map would show as risk.
"""

import numpy as np
import pandas as pd

from data.worlds.telling import hours_of, set_clock, set_details, set_heads
from data.worlds.world import Simulation
from geo import calendar

SMALLEST_BATCH, LARGEST_BATCH = 51, 327
MEAN_BATCH = 156.0


def tell_administrative(
    world: Simulation, offices: pd.DataFrame, gate: dict[str, float | str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deportations, deferrals, refusals and assistance -> (rows as told, true batches).

    Parameters
    ----------
    world : whose weeks, seed and parameters are used
    offices : kabupaten_code, admin_code, lat, lon
    gate : admin_code, lat, lon of the gate where all deportees enter
    """
    rng = world.rng("records", 2)
    batches = _batches(world, rng)
    records = pd.concat(
        [
            _deportations(batches, gate, rng),
            _at_offices(world, offices, "departure_deferral", 3.0, rng),
            _at_offices(world, offices, "passport_refusal", 4.0, rng),
            _assisted(world, offices, rng),
        ],
        ignore_index=True,
    )
    records["detection"], records["count_unit"] = "administrative", "person"
    set_clock(records, np.zeros(len(records), dtype=bool), rng)
    set_details(records, rng)
    for name in ("modus", "transport", "document_state"):
        records[name] = ""
    records["n_groups"], records["operation_tag"], records["patrol_id"] = pd.NA, "", ""
    return records, batches


def _batches(world: Simulation, rng: np.random.Generator) -> pd.DataFrame:
    weekly = world.parameters.deported_per_year / 52.18 / MEAN_BATCH
    time = _moments(world, weekly, rng)
    spread = rng.beta(1.6, 2.6, len(time))
    size = SMALLEST_BATCH + np.round((LARGEST_BATCH - SMALLEST_BATCH) * spread).astype(int)
    ids = pd.array([f"D{k:04d}" for k in range(len(time))], dtype="str")
    return pd.DataFrame({"true_id": ids, "time": time, "n_persons": size})


def _deportations(
    batches: pd.DataFrame, gate: dict[str, float | str], rng: np.random.Generator
) -> pd.DataFrame:
    """Told by the consulate, most of them by BP3MI too with a figure of its own."""
    twin = batches[rng.random(len(batches)) < 0.85]
    records = pd.concat([batches, twin], ignore_index=True)
    again = np.arange(len(records)) >= len(batches)
    records["source_agency"] = np.where(again, "bp3mi", "kjri")
    records["event_type"], records["direction"] = "deportation_batch", "inbound"
    true = records["n_persons"].to_numpy(float)
    heads = np.where(again, np.round(true * rng.uniform(0.95, 1.05, len(records))), true)
    heads = np.clip(heads, SMALLEST_BATCH, LARGEST_BATCH).astype(int)
    no = np.zeros(len(records), dtype=bool)
    set_heads(records, heads, no, rng.random(len(records)) < 0.8, rng)
    records["location_role"], records["geo_precision"] = "recorded", "landmark"
    records["uncertainty_km"] = 1.0
    for name in ("lat", "lon", "admin_code"):
        records[name] = gate[name]
    return records


def _at_offices(
    world: Simulation,
    offices: pd.DataFrame,
    event_type: str,
    weekly: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    time = _moments(world, weekly, rng)
    places = offices.iloc[rng.integers(0, len(offices), len(time))].reset_index(drop=True)
    places["time"], places["true_id"], places["source_agency"] = time, "", "imigrasi"
    places["event_type"], places["direction"] = event_type, "outbound"
    places["location_role"], places["geo_precision"] = "recorded", "landmark"
    places["uncertainty_km"] = 2.0
    no = np.zeros(len(places), dtype=bool)
    set_heads(places, 1 + rng.poisson(0.8, len(places)), no, rng.random(len(places)) < 0.7, rng)
    return places


def _assisted(world: Simulation, offices: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    time = _moments(world, 2.0, rng)
    records = pd.DataFrame({"time": time, "true_id": "", "source_agency": "bp3mi"})
    records["event_type"], records["direction"] = "victim_assisted", "unknown"
    codes = offices["kabupaten_code"].to_numpy(dtype=object)
    records["admin_code"] = rng.choice(codes, len(records))
    records["location_role"], records["geo_precision"] = "origin", "kabupaten"
    records["lat"] = records["lon"] = records["uncertainty_km"] = np.nan
    no = np.zeros(len(records), dtype=bool)
    set_heads(
        records, 1 + rng.poisson(0.6, len(records)), no, np.ones(len(records), dtype=bool), rng
    )
    return records


def _moments(world: Simulation, weekly: float, rng: np.random.Generator) -> pd.DatetimeIndex:
    """Office hours of random days, `weekly` a week over the whole span, in order (UTC)."""
    n = round(weekly * len(world.weeks))
    hours = rng.integers(0, 7 * len(world.weeks), n) * 24 + rng.uniform(8, 16, n)
    first = world.weeks[0].tz_localize(calendar.HOME).tz_convert("UTC")
    return pd.DatetimeIndex(first + hours_of(np.sort(hours)))
