"""How much of what happens in a cell and week would be on record, given who looked.

Patrols find what they pass: p = 1 - (1 - blind) exp(-strength x hours), the detection function
of patrol-planning work (PAWS) with a small share `blind` found without any recorded effort.
People report whether or not a patrol came by: a constant share, relative to full looking. The
two add up to the exposure of a Poisson count: records ~ Poisson(rate x exposure).
"""

from dataclasses import dataclass, replace
from math import log

import numpy as np
from scipy.optimize import minimize

from geo.grid import Grid
from risk.features import gaussian, smooth

#: Where the search begins: per hour, all modes alike.
STRENGTHS = (0.03, 0.1, 0.25, 0.6, 1.5)
BLIND = 0.003
#: Modes are taken as alike unless records say otherwise: deviation of a log strength from their
#: mean; and of the log of the blind share from that of BLIND.
MODES_ALIKE, BLIND_KNOWN = 0.7, 1.5
#: Bounds on every strength, per hour.
WEAKEST, STRONGEST = 0.001, 10.0
#: Scale on which reports are set against events, km.
SMOOTH_KM = 6.0

#: Minutes of each way of looking, (weeks, cells) each.
Effort = dict[str, np.ndarray]


@dataclass(frozen=True)
class Detection:
    """Chosen by `fit_detection`; `corrected` is False where no effort was ever recorded.

    strength_per_hour : of each mode of looking; blind : chance without any recorded effort;
    reported_share : reports per event; gain : log-likelihood over "everything is seen";
    level_error : standard error of the log of the level that follows from the strengths.
    """

    strength_per_hour: dict[str, float]
    blind: float
    reported_share: float
    corrected: bool
    gain: float = 0.0
    level_error: float = 0.0

    def found(self, effort: Effort) -> np.ndarray:
        """Chance that so much looking finds what happens, 0 to 1; shape of the effort."""
        if not self.corrected:
            return np.ones_like(next(iter(effort.values())))
        power = sum(self.strength_per_hour[mode] / 60 * effort[mode] for mode in effort)
        return 1 - (1 - self.blind) * np.exp(-power)

    def exposure(self, effort: Effort) -> np.ndarray:
        """Records expected per event, relative to full looking: found + reported."""
        if not self.corrected:
            return np.ones_like(next(iter(effort.values())))
        return (self.found(effort) + self.reported_share).astype(np.float32)


def fit_detection(
    discovered: np.ndarray, reported: np.ndarray, effort: Effort, grid: Grid
) -> Detection:
    """Strength of each mode, blind share and reported share of highest likelihood.

    Parameters
    ----------
    discovered : records found by officers whose place is a point, per week and cell; a record
        spread over a desa would look as if it had been found where nobody went
    reported : records told by others, per week and cell
    effort : minutes per week and cell of each mode
    grid : their cells

    Notes
    -----
    Conditional likelihood of a Poisson count with fixed effects (Hausman, Hall and Griliches
    1984): given the records of a cell, the weeks in which they fell are multinomial with chances
    p(effort). The rate of the place cancels, so that patrols going where much happens do not look
    like patrols that find much. All weeks of a cell are one block: patrols follow finds, and in
    short blocks that looks like saturation (the bias of Nickell 1981, which fades with length).
    Reports are then set against the events that the strength implies where somebody looks.
    Without effort everything is taken as seen and `corrected` is False.
    """
    effort = {mode: minutes for mode, minutes in effort.items() if minutes.any()}
    if not effort or discovered.sum() < 20:
        return Detection({}, 0.0, 0.0, corrected=False)
    hit = discovered.sum(axis=0) > 0
    counts = discovered[:, hit].T
    minutes = {mode: panel[:, hit].T for mode, panel in effort.items()}

    def score(guess: Detection) -> float:
        return _conditional(counts, guess.found(minutes))

    def guess(x: np.ndarray) -> Detection:
        strength = np.clip(np.exp(x[:-1]), WEAKEST, STRONGEST)
        blind = float(np.clip(np.exp(x[-1]), 1e-4, 0.2))
        told = dict(zip(effort, map(float, strength), strict=True))
        return Detection(told, blind, 0.0, corrected=True)

    def loss(x: np.ndarray) -> float:
        away = np.append((x[:-1] - x[:-1].mean()) / MODES_ALIKE, (x[-1] - log(BLIND)) / BLIND_KNOWN)
        return 0.5 * float(away @ away) - score(guess(x))

    starts = [np.append(np.full(len(effort), log(s)), log(BLIND)) for s in STRENGTHS]
    found = minimize(
        loss, min(starts, key=loss), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 0.01}
    )
    best = guess(found.x)
    seen = Detection({}, 0.0, 0.0, corrected=False)
    share = _reports_per_event(discovered, reported, best.found(effort), grid)
    return replace(
        best,
        reported_share=share,
        gain=score(best) - score(seen),
        level_error=_level_error(best, score, counts, minutes),
    )


def _level_error(best: Detection, score, counts: np.ndarray, minutes: Effort) -> float:
    """Half the range of log(sum records / p) over strengths that the records do not rule out.

    All strengths are moved together by a factor; a factor stays in while the log-likelihood is
    within 0.5 of its maximum, one standard error in a profile.
    """
    level = []
    for factor in np.geomspace(0.2, 5, 61):
        strengths = {mode: s * factor for mode, s in best.strength_per_hour.items()}
        moved = replace(best, strength_per_hour=strengths)
        if score(moved) >= score(best) - 0.5:
            level.append(np.log((counts / np.maximum(moved.found(minutes), 1e-6)).sum()))
    return float(max(level) - min(level)) / 2


def _conditional(counts: np.ndarray, chance: np.ndarray) -> float:
    share = chance / chance.sum(axis=1, keepdims=True)
    hit = counts > 0
    return float((counts[hit] * np.log(np.maximum(share[hit], 1e-12))).sum())


def _reports_per_event(discovered, reported, chance, grid: Grid) -> float:
    kernel = gaussian(grid, SMOOTH_KM)
    found, watched, told = (
        smooth(kernel, panel.sum(axis=0)[None])[0] for panel in (discovered, chance, reported)
    )
    known = watched > 1
    events = (found[known] / watched[known]).sum() * len(discovered)
    return float(told[known].sum() / events) if events > 0 else 0.0
