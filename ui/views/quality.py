"""How good is this model: in plain words first, figures for the analyst below."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from ui import charts, scene, theme
from ui.views.frame import model_name
from ui.words import number, t, weeks

#: totals within this factor of each other "agree"
AGREE = 1.15


def show(scores: pd.DataFrame, meta: Mapping, horizon: int, lang: str, look: theme.Palette) -> None:
    """Verdict, one sentence to remember, chart, table."""
    st.header(t("page.quality", lang), anchor=False)
    if scores.empty:
        st.info(t("quality.none", lang))
        return
    if "horizon_weeks" in scores:
        scores = scores[scores["horizon_weeks"] == horizon]
        st.caption(t("quality.horizon", lang, weeks=weeks(horizon, lang)))
    models = scene.compare_models(scores)
    models["name"] = [model_name(model, lang) for model in models.index]
    mine = next(
        name for name in ("pool", meta.get("chosen_model"), models.index[0]) if name in models.index
    )
    rivals = models.drop(index=[*scene.OWN_PARTS, scene.FLAT, mine], errors="ignore")
    best = rivals["ig"].idxmax() if len(rivals) else mine
    _show_verdict(scores, mine, best, lang)
    told = models.loc[mine]
    st.markdown(
        t("quality.intro", lang, periods=number(told["periods"], lang),
          events=number(told["n_events"], lang))
    )  # fmt: skip
    st.markdown("#### " + t(
        "quality.words", lang, mine=number(told["hit05"] * 100, lang),
        theirs=number(models.loc[best, "hit05"] * 100, lang),
    ))  # fmt: skip
    verdict = _calibration(told["expected"], told["observed"])
    st.markdown(
        t("quality.calibration", lang, expected=number(told["expected"], lang),
          observed=number(told["observed"], lang), verdict=t(f"quality.verdict_{verdict}", lang))
    )  # fmt: skip
    st.subheader(t("quality.chart", lang), anchor=False)
    st.altair_chart(
        charts.hit_chart(
            models.drop(index=list(scene.OWN_PARTS), errors="ignore"), mine, best, lang, look
        )
    )
    st.info(t("quality.caveat", lang), icon=":material/info:")
    st.subheader(t("quality.table", lang), anchor=False)
    st.dataframe(_table(models, mine, lang), hide_index=True)


def _show_verdict(scores: pd.DataFrame, mine: str, best: str, lang: str) -> None:
    if best == mine:
        return
    ahead, least, _ = scene.lead(scores, mine, best)
    name = model_name(best, lang)
    if ahead < 0:
        st.error(t("quality.loses", lang, baseline=name), icon=":material/trending_down:")
    elif least <= 0:
        st.warning(t("quality.ties", lang, baseline=name), icon=":material/balance:")
    else:
        st.success(t("quality.wins", lang, baseline=name), icon=":material/trending_up:")


def _calibration(expected: float, observed: float) -> str:
    if observed * AGREE >= expected >= observed / AGREE:
        return "good"
    return "high" if expected > observed else "low"


def _table(models: pd.DataFrame, mine: str, lang: str) -> pd.DataFrame:
    used = t("quality.used", lang)
    rows = {
        t("quality.model", lang): [
            f"{name} · {used}" if model == mine else name
            for model, name in zip(models.index, models["name"], strict=True)
        ],
        t("quality.ig", lang): [
            f"{number(m, lang, 2)} ({number(lo, lang, 2)}–{number(hi, lang, 2)})"
            for m, lo, hi in zip(models["ig"], models["ig_lo"], models["ig_hi"], strict=True)
        ],
    }
    for n in (1, 2, 5, 10):
        rows[t("quality.hit", lang, n=n)] = [
            f"{number(value * 100, lang)} %" for value in models[f"hit{n:02d}"]
        ]
    for name in ("pai", "pei"):
        rows[t(f"quality.{name}", lang)] = [number(v, lang, 2) for v in models[f"{name}05"]]
    return pd.DataFrame(rows)
