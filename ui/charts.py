"""Frames -> Altair charts; no Streamlit, no number computed here."""

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from ui.sums import Sum
from ui.theme import QUANTITIES, Palette, hex_of, ramp
from ui.words import month_names, number, short_date, t


def weeks_specs(
    weeks: pd.DataFrame, lang: str, look: Palette, height: int = 84, brush: bool = True,
    named: bool = True,
) -> list[dict[str, Any]]:  # fmt: skip
    """Records (with a brush named "weeks") and hours of looking, one bar per week each.

    Parameters
    ----------
    weeks : DataFrame with week, events, hours and whether a part is hidden
        (`ui.map.history.weekly`); a hidden week is a pale column as high as the highest one, a
        week of which a part is hidden a half-pale one as high as the rest of it
    lang : of the words, "id" or "en"
    look : colours of the page
    height : of one chart, pixels
    brush : whether weeks can be chosen with it
    named : whether the axis tells what is counted; a low chart has no room for it

    Returns
    -------
    Two Vega-Lite specs, their rows beside them as an Arrow stream.
    """
    when = [short_date(week, lang) for week in weeks["week"]]
    days = weeks["week"].dt.strftime("%Y-%m-%d").tolist()
    specs = []
    for column in ("events", "hours"):
        gone = weeks[f"{column}_hidden"].to_numpy(bool)
        layers = [
            (Sum(value, int(away), 1 + (value > 0))).say(lang, 1)
            for value, away in zip(weeks[column], gone, strict=True)
        ]
        height_, pale = _heights(weeks[column], gone)
        rows = pa.table({"w": days, "v": height_, "d": when, "n": layers, "o": pale})
        bars = _weeks_bars(column, lang, look, height, brush and column == "events", named)
        specs.append({**bars, "data": {"name": "rows"}, "datasets": {"rows": _stream(rows)}})
    return specs


