"""The quality page claims no more than the paired intervals bear."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.gate import access, disclose
from joins.desks import view
from settings import load_settings
from ui import charts, theme
from ui.map import proof
from ui.views import quality

DOCS = Path(__file__).parents[2] / "docs"
#: the script shows these scores
GIVEN = {}


def script():
    from tests.ui.test_quality_told import GIVEN
    from ui import theme
    from ui.selection import Selection
    from ui.views import quality

    class Papers:
        def name(self, *args):
            return "x"

        def card(self, selection):
            return b""

    quality.show(GIVEN["seen"], Selection(horizon=4, coverage=0.05, lang=GIVEN["lang"]),
                 theme.LIGHT, Papers())  # fmt: skip


@pytest.mark.parametrize(
    ("leads", "said"),
    [
        ({"a": (0.2, 0.1, 0.3), "b": (0.1, 0.01, 0.2)}, ("wins", ["a", "b"])),
        ({"a": (0.2, 0.1, 0.3), "b": (0.1, -0.01, 0.2)}, ("ties", ["b"])),
        ({"a": (0.2, 0.1, 0.3), "b": (0.0, 0.0, 0.0)}, ("ties", ["b"])),
        ({"a": (-0.1, -0.2, 0.01), "b": (0.1, -0.01, 0.2)}, ("ties", ["a", "b"])),
        ({"a": (-0.2, -0.3, -0.1), "b": (0.1, -0.01, 0.2)}, ("loses", ["a"])),
        ({"a": (0.1, float("nan"), float("nan"))}, ("ties", ["a"])),
    ],
)
def test_better_than_all_needs_every_interval(leads, said):
    assert quality.verdict(leads) == said


def page(config, lang: str, hit: float, noise: float) -> AppTest:
    """The page where our model catches 78 of 100 and a rival `hit`, give or take per period."""
    settings = load_settings(config)
    seen = view.read(view.newest(settings), settings, access.LOCAL)
    scores = seen.frames["scores"]
    scores = scores[scores["model"].isin(["pool", "etas"])].copy()
    rival = (scores["model"] == "etas").to_numpy()
    starts = sorted(scores["period_start"].unique())
    wave = pd.Series(np.random.default_rng(5).normal(0, 0.1, len(starts)), index=starts)
    turn = pd.Series(np.resize([noise, -noise], len(starts)), index=starts)
    when = scores["period_start"]
    scores["hit05"] = np.where(rival, hit + when.map(turn), 0.78) + when.map(wave)
    column = "ig_corrected" if "ig_corrected" in scores else "ig"
    scores[column] = 1.0 + scores["hit05"]
    frames = {**seen.frames, "scores": scores}
    GIVEN["lang"] = lang
    GIVEN["seen"] = view.Shown(
        settings, seen.scope, seen.meta, frames, seen.base, "q", seen.own_cells, seen.pieces
    )
    at = AppTest.from_function(script, default_timeout=60).run()
    assert not at.exception
    return at


def told(at) -> str:
    parts = (*at.markdown, *at.success, *at.warning, *at.error)
    return " ".join(one.value for one in parts)


def test_78_against_76_with_overlap_is_level(config):
    words = told(page(config, "id", hit=0.76, noise=0.2))
    assert "setara" in words and "lebih baik daripada semua" not in words
    assert "selang berpasangan 95 %" in words and "selisih berpasangan" in words


def test_78_against_76_in_every_period_is_ahead_and_names_the_interval(config):
    words = told(page(config, "en", hit=0.76, noise=0.001))
    assert "the model beats every baseline" in words and "more than the baseline" in words
    assert "paired 95% interval" in words and "(paired difference +2" in words


@pytest.mark.parametrize("n", [None, 374.0, 12.0])
def test_a_shared_tier_reads_that_shares_are_hidden_and_never_a_zero(config, n):
    settings = load_settings(config)
    scope = access.Scope("x", "", "public", None, None, pd.Timestamp("2100-01-01", tz="UTC"))
    seen = view.read(view.newest(settings), settings, scope)
    rows = [{"model": model, "horizon_weeks": 4, "n_events": n, "hit05": hit, "ig": 1.0}
            for model, hit in (("pool", 0.614), ("etas", 0.553))]  # fmt: skip
    meta = disclose.suppress_meta({**seen.meta, "summary": rows if n else []}, scope)
    GIVEN["lang"] = "id"
    GIVEN["seen"] = view.Shown(
        settings, scope, meta, seen.frames, seen.base, "q", seen.own_cells, seen.pieces
    )
    at = AppTest.from_function(script, default_timeout=60).run()
    assert not at.exception
    words = told(at) + " ".join(one.value for one in at.info)
    assert "satu pengujian disamarkan" in words and " 0 dari 100" not in words
    assert ("61 dari 100" in words or "61\u00a0%" in words or "61 %" in words) == (n == 374.0)
    assert ("memuat terlalu sedikit kejadian" in words) == (n != 374.0)


RIVALS = {"ETAS": "etas", "decayed KDE": "decayed_kde"}


def test_what_the_page_says_of_public_data_is_what_was_measured():
    rows = pd.DataFrame(json.loads((DOCS / "results" / "engines.json").read_text(encoding="utf-8")))
    sums = rows.groupby(["set", "model"])[["ig_sum", "events"]].sum()
    gain = sums["ig_sum"] / sums["events"]
    for name, (ours, rival, theirs) in proof.PUBLIC.items():
        best = gain[name][list(RIVALS)].idxmax()
        assert (round(gain[name]["pool"], 2), RIVALS[best]) == (ours, rival), name
        assert round(gain[name][best], 2) == theirs, name


def test_the_page_says_how_the_engine_did_on_public_data(config):
    at = page(config, "id", hit=0.5, noise=0.1)
    captions = " ".join(one.value for one in at.caption)
    assert "kejadian nyata di tempat lain" in captions and "Cincinnati" in captions


def test_the_left_chart_names_every_curve():
    models = pd.DataFrame(
        {name: [0.2, 0.3, 0.4] for name in ("hit01", "hit02", "hit05", "hit10")},
        index=pd.Index(["kde", "pool", "etas"], name="model"),
    ).assign(name=["KDE", "model ini", "ETAS"])  # fmt: skip
    spec = charts.hit_chart(models, "pool", "kde", "id", theme.LIGHT).to_dict()
    dashes = spec["layer"][0]["encoding"]["strokeDash"]
    assert dashes["scale"]["domain"] == ["model ini", "KDE", "ETAS"]
    assert dashes["legend"]["orient"] == "bottom"
    used = dashes["scale"]["range"][:3]
    assert len({tuple(one) for one in used}) == 3
