"""How much of what happens in a cell and week would be on record, given who looked.

Patrols find what they pass: p = 1 - (1 - blind) exp(-strength x hours), the detection function
of patrol-planning work (PAWS) with a small share `blind` found without any recorded effort.
People report whether or not a patrol came by: a constant share, relative to full looking. The
two add up to the exposure of a Poisson count: records ~ Poisson(rate x exposure).

A way of looking is a mode ("patrol"), or a mode of one agency ("satgas_pamtas:patrol"). Agencies
are told apart as far as their records say so, and lean on their mode elsewhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from math import log

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln

from geo.grid import Grid
from risk.engine.features import spread

#: Where the search begins: per hour, all modes alike.
STRENGTHS = (0.03, 0.1, 0.25, 0.6, 1.5)
BLIND = 0.003
#: Modes are taken as alike unless records say otherwise: deviation of a log strength from their
#: mean; and of the log of the blind share from that of BLIND.
MODES_ALIKE, BLIND_KNOWN = 0.7, 1.5
#: The same for agencies: deviation of a log strength from that of its mode (`bench.risk.agencies`).
AGENCIES_ALIKE = 0.5
#: Log likelihood by which agencies must fit better to be told apart; less is often chance, and
#: says of an agency what is not so.
TELLING = 3.0
#: An agency with a smaller share of a mode's minutes is one of "others".
LEAST_SHARE = 0.1
OTHERS = "lain"
#: Bounds on every strength, per hour.
WEAKEST, STRONGEST = 0.001, 10.0
#: How rates are thought to rise with watching before the records speak.
WATCHED_POWER = 0.5
#: Steps of full watching: a cell with less counts as hardly watched.
WATCHED_FLOOR = 0.4
#: How the rates of places may differ: shapes of a Gamma, and powers of the watching.
SHAPES_OF_PLACES, POWERS_OF_WATCHING = (0.1, 0.3, 1.0, 3.0), (0.0, 0.5, 1.0)
#: Scale on which reports are set against events, in cell spacings.
SMOOTH = 2.4

#: Minutes of each way of looking, (weeks, cells) each.
Effort = dict[str, np.ndarray]


@dataclass(frozen=True)
class Detection:
    """Chosen by `fit_detection`; `corrected` is False where no effort was ever recorded.

    strength_per_hour : of each way of looking; blind : chance without any recorded effort;
    reported_share : reports per event; gain : log-likelihood over "everything is seen";
    level_error : standard error of the log of the level that follows from the strengths;
    minutes : total of each way of looking.
    """

    strength_per_hour: dict[str, float]
    blind: float
    reported_share: float
    corrected: bool
    gain: float = 0.0
    level_error: float = 0.0
    minutes: dict[str, float] = field(default_factory=dict)

    @property
    def by_mode(self) -> dict[str, float]:
        """Strength per hour of each mode; of several agencies the mean over their minutes."""
        return {
            mode: float(np.average([self.strength_per_hour[way] for way in ways],
                                   weights=[self.minutes.get(way, 1.0) for way in ways]))
            for mode, ways in _by_mode(self.strength_per_hour).items()
        }  # fmt: skip

    @property
    def by_agency(self) -> dict[str, float]:
        """Strength per hour of each "agency:mode"; empty where records do not tell them apart."""
        ways = {way: one for way, one in self.strength_per_hour.items() if ":" in way}
        modes = self.by_mode
        alike = all(np.isclose(one, modes[way.split(":")[-1]]) for way, one in ways.items())
        return {} if alike else ways

    def found(self, effort: Effort) -> np.ndarray:
        """Chance that so much looking finds what happens, 0 to 1; shape of the effort."""
        if not self.corrected:
            return np.ones_like(next(iter(effort.values())))
        power = sum(self.strength_per_hour[way] / 60 * effort[way] for way in effort)
        return 1 - (1 - self.blind) * np.exp(-power)

    def exposure(self, effort: Effort) -> np.ndarray:
        """Records expected per event, relative to full looking: found + reported."""
        if not self.corrected:
            return np.ones_like(next(iter(effort.values())))
        return (self.found(effort) + self.reported_share).astype(np.float32)

    def exposure_in(self, effort: Effort, weeks: slice) -> np.ndarray:
        """`exposure` of some weeks alone."""
        return self.exposure({way: panel[weeks] for way, panel in effort.items()})


def name_ways(effort: pd.DataFrame) -> pd.Series:
    """The way of looking of each row: its mode, with its agency where several do it.

    Parameters
    ----------
    effort : DataFrame with mode, source_agency, minutes; an agency with less than LEAST_SHARE of
        a mode's minutes counts as OTHERS
    """
    mode, agency = (effort[name].astype("str") for name in ("mode", "source_agency"))
    minutes = effort["minutes"].groupby([mode, agency]).transform("sum")
    small = minutes < LEAST_SHARE * effort["minutes"].groupby(mode).transform("sum")
    agency = agency.where(~small, OTHERS)
    several = agency.groupby(mode).transform("nunique") > 1
    return mode.where(~several, agency + ":" + mode)


def log_watched(seen: np.ndarray, floor: float = WATCHED_FLOOR) -> np.ndarray:
    """Log of the share of the time before each step, and the next, that a cell was watched.

    The floor is added in steps of full watching: their number, not their share, tells an empty
    place from one hardly seen, so the longer the past, the further apart the two are.

    Parameters
    ----------
    seen : chance of being recorded, (steps, cells)
    floor : steps of full watching

    Returns
    -------
    (steps + 1, cells); each row knows only what came before it.
    """
    total = np.concatenate([np.zeros((1, seen.shape[1])), np.cumsum(seen, axis=0, dtype=float)])
    return np.log((total + floor) / np.maximum(np.arange(len(total)), 1)[:, None])


def fit_detection(
    discovered: np.ndarray, reported: np.ndarray, effort: Effort, grid: Grid
) -> Detection:
    """Strength of each mode, blind share and reported share of highest likelihood.

    Parameters
    ----------
    discovered : records found by officers whose place is a point, per week and cell; a record
        spread over a desa would look as if it had been found where nobody went
    reported : records told by others, per week and cell
    effort : minutes per week and cell of each way of looking, "mode" or "agency:mode"
    grid : their cells

    Notes
    -----
    The marginal likelihood of thinned Poisson counts whose rates differ from cell to cell by a
    Gamma (Greenwood and Yule 1920). It is the product of what was expected in each week from the
    weeks before, so patrols that follow finds do not bias it. (Given the records of a cell, as with
    fixed effects, the weeks they fell in do: after a find comes effort, and the find itself looks
    as if nobody had looked. On public sets thinned with a strength of 1.2 that said 0.01 and 2.9.)
    Patrols go where much happens, too: the mean of the Gamma rises with a power of the watching,
    so that they do not look like patrols that find much.
    Reports are then set against the events that the strength implies where somebody looks.
    Without effort everything is taken as seen and `corrected` is False.

    Strengths are first those of the modes; then agencies of one mode are told apart under a prior
    that holds them together, so that one with few records keeps its mode's.
    """
    effort = {way: minutes for way, minutes in effort.items() if minutes.any()}
    if not effort or discovered.sum() < 20:
        return Detection({}, 0.0, 0.0, corrected=False)
    hit = discovered.sum(axis=0) > 0
    counts = discovered[:, hit].T
    minutes = {way: panel[:, hit].T for way, panel in effort.items()}
    modes = _by_mode(effort)

    history = _History.of(discovered, effort)
    score = history.score

    best = _fit_modes(modes, score)
    if len(modes) < len(effort):
        apart = _tell_apart(best, modes, score)
        best = apart if score(apart) - score(best) >= TELLING else best
    seen = Detection({}, 0.0, 0.0, corrected=False)
    share = _reports_per_event(discovered, reported, best.found(effort), grid)
    return replace(
        best,
        reported_share=share,
        gain=score(best) - score(seen),
        level_error=_level_error(best, score, counts, minutes),
        minutes={way: float(panel.sum()) for way, panel in effort.items()},
    )


def _by_mode(ways: Iterable[str]) -> dict[str, list[str]]:
    """Ways of looking by their mode."""
    modes: dict[str, list[str]] = {}
    for way in ways:
        modes.setdefault(way.split(":")[-1], []).append(way)
    return modes


def _fit_modes(modes: dict[str, list[str]], score: Callable[[Detection], float]) -> Detection:
    """One strength per mode and the blind share: penalised likelihood, from several starts."""

    def guess(x: np.ndarray) -> Detection:
        strength = np.clip(np.exp(x[:-1]), WEAKEST, STRONGEST)
        blind = float(np.clip(np.exp(x[-1]), 1e-4, 0.2))
        strengths = {
            way: float(one)
            for ways, one in zip(modes.values(), strength, strict=True)
            for way in ways
        }
        return Detection(strengths, blind, 0.0, corrected=True)

    def loss(x: np.ndarray) -> float:
        away = np.append((x[:-1] - x[:-1].mean()) / MODES_ALIKE, (x[-1] - log(BLIND)) / BLIND_KNOWN)
        return 0.5 * float(away @ away) - score(guess(x))

    starts = [np.append(np.full(len(modes), log(s)), log(BLIND)) for s in STRENGTHS]
    return guess(_least(loss, min(starts, key=loss)))


def _tell_apart(
    best: Detection, modes: dict[str, list[str]], score: Callable[[Detection], float]
) -> Detection:
    """Strength of each agency of a mode, held to its mode's by a normal prior on the log."""
    shared = [way for ways in modes.values() if len(ways) > 1 for way in ways]
    usual = np.log([best.strength_per_hour[way] for way in shared])

    def guess(x: np.ndarray) -> Detection:
        strength = np.clip(np.exp(usual + x), WEAKEST, STRONGEST)
        strengths = dict(zip(shared, map(float, strength), strict=True))
        return replace(best, strength_per_hour={**best.strength_per_hour, **strengths})

    def loss(x: np.ndarray) -> float:
        return 0.5 * float(x @ x) / AGENCIES_ALIKE**2 - score(guess(x))

    start = np.zeros(len(shared))
    return guess(_least(loss, start, np.vstack([start, 0.4 * np.eye(len(shared))])))


