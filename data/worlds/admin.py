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
    told = pd.concat(
        [
            _deportations(batches, gate, rng),
            _at_offices(world, offices, "departure_deferral", 3.0, rng),
            _at_offices(world, offices, "passport_refusal", 4.0, rng),
            _assisted(world, offices, rng),
        ],
        ignore_index=True,
    )
    told["detection"], told["count_unit"] = "administrative", "person"
    set_clock(told, np.zeros(len(told), dtype=bool), rng)
    set_details(told, rng)
    for name in ("modus", "transport", "document_state"):
        told[name] = ""
    told["n_groups"], told["operation_tag"], told["patrol_id"] = pd.NA, "", ""
    return told, batches


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
    told = pd.concat([batches, twin], ignore_index=True)
    again = np.arange(len(told)) >= len(batches)
    told["source_agency"] = np.where(again, "bp3mi", "kjri")
    told["event_type"], told["direction"] = "deportation_batch", "inbound"
    true = told["n_persons"].to_numpy(float)
    heads = np.where(again, np.round(true * rng.uniform(0.95, 1.05, len(told))), true)
    heads = np.clip(heads, SMALLEST_BATCH, LARGEST_BATCH).astype(int)
    no = np.zeros(len(told), dtype=bool)
    set_heads(told, heads, no, rng.random(len(told)) < 0.8, rng)
    told["location_role"], told["geo_precision"] = "recorded", "landmark"
    told["uncertainty_km"] = 1.0
    for name in ("lat", "lon", "admin_code"):
        told[name] = gate[name]
    return told


def _at_offices(
    world: Simulation,
    offices: pd.DataFrame,
    event_type: str,
    weekly: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    time = _moments(world, weekly, rng)
    told = offices.iloc[rng.integers(0, len(offices), len(time))].reset_index(drop=True)
    told["time"], told["true_id"], told["source_agency"] = time, "", "imigrasi"
    told["event_type"], told["direction"] = event_type, "outbound"
    told["location_role"], told["geo_precision"] = "recorded", "landmark"
    told["uncertainty_km"] = 2.0
    no = np.zeros(len(told), dtype=bool)
    set_heads(told, 1 + rng.poisson(0.8, len(told)), no, rng.random(len(told)) < 0.7, rng)
    return told


def _assisted(world: Simulation, offices: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    time = _moments(world, 2.0, rng)
    told = pd.DataFrame({"time": time, "true_id": "", "source_agency": "bp3mi"})
    told["event_type"], told["direction"] = "victim_assisted", "unknown"
    codes = offices["kabupaten_code"].to_numpy(dtype=object)
    told["admin_code"] = rng.choice(codes, len(told))
    told["location_role"], told["geo_precision"] = "origin", "kabupaten"
    told["lat"] = told["lon"] = told["uncertainty_km"] = np.nan
    no = np.zeros(len(told), dtype=bool)
    set_heads(told, 1 + rng.poisson(0.6, len(told)), no, np.ones(len(told), dtype=bool), rng)
    return told


def _moments(world: Simulation, weekly: float, rng: np.random.Generator) -> pd.DatetimeIndex:
    """Office hours of random days, `weekly` a week over the whole span, in order (UTC)."""
    n = round(weekly * len(world.weeks))
    hours = rng.integers(0, 7 * len(world.weeks), n) * 24 + rng.uniform(8, 16, n)
    first = world.weeks[0].tz_localize(calendar.HOME).tz_convert("UTC")
    return pd.DatetimeIndex(first + hours_of(np.sort(hours)))
