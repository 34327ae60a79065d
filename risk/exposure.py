"""How much of what happens in a cell and week would be on record, given who looked.

Patrols find what they pass: p = 1 - (1 - blind) exp(-strength x hours), the detection function
of patrol-planning work (PAWS) with a small share `blind` found without any recorded effort.
People report whether or not a patrol came by: a constant share, relative to full looking. The
two add up to the exposure of a Poisson count: records ~ Poisson(rate x exposure).
"""

from dataclasses import dataclass, replace

import numpy as np

from geo.grid import Grid
from risk.features import Kernel, gaussian, smooth

STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.25, 0.6, 1.5, 4.0)
BLIND = (0.001, 0.01, 0.05, 0.2)
#: Scale on which the underlying rate is taken as smooth while strength is chosen, km.
SMOOTH_KM = 6.0


@dataclass(frozen=True)
class Detection:
    """Chosen by `fit_detection`; `corrected` is False where no effort was ever recorded."""

    strength_per_hour: float
    blind: float
    reported_share: float
    corrected: bool
    gain: float = 0.0  # log-likelihood over "everything is seen"

    def found(self, minutes: np.ndarray) -> np.ndarray:
        """Chance that a patrol of so many minutes finds what happens, 0 to 1."""
        if not self.corrected:
            return np.ones_like(minutes)
        return 1 - (1 - self.blind) * np.exp(-self.strength_per_hour * minutes / 60)

    def exposure(self, minutes: np.ndarray) -> np.ndarray:
        """Records expected per event, relative to full looking: found + reported."""
        if not self.corrected:
            return np.ones_like(minutes)
        return (self.found(minutes) + self.reported_share).astype(np.float32)


def fit_detection(
    discovered: np.ndarray, reported: np.ndarray, minutes: np.ndarray, grid: Grid
) -> Detection:
    """Strength, blind share and reported share of highest likelihood on a grid of values.

    Parameters
    ----------
    discovered, reported : records per week and cell
    minutes : effort per week and cell
    grid : their cells

    Notes
    -----
    Profile likelihood: for each pair of values the rate of a cell is its smoothed records over
    its smoothed exposure (Gaussian, `SMOOTH_KM`), leaving out the week scored in blocks of a
    quarter, so that a cell's own record does not explain itself. Without effort everything is
    taken as seen and `corrected` is False.
    """
    if minutes.sum() <= 0 or discovered.sum() < 20:
        return Detection(np.inf, 0.0, 0.0, corrected=False)
    profile = _Profile(discovered, reported, gaussian(grid, SMOOTH_KM))
    everything_seen = profile.score(np.ones_like(minutes))[0]
    best = (-np.inf, Detection(1.0, BLIND[0], 0.0, corrected=True))
    coarse = [(strength, 0.01) for strength in STRENGTHS]
    for stage in range(2):
        around = [best[1].strength_per_hour * factor for factor in (0.6, 0.8, 1, 1.25, 1.6)]
        for strength, blind in [(s, b) for s in around for b in BLIND] if stage else coarse:
            guess = Detection(strength, blind, 0.0, corrected=True)
            score, share = profile.score(guess.found(minutes))
            if score > best[0]:
                best = score, replace(guess, reported_share=share)
    return replace(best[1], gain=best[0] - everything_seen)


class _Profile:
    """Log-likelihood of the discovered records for a panel of chances, rates profiled out."""

    def __init__(self, discovered: np.ndarray, reported: np.ndarray, kernel: Kernel):
        self.discovered, self.reported, self.kernel = discovered, reported, kernel
        self.blocks = [np.arange(start, len(discovered), 4) for start in range(4)]
        self.found = self._smooth_blocks(discovered)

    def score(self, chance: np.ndarray) -> tuple[float, float]:
        """(log-likelihood, reports per event where somebody looks)."""
        watched = self._smooth_blocks(chance)
        mean = self.found.sum() / watched.sum()
        likelihood = 0.0
        for out, block in enumerate(self.blocks):
            top, bottom = (x.sum(axis=0) - x[out] for x in (self.found, watched))
            expected = (top + mean) / (bottom + 1) * chance[block]
            seen = self.discovered[block] > 0
            told = self.discovered[block][seen] * np.log(np.maximum(expected[seen], 1e-12))
            likelihood += float(told.sum() - expected.sum())
        rate = (self.found.sum(axis=0) + mean) / (watched.sum(axis=0) + 1)
        known = watched.sum(axis=0) > 1
        events = float(rate[known].sum() * len(chance))
        return likelihood, float(self.reported[:, known].sum()) / max(events, 1e-9)

    def _smooth_blocks(self, panel: np.ndarray) -> np.ndarray:
        return smooth(self.kernel, np.stack([panel[block].sum(axis=0) for block in self.blocks]))