def _least(
    loss: Callable[[np.ndarray], float], start: np.ndarray, simplex: np.ndarray | None = None
) -> np.ndarray:
    """Where a function of few numbers is least (Nelder and Mead 1965)."""
    near = 0.01
    if simplex is None:
        return minimize(loss, start, method="Nelder-Mead", options={"xatol": near, "fatol": near}).x
    return minimize(
        loss,
        start,
        method="Nelder-Mead",
        options={"xatol": near, "fatol": near, "initial_simplex": simplex},
    ).x


def _level_error(
    best: Detection, score: Callable[[Detection], float], counts: np.ndarray, minutes: Effort
) -> float:
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


@dataclass(frozen=True)
class _History:
    """Records and effort as the likelihood needs them; an entry is a week and cell with effort.

    weeks : number of them; records : of each place, (places,), which is a cell, and the last one
    all cells alike that have neither effort nor records; cells : that each place stands for; cell,
    minutes : place and effort of each entry; hits, entry : records of each week and cell that has
    any, and its entry, -1 where there was no effort
    """

    weeks: int
    records: np.ndarray
    cells: np.ndarray
    cell: np.ndarray
    minutes: Effort
    hits: np.ndarray
    entry: np.ndarray

    @classmethod
    def of(cls, discovered: np.ndarray, effort: Effort) -> "_History":
        """From panels, (weeks, cells) each."""
        any_effort = np.sum([panel > 0 for panel in effort.values()], axis=0) > 0
        at = np.flatnonzero(any_effort)
        hit = np.flatnonzero(discovered)
        place = np.minimum(np.searchsorted(at, hit), len(at) - 1)
        records = discovered.sum(axis=0, dtype=float)
        known = np.flatnonzero(any_effort.any(axis=0) | (records > 0))
        cells = np.append(np.ones(len(known)), float(len(records) - len(known)))
        return cls(
            weeks=len(discovered),
            records=np.append(records[known], 0.0),
            cells=cells,
            cell=np.searchsorted(known, at % discovered.shape[1]),
            minutes={way: panel.ravel()[at].astype(float) for way, panel in effort.items()},
            hits=discovered.ravel()[hit].astype(float),
            entry=np.where(at[place] == hit, place, -1),
        )

    def score(self, guess: Detection) -> float:
        """Log likelihood of the records, of the best of a few laws of how places differ."""
        looked, at_hits = self._looked(guess)
        likelihood = float(self.hits @ np.log(np.maximum(at_hits, 1e-12)))
        places = (
            self._places(looked, shape, power)
            for shape in SHAPES_OF_PLACES
            for power in POWERS_OF_WATCHING
        )
        return likelihood + max(places)

    def _looked(self, guess: Detection) -> tuple[np.ndarray, np.ndarray]:
        """Chance of being found, summed over the weeks of each cell, and of each hit."""
        if not guess.corrected:
            return np.full(len(self.records), float(self.weeks)), np.ones(len(self.hits))
        found, blind = guess.found(self.minutes), guess.blind
        more = np.bincount(self.cell, found - blind, len(self.records))
        return self.weeks * blind + more, np.where(self.entry >= 0, found[self.entry], blind)

    def _places(self, looked: np.ndarray, shape: float, power: float) -> float:
        """What the records of each cell say if rates are Gamma around a power of the watching."""
        mean = (looked + WATCHED_FLOOR) ** power
        mean *= self.records.sum() / ((self.cells * mean) @ looked)
        rate = shape / mean
        n = self.records
        likelihood = gammaln(shape + n) - gammaln(shape) + shape * np.log(rate)
        return float(self.cells @ (likelihood - (shape + n) * np.log(rate + looked)))


def _reports_per_event(
    discovered: np.ndarray, reported: np.ndarray, chance: np.ndarray, grid: Grid
) -> float:
    found, watched, in_records = spread(
        grid, SMOOTH, np.stack([panel.sum(axis=0) for panel in (discovered, chance, reported)])
    )
    known = watched > 1
    events = (found[known] / watched[known]).sum() * len(discovered)
    return float(in_records[known].sum() / events) if events > 0 else 0.0