def _heights(values: pd.Series, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height and opacity of each bar: what is hidden is drawn, but not as a number."""
    height = values.to_numpy(float).round(2)
    empty = gone & (height == 0)
    pale = np.select([empty, gone], [0.18, 0.5], 1.0)
    return np.where(empty, max(height.max(initial=0.0), 1.0), height), pale


@lru_cache(maxsize=64)
def _weeks_bars(
    column: str, lang: str, look: Palette, height: int, brush: bool, named: bool
) -> dict[str, Any]:
    """The bars without their rows: checking a spec takes far longer than filling one in."""
    last = column == "hours"
    quantity = QUANTITIES["effort" if last else "events"]
    axis = _months(lang) if last else alt.Axis(labels=False, ticks=False, grid=False)
    title = t(f"chart.{column}", lang)
    chart = (
        alt.Chart(alt.NamedData("rows"), height=height + 26 if last else height)
        .mark_bar(color=hex_of(ramp(quantity, look.dark)[3]))
        .transform_calculate(start="toDate(datum.w)", end="toDate(datum.w) + 518400000")
        .encode(
            x=alt.X("start:T", title=None, axis=axis),
            x2="end:T",
            y=alt.Y(
                "v:Q", title=title if named else None, axis=_counts(), scale=alt.Scale(zero=True)
            ),
            y2=alt.datum(0),
            opacity=alt.Opacity("o:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("d:N", title=t("chart.week", lang)),
                alt.Tooltip("n:N", title=title),
            ],
        )
        .properties(width="container")
        .configure_view(strokeWidth=0)
    )
    if brush:
        chart = chart.add_params(alt.selection_interval(name="weeks", encodings=["x"]))
    return chart.to_dict()


def _stream(table: pa.Table) -> bytes:
    """A table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


#: of the curves, ours first: whole, then ever more broken
DASHES = [[1, 0], [8, 3], [3, 3], [10, 3, 2, 3], [1, 4], [14, 4], [6, 2, 1, 2, 1, 2]]


def hit_chart(
    models: pd.DataFrame, chosen: str, rival: str, lang: str, look: Palette
) -> alt.LayerChart | alt.FacetChart:
    """Share of events caught at 1, 2, 5 and 10 % of the area. Each curve has a dash of its own,
    named below the chart; the chosen model and its best rival are named at their end too.

    Parameters
    ----------
    models : from `ui.map.proof.compare_models`, with a column `name` of readable names
    chosen : model that the map uses
    rival : the best simple model
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    long = models.reset_index().melt(
        ["model", "name"], ["hit01", "hit02", "hit05", "hit10"], "at", "hit"
    )
    long["coverage"] = long["at"].str[3:].astype(int)
    long["hit_text"] = [number(value * 100, lang, 0) + " %" for value in long["hit"]]
    long["mine"] = long["model"] == chosen
    # names beside the last point; where two lines end together only ours is named
    ends = models["hit10"]
    apart = rival in ends and abs(ends[rival] - ends[chosen]) > 0.04
    named = [chosen, rival] if apart else [chosen]
    long["named"] = long["model"].isin(named) & (long["coverage"] == 10)
    quiet, loud = hex_of(look.muted), hex_of(ramp(QUANTITIES["risk"], look.dark)[3])
    base = alt.Chart(long, height=280).encode(
        x=alt.X(
            "coverage:Q",
            title=t("quality.axis_coverage", lang),
            scale=alt.Scale(type="log", domain=[1, 10], nice=False),
            axis=alt.Axis(values=[1, 2, 5, 10], format="d"),
        ),
        y=alt.Y(
            "hit:Q", title=t("quality.axis_hit", lang), scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(labelExpr="round(datum.value * 100) + ' %'", tickCount=5),
        ),
        detail="model:N",
        color=alt.condition("datum.mine", alt.value(loud), alt.value(quiet)),
        tooltip=[
            alt.Tooltip("name:N", title=t("quality.model", lang)),
            alt.Tooltip("coverage:Q", title=t("quality.axis_coverage", lang)),
            alt.Tooltip("hit_text:N", title=t("quality.axis_hit", lang)),
        ],
    )  # fmt: skip
    width = alt.condition("datum.mine", alt.value(3), alt.value(1.3))
    order = [chosen, *(model for model in models.index if model != chosen)]
    dashes = alt.StrokeDash(
        "name:N",
        scale=alt.Scale(domain=[models.loc[model, "name"] for model in order], range=DASHES),
        legend=alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke",
                          symbolSize=500, labelLimit=260),
    )  # fmt: skip
    lines = base.mark_line(point=True).encode(strokeWidth=width, strokeDash=dashes)
    names = (
        base.transform_filter("datum.named")
        .mark_text(align="left", dx=8, fontSize=12)
        .encode(text="name:N")
    )
    return alt.layer(lines, names).properties(padding={"right": 110})


def period_chart(
    scores: pd.DataFrame, column: str, parts: dict[str, str], lang: str, look: Palette
) -> alt.LayerChart | alt.FacetChart:
    """Share of events caught in each test period, ours and the best rival's.

    Parameters
    ----------
    scores : a row per model and test period
    column : hit01, hit02, hit05 or hit10
    parts : model -> "mine" or "best"
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    rows = scores[scores["model"].isin(list(parts))][["model", "period_start", column]].dropna()
    rows = rows.assign(
        mine=rows["model"].map(parts).eq("mine"),
        when=[short_date(day, lang) for day in rows["period_start"]],
        hit_text=[number(value * 100, lang, 0) + " %" for value in rows[column]],
    )
    quiet, loud = hex_of(look.muted), hex_of(ramp(QUANTITIES["risk"], look.dark)[3])
    base = alt.Chart(rows, height=280).encode(
        x=alt.X("period_start:T", title=None, axis=_months(lang)),
        y=alt.Y(
            f"{column}:Q", title=t("quality.axis_hit", lang), scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(labelExpr="round(datum.value * 100) + ' %'", tickCount=5),
        ),
        detail="model:N",
        color=alt.condition("datum.mine", alt.value(loud), alt.value(quiet)),
        tooltip=[
            alt.Tooltip("when:N", title=t("chart.week", lang)),
            alt.Tooltip("hit_text:N", title=t("quality.axis_hit", lang)),
        ],
    )  # fmt: skip
    width = alt.condition("datum.mine", alt.value(3), alt.value(1.3))
    return alt.layer(base.mark_line(point=True).encode(strokeWidth=width))


def _months(lang: str) -> alt.Axis:
    names = month_names(lang)
    text = f"{names}[month(datum.value)] + (month(datum.value) == 0 ? ' ' + year(datum.value) : '')"
    return alt.Axis(labelExpr=text, tickCount="month", grid=False, labelOverlap=True)


def _counts() -> alt.Axis:
    return alt.Axis(tickCount=3, tickMinStep=1, format="d", minExtent=34, maxExtent=34)
