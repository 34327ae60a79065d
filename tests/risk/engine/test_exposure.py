from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.engine import exposure
from risk.engine.exposure import Detection, fit_detection, name_ways


def world(grid, strength, seed=0, weeks=104, share=0.3):
    """Events everywhere alike, patrols on one side only."""
    rng = np.random.default_rng(seed)
    rate = np.exp(rng.normal(0, 0.3, len(grid))) * 0.2
    side = grid.lon > np.median(grid.lon)
    minutes = (
        rng.exponential(120, (weeks, len(grid))) * side * (rng.random((weeks, len(grid))) < 0.6)
    )
    events = rng.poisson(rate, (weeks, len(grid)))
    discovered = rng.binomial(events, 1 - np.exp(-strength * minutes / 60))
    reported = rng.poisson(rate * share, (weeks, len(grid)))
    discovered, reported, minutes = (x.astype(np.float32) for x in (discovered, reported, minutes))
    return discovered, reported, {"patrol": minutes}


@pytest.mark.parametrize("strength", [0.1, 0.4, 1.6])
def test_planted_strength_is_found(disk, strength):
    found = fit_detection(*world(disk, strength), disk)
    assert found.corrected
    assert strength / 2.1 <= found.strength_per_hour["patrol"] <= strength * 2.1
    assert found.blind <= 0.01
    assert 0.2 < found.reported_share < 0.45
    assert found.gain > 0


def test_a_strength_is_one_per_hour(disk):
    """Twice, or half, the strength is seen: the mean over worlds is as near as their number."""
    logs = []
    for seed in range(6):
        found = fit_detection(*world(disk, 0.4, seed, weeks=208), disk)
        logs.append(np.log(found.strength_per_hour["patrol"] / 0.4))
    assert abs(np.mean(logs)) < 0.25


