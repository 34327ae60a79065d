"""A small invented border: risk in one place, patrols in another."""

import numpy as np
import pandas as pd

from geo.grid import Grid
from risk.engine.memory import Records


def make_records(
    grid: Grid, weeks: int = 120, seed: int = 0, strength: float = 0.5, patrolled_share: float = 0.8
) -> tuple[Records, np.ndarray]:
    """Records whose true rate peaks in the south-west while patrols mostly go north-east.

    Returns the records and the true events per week and cell, (cells,).
    """
    rng = np.random.default_rng(seed)
    x, y = (grid.xy_km - grid.xy_km.mean(axis=0)).T
    rate = 0.02 + 0.9 * np.exp(-((x + 7) ** 2 + (y + 7) ** 2) / 30)
    reach = np.exp(-((x - 7) ** 2 + (y - 7) ** 2) / 60)
    minutes = 0.15 + patrolled_share * reach
    minutes = minutes * rng.exponential(240, (weeks, len(grid))) * (rng.random((weeks, 1)) < 0.9)
    events = rng.poisson(rate, (weeks, len(grid)))
    found = rng.binomial(events, 1 - np.exp(-strength * minutes / 60))
    told = rng.poisson(rate * 0.05, (weeks, len(grid)))
    index = pd.date_range("2024-01-01", periods=weeks, freq="7D", name="week")
    season = np.column_stack([np.sin(np.arange(weeks + 13) / 52 * 2 * np.pi)])
    records = Records(
        grid=grid,
        weeks=index,
        discovered=found.astype(np.float32),
        discovered_points=found.astype(np.float32),
        points=(found + told).astype(np.float32),
        reported=told.astype(np.float32),
        effort={"patrol": minutes.astype(np.float32)},
        static=np.column_stack([x, y]).astype(np.float32),
        static_names=["relief_m", "elev_m"],
        season=season.astype(np.float32),
        season_names=["year_sin"],
    )
    return records, rate
