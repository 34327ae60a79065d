"""Frames -> Altair charts; no Streamlit, no number computed here."""

import altair as alt
import pandas as pd

from ui.theme import QUANTITIES, Palette, hex_of, ramp
from ui.words import month_names, number, short_date, t


def weeks_chart(
    weeks: pd.DataFrame, lang: str, look: Palette, height: int = 90
) -> alt.VConcatChart:
    """Records above, hours of looking below, one bar per week on a shared time axis.

    Parameters
    ----------
    weeks : DataFrame with week, events, hours (from `ui.scene.weekly`)
    """
    told = weeks.assign(
        when=[short_date(week, lang) for week in weeks["week"]],
        events_text=[number(value, lang, 1) for value in weeks["events"]],
        hours_text=[number(value, lang, 1) for value in weeks["hours"]],
    )
    colours = {
        "events": hex_of(ramp(QUANTITIES["events"], look.dark)[3]),
        "hours": hex_of(ramp(QUANTITIES["effort"], look.dark)[3]),
    }
    tooltip = [
        alt.Tooltip("when:N", title=t("chart.week", lang)),
        alt.Tooltip("events_text:N", title=t("chart.events", lang)),
        alt.Tooltip("hours_text:N", title=t("chart.hours", lang)),
    ]
    bars = [
        alt.Chart(told, height=height)
        .mark_bar(color=colours[column])
        .encode(
            x=alt.X(
                "yearweek(week):T",
                title=None,
                axis=_months(lang) if column == "hours" else alt.Axis(labels=False, ticks=False),
            ),
            y=alt.Y(f"{column}:Q", title=t(f"chart.{column}", lang), axis=_counts()),
            tooltip=tooltip,
        )
        .properties(width="container")
        for column in ("events", "hours")
    ]
    return alt.vconcat(*bars, spacing=6).resolve_scale(x="shared").configure_view(strokeWidth=0)


def hit_chart(
    models: pd.DataFrame, chosen: str, rival: str, lang: str, look: Palette
) -> alt.LayerChart:
    """Share of events caught at 1, 2, 5 and 10 % of the area; the chosen model and its best rival
    are named, the others tell their name on hover.

    Parameters
    ----------
    models : from `ui.scene.compare_models`, with a column `name` of readable names
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
    lines = base.mark_line(point=True).encode(strokeWidth=width)
    names = (
        base.transform_filter("datum.named")
        .mark_text(align="left", dx=8, fontSize=12)
        .encode(text="name:N")
    )
    return alt.layer(lines, names).properties(padding={"right": 110})


def _months(lang: str) -> alt.Axis:
    names = month_names(lang)
    text = f"{names}[month(datum.value)] + (month(datum.value) == 0 ? ' ' + year(datum.value) : '')"
    return alt.Axis(labelExpr=text, tickCount="month", grid=False, labelOverlap=True)


def _counts() -> alt.Axis:
    return alt.Axis(tickCount=3, tickMinStep=1, format="d")