def chasing(grid, strength, seed, weeks=120):
    """Patrols that go where they found something lately, over places that differ."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.5, 0.12, len(grid))
    lately, found, minutes = np.zeros(len(grid)), [], []
    for _ in range(weeks):
        hours = rng.exponential(0.15 + 2.0 * lately / max(lately.sum(), 1.0) * len(grid) / 6)
        n = rng.poisson(rate * (1 - np.exp(-strength * hours)))
        lately = 0.7 * lately + n
        found.append(n)
        minutes.append(60 * hours)
    return np.array(found, np.float32), {"patrol": np.array(minutes, np.float32)}


@pytest.mark.parametrize("strength", [0.2, 0.8])
def test_patrols_that_follow_their_finds_do_not_hide_how_well_they_find(disk, strength):
    logs = []
    for seed in range(4):
        discovered, effort = chasing(disk, strength, seed)
        found = fit_detection(discovered, discovered * 0, effort, disk)
        logs.append(np.log(found.strength_per_hour["patrol"] / strength))
    assert abs(np.mean(logs)) < np.log(2.1)


def test_an_hour_finds_what_its_strength_says():
    seen = Detection({"patrol": 0.6, "ambush": 0.2}, 0.1, 0.05, corrected=True)
    hours = {"patrol": np.array([0.0, 1, 2, 0]), "ambush": np.array([0.0, 0, 1, 5])}
    minutes = {way: 60 * h for way, h in hours.items()}
    missed = 0.9 * np.exp(-np.array([0.0, 0.6, 1.4, 1.0]))
    assert seen.found(minutes) == pytest.approx(1 - missed)
    assert seen.exposure(minutes) == pytest.approx(1.05 - missed)


def test_more_looking_finds_more_and_never_more_than_all(disk):
    found = fit_detection(*world(disk, 0.4), disk).found({"patrol": np.array([0.0, 30, 300, 1e6])})
    assert (np.diff(found) > 0).all()
    assert found[-1] <= 1


def test_without_effort_everything_counts_as_seen(disk):
    discovered, reported, effort = world(disk, 0.4)
    found = fit_detection(discovered, reported, {"patrol": effort["patrol"] * 0}, disk)
    assert not found.corrected
    assert (found.exposure(effort) == 1).all()


def test_a_mode_that_finds_less_gets_less_strength(disk):
    rng = np.random.default_rng(5)
    shape = (208, len(disk))
    hours = {mode: rng.exponential(2, shape) * (rng.random(shape) < 0.4) for mode in ("a", "b")}
    chance = 1 - np.exp(-0.6 * hours["a"] - 0.06 * hours["b"])
    discovered = rng.binomial(rng.poisson(0.15, shape), chance).astype(np.float32)
    effort = {mode: (60 * h).astype(np.float32) for mode, h in hours.items()}
    found = fit_detection(discovered, discovered * 0, effort, disk).strength_per_hour
    assert found["a"] > 4 * found["b"]
    assert 0.3 < found["a"] < 1.2


def agencies(grid, strengths, seed=0, weeks=208):
    """Two agencies on patrol, each finding as well as it does; effort falls where it falls."""
    rng = np.random.default_rng(seed)
    shape = (weeks, len(grid))
    hours = {way: rng.exponential(2, shape) * (rng.random(shape) < 0.3) for way in strengths}
    power = sum(strengths[way] * hours[way] for way in strengths)
    discovered = rng.binomial(rng.poisson(0.15, shape), 1 - np.exp(-power)).astype(np.float32)
    return discovered, {way: (60 * h).astype(np.float32) for way, h in hours.items()}


def test_an_agency_that_finds_less_gets_less_strength(disk):
    discovered, effort = agencies(disk, {"a:patrol": 0.6, "b:patrol": 0.06})
    found = fit_detection(discovered, discovered * 0, effort, disk)
    strength = found.strength_per_hour
    assert strength["a:patrol"] > 4 * strength["b:patrol"]
    assert strength["b:patrol"] < found.by_mode["patrol"] < strength["a:patrol"]
    assert list(found.by_mode) == ["patrol"]
    assert found.by_agency == strength


def test_agencies_that_find_alike_are_not_told_apart(disk):
    together = 0
    for seed in range(6):
        discovered, effort = agencies(disk, {"a:patrol": 0.4, "b:patrol": 0.4}, seed)
        found = fit_detection(discovered, discovered * 0, effort, disk)
        strength = found.strength_per_hour
        assert 0.6 < strength["a:patrol"] / strength["b:patrol"] < 1.7
        together += found.by_agency == {}
    assert together >= 5


def test_an_agency_without_records_keeps_the_strength_of_its_mode(disk):
    discovered, effort = agencies(disk, {"a:patrol": 0.4, "b:patrol": 0.4})
    effort["b:patrol"][:] = 0
    effort["b:patrol"][0, 0] = 60  # one hour, nothing found
    strength = fit_detection(discovered, discovered * 0, effort, disk).strength_per_hour
    assert 0.5 < strength["b:patrol"] / strength["a:patrol"] <= 1.1


def test_agencies_are_named_where_several_do_the_same():
    effort = pd.DataFrame(
        {
            "mode": ["patrol"] * 4 + ["ambush"],
            "source_agency": ["satgas", "polda", "desa", "bp3mi", "satgas"],
            "minutes": [800.0, 150.0, 30.0, 20.0, 60.0],
        }
    )
    assert name_ways(effort).tolist() == [
        "satgas:patrol", "polda:patrol", "lain:patrol", "lain:patrol", "ambush",
    ]  # fmt: skip
    alone = effort[effort["source_agency"] == "satgas"]
    assert name_ways(alone).tolist() == ["patrol", "ambush"]


def test_cells_without_effort_or_records_count_as_often_as_there_are():
    rng = np.random.default_rng(5)
    found = (rng.random((20, 400)) < 0.01).astype(np.float32)
    minutes = np.where(rng.random(found.shape) < 0.02, 60.0, 0.0).astype(np.float32)
    minutes[:, 200:], found[:, 200:] = 0, 0
    told = exposure._History.of(found, {"patrol": minutes})
    _, cell = np.nonzero(minutes)
    every = replace(told, records=found.sum(axis=0), cells=np.ones(400), cell=cell)
    guess = exposure.Detection({"patrol": 0.5}, 0.01, 0.0, corrected=True)
    assert told.cells[-1] >= 200
    assert told.score(guess) == pytest.approx(every.score(guess), rel=1e-9)
