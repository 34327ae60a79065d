"""How good is this model: a verdict in plain words, charts, figures for the analyst, model card."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui import charts, state, theme
from ui.map import proof, scene
from ui.map.telling import model_name
from ui.paper import card
from ui.views.handed import Papers, Seen
from ui.words import length, number, percent, short_date, t, with_sign

#: totals within this factor of each other "agree"
AGREE = 1.15


def show(seen: Seen, selection: state.Selection, look: theme.Palette, papers: Papers) -> None:
    """Choose a horizon; verdict, one sentence to remember, charts, tables, the model card.

    Parameters
    ----------
    seen : what the viewer may see
    selection : what was chosen
    look : colours of the page
    papers : makes the files a person takes away
    """
    lang, meta, options, scores = selection.lang, seen.meta, seen.options, seen.frames["scores"]
    if scores.empty:
        st.info(t("quality.none", lang))
        return
    st.segmented_control(
        t("choose.length", lang),
        options.horizons,
        required=True,
        format_func=lambda n: length(n, lang),
        help=t("choose.length_help", lang),
        **state.bound("horizon", selection.horizon, options),
    )
    if "horizon_weeks" in scores:
        scores = scores[scores["horizon_weeks"] == selection.horizon]
    st.caption(t("quality.horizon", lang, weeks=length(selection.horizon, lang)))
    models = proof.with_shares(
        proof.compare_models(scores), meta.get("summary") or [], selection.horizon
    )
    models["name"] = [model_name(model, lang) for model in models.index]
    order = ("pool", str(meta.get("chosen_model")), str(models.index[0]))
    mine = next(name for name in order if name in models.index)
    rivals = models.drop(index=[*proof.OWN_PARTS, proof.FLAT, mine], errors="ignore")
    best = str(rivals["ig"].idxmax()) if rivals["ig"].notna().any() else mine
    at = max((n for n in (1, 2, 5, 10) if n <= selection.coverage * 100), default=1)
    _show_verdict(seen, scores, models, mine, rivals.index.tolist(), at, lang)
    _show_stability(scores, mine, at, seen.scene(selection).sectors, lang)
    compared = models.drop(index=list(proof.OWN_PARTS), errors="ignore")
    _show_charts(scores, compared, (mine, best), at, lang, look)
    st.info(t("quality.caveat", lang), icon=":material/info:")
    st.subheader(t("quality.table", lang), anchor=False)
    both = proof.both_ways(scores, meta.get("summary") or [], selection.horizon)
    st.dataframe(
        card.side_by_side(both, card.used_model(meta, selection.horizon), lang), hide_index=True
    )
    st.caption(t("quality.corrected_note", lang))
    st.caption(t("quality.public", lang, told=public(lang)))
    with st.expander(t("quality.more", lang)):
        st.dataframe(_table(models, mine, lang), hide_index=True)
    _show_card(meta, lambda code: seen.places.label(code, lang), papers, selection)


def _show_charts(
    scores: pd.DataFrame, compared: pd.DataFrame, pair: tuple[str, str], at: int, lang: str,
    look: theme.Palette,
) -> None:  # fmt: skip
    """Events caught by share of the area, and over time: `pair` is the model and its best rival."""
    mine, best = pair
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(t("quality.chart", lang), anchor=False)
        st.altair_chart(charts.hit_chart(compared, mine, best, lang, look))
    with right:
        st.subheader(t("quality.over_time", lang, n=at), anchor=False)
        if scores[f"hit{at:02d}"].notna().any():
            lines = {mine: "mine", best: "best"}
            st.altair_chart(charts.period_chart(scores, f"hit{at:02d}", lines, lang, look))
            st.caption(t("quality.over_time_note", lang, name=model_name(best, lang)))
        else:
            st.info(t("quality.periods_hidden", lang), icon=":material/visibility_off:")


def _show_verdict(
    seen: Seen,
    scores: pd.DataFrame,
    models: pd.DataFrame,
    mine: str,
    rivals: list[str],
    at: int,
    lang: str,
) -> None:
    """What the paired intervals bear, no more; then the same in events caught."""
    measure = "ig_corrected" if "ig_corrected" in scores else "ig"
    if models.loc[rivals, "ig"].notna().any():
        leads = {name: seen.lead(scores, mine, name, measure) for name in rivals}
        key, names = verdict(leads)
        closest = min(leads, key=lambda name: leads[name][0])
        words = t(
            f"quality.{key}", lang, baselines="; ".join(model_name(one, lang) for one in names)
        )  # fmt: skip
        paired = t(
            "quality.paired", lang, baseline=model_name(closest, lang),
            **_ends(leads[closest], lang, 1, 2),
        )  # fmt: skip
        kinds = {"loses": (st.error, "trending_down"), "ties": (st.warning, "balance"),
                 "wins": (st.success, "trending_up")}  # fmt: skip
        show_it, icon = kinds[key]
        show_it(f"{words} {paired}", icon=f":material/{icon}:")
    _show_caught(seen, scores, models, mine, rivals, at, lang)


def _show_caught(
    seen: Seen,
    scores: pd.DataFrame,
    models: pd.DataFrame,
    mine: str,
    rivals: list[str],
    at: int,
    lang: str,
) -> None:
    """The share of events in the first `at` per cent of the area, and expected beside observed."""
    row: Any = models.loc[mine]
    column = f"hit{at:02d}"
    words = t("quality.words", lang, n=at, mine=percent(row[column], lang))
    if pd.isna(row[column]):
        words = t("quality.share_hidden", lang, n=at)
    elif models.loc[rivals, column].notna().any():
        best = str(models.loc[rivals, column].idxmax())
        theirs = percent(models[column][best], lang)
        ahead = seen.lead(scores, mine, best, column)
        key = {"loses": "fewer", "ties": "level", "wins": "more_caught"}[verdict({best: ahead})[0]]
        if pd.isna(ahead[0]):  # no single test tells its share: no interval of the difference
            words += " " + t("quality.words_shared", lang, name=model_name(best, lang),
                             theirs=theirs)  # fmt: skip
        else:
            words += " " + t(
                "quality.words_rival", lang, name=model_name(best, lang), theirs=theirs, n=at,
                verdict=t(f"quality.{key}", lang), **_ends(ahead, lang, 100, 0),
            )  # fmt: skip
    st.markdown("#### " + words)
    if row[["expected", "observed", "n_events"]].isna().any():
        st.markdown(t("quality.counts_hidden", lang, periods=number(row["periods"], lang)))
        return
    verdict_ = _calibration(row["expected"], row["observed"])
    st.markdown(
        t("quality.intro", lang, periods=number(row["periods"], lang),
          events=number(row["n_events"], lang)) + " "
        + t("quality.calibration", lang, expected=number(row["expected"], lang),
            observed=number(row["observed"], lang), verdict=t(f"quality.verdict_{verdict_}", lang))
    )  # fmt: skip


def public(lang: str) -> str:
    """What the same engine gained on public data, set by set, beside its best rival there."""
    parts = []
    for name, (ours, rival, theirs) in proof.PUBLIC.items():
        where = t(f"public.{name}", lang)
        beside = f"{model_name(rival, lang)} {number(theirs, lang, 2)}"
        parts.append(f"{where} {number(ours, lang, 2)} ({beside})")
    return "; ".join(parts)


def verdict(leads: Mapping[str, tuple[float, float, float]]) -> tuple[str, list[str]]:
    """What leads over rivals bear: "wins" only where every paired interval lies above zero.

    Parameters
    ----------
    leads : rival -> mean, low and high end of the lead over it

    Returns
    -------
    ("loses", those ahead of us) if an interval lies below zero, else ("ties", those whose
        interval holds zero), else ("wins", all of them)
    """
    ahead = [name for name, (_, _, hi) in leads.items() if hi < 0]
    level = [name for name, (_, lo, hi) in leads.items() if not lo > 0 and name not in ahead]
    if ahead:
        return "loses", ahead
    return ("ties", level) if level else ("wins", list(leads))


def _ends(
    lead: tuple[float, float, float], lang: str, scale: float, decimals: int
) -> dict[str, Any]:
    """A lead with its interval, each with its sign."""
    words = [("+" if x > 0 else "−" if x < 0 else "") + number(abs(x), lang, decimals)
             for x in (round(scale * one, decimals) for one in lead)]  # fmt: skip
    return dict(zip(("ahead", "lo", "hi"), words, strict=True))


def _show_stability(
    scores: pd.DataFrame, mine: str, at: int, sectors: pd.DataFrame, lang: str
) -> None:
    """One sentence: how much of the list stays, in the tests and since last week."""
    parts = []
    own, other = (proof.kept(scores, name, at) for name in (mine, "decayed_kde"))
    if own and other:
        parts.append(
            t("quality.kept", lang, n=at, weeks=number(own[1], lang), mine=percent(own[0], lang),
              theirs=percent(other[0], lang))
        )  # fmt: skip
    if len(sectors):
        share, stayed = scene.stays(sectors)
        parts.append(
            t("quality.stays", lang, share=percent(share, lang), stayed=number(stayed, lang),
              n=number(len(sectors), lang))
        )  # fmt: skip
    if parts:
        st.markdown(" ".join(parts))


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
        ]
    }
    for n in (1, 2, 5, 10):
        rows[t("quality.hit", lang, n=n)] = [
            with_sign(number(value * 100, lang), lang) for value in models[f"hit{n:02d}"]
        ]
    for name in ("pai", "pei"):
        rows[t(f"quality.{name}", lang)] = [number(v, lang, 2) for v in models[f"{name}05"]]
    return pd.DataFrame(rows)


def _show_card(
    meta: Mapping[str, Any], label: Callable[[str], str], papers: Papers, selection: state.Selection
) -> None:
    """What it is for, what it learned from, how patrols are corrected for, limits, objections.

    The download holds all of it, with scores of every horizon, and is made anew from each
    assessment.
    """
    lang = selection.lang
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(t("card.title", lang), anchor=False)
        st.download_button(
            t("card.take", lang), data=state.file(lambda: papers.card(selection)),
            mime="text/markdown",
            file_name=papers.name("kartu_model", ".md", selection), on_click="ignore",
            icon=":material/download:", key="card",
        )  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{t('card.purpose', lang)}** {t('card.purpose_text', lang)}")
        st.markdown(f"**{t('card.not', lang)}** {t('card.not_text', lang)}")
        st.markdown(f"**{t('card.limits', lang)}**\n\n{t('help.limits_text', lang)}")
        st.markdown(f"**{t('card.object', lang)}** {t('card.object_text', lang)}")
    with right:
        st.markdown(f"**{t('card.data', lang)}**")
        rows = card.counts(meta, lang)
        if rows:
            st.dataframe(pd.DataFrame(rows, columns=[" ", "  "]), hide_index=True)
        else:
            st.caption(t("card.counts_hidden", lang))
        first, last = meta.get("first_week"), meta.get("cutoff")
        if first and last:
            st.markdown(t("card.span", lang, first=short_date(first, lang),
                          last=short_date(last, lang)))  # fmt: skip
        st.markdown(f"**{t('card.patrols', lang)}**")
        st.markdown(card.detection(meta, label, lang))
