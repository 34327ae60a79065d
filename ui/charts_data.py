"""Charts of the data steward's page; no Streamlit, no number computed here."""

import altair as alt
import pandas as pd

from ui.theme import QUANTITIES, Palette, hex_of, ramp
from ui.words import number, short_date, t


def nowcast_chart(weeks: pd.DataFrame, lang: str, look: Palette) -> alt.LayerChart | alt.FacetChart:
    """Records received per week, what is expected to follow, and the interval of the sum.

    Parameters
    ----------
    weeks : DataFrame with week, n_received, expected, lo, hi (from `data.delay.nowcast`)
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    names = [t("now.received", lang), t("now.to_come", lang)]
    when = [short_date(week, lang).rsplit(" ", 1)[0] for week in weeks["week"]]
    rows = weeks.assign(
        when=when,
        top=weeks["expected"],
        expected_text=[number(value, lang, 1) for value in weeks["expected"]],
        interval=[
            f"{number(lo, lang)}–{number(hi, lang)}"
            for lo, hi in zip(weeks["lo"], weeks["hi"], strict=True)
        ],
    )
    bars = pd.concat(
        [
            rows.assign(what=names[0], start=0.0, end=rows["n_received"].astype(float)),
            rows.assign(what=names[1], start=rows["n_received"].astype(float), end=rows["top"]),
        ]
    )
    colours = ramp(QUANTITIES["events"], look.dark)
    ink = hex_of(look.ink)
    x = alt.X("when:N", sort=when, title=None, axis=alt.Axis(labelAngle=-40, labelOverlap=False))
    tooltip = [
        alt.Tooltip("when:N", title=t("now.week", lang)),
        alt.Tooltip("n_received:Q", title=t("now.received", lang)),
        alt.Tooltip("expected_text:N", title=t("now.expected", lang)),
        alt.Tooltip("interval:N", title=t("now.interval", lang)),
    ]
    layer = alt.Chart(bars).mark_bar().encode(
        x=x,
        y=alt.Y("start:Q", title=t("now.axis", lang), axis=alt.Axis(tickMinStep=1, format="d")),
        y2="end:Q",
        color=alt.Color(
            "what:N",
            scale=alt.Scale(domain=names, range=[hex_of(colours[3]), hex_of(colours[1])]),
            legend=alt.Legend(title=None, orient="top", labelLimit=240),
        ),
        tooltip=tooltip,
    )  # fmt: skip
    open_weeks = rows[rows["hi"] > rows["lo"]]
    ends = (
        alt.Chart(open_weeks)
        .mark_errorbar(ticks={"color": ink, "size": 9}, color=ink, thickness=1.4)
        .encode(x=x, y=alt.Y("lo:Q", title=t("now.axis", lang)), y2="hi:Q", tooltip=tooltip)
    )
    return alt.layer(layer, ends).properties(height=260, width="container")
