"""A back-test as markdown and as one HTML file with its plots inside; nothing is fetched."""

from collections.abc import Mapping
from html import escape
from math import ceil, floor, log10
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ui import plots
from ui.paper.pack import STYLE
from ui.plots import Axis, Series
from ui.rows import each_row

SHOWN = {
    "ig": "ig",
    "ig_low": "ig lo",
    "ig_high": "ig hi",
    "hit_1": "hit@1",
    "hit_2": "hit@2",
    "hit_5": "hit@5",
    "hit_5_low": "hit@5 lo",
    "hit_5_high": "hit@5 hi",
    "hit_10": "hit@10",
    "pai_5": "PAI@5",
    "pei_5": "PEI@5",
    "deviance": "deviance",
    "calibration": "calibration",
    "outside": "outside",
}
AREAS = (1, 2, 5, 10)
WIDE = "body{max-width:78rem}figure{margin:1rem 0;max-width:60rem}"
PLOTS = {
    "hits": "Events found by share of the area",
    "reliability": "Forecast against seen, from quiet to busy cells",
    "totals": "Totals: forecast and seen, period by period",
    "gain": "Information gain, period by period",
}
HOW = (
    "ig: information gain over a uniform forecast, nats per event inside the cells. hit@a: share "
    "of all events in the top a % of cells. PAI = hit rate / area, PEI = PAI / best possible. lo, "
    "hi: 95 % interval by resampling periods. calibration: forecast total / seen total. outside: "
    "share of events in no cell, a miss for every model."
)
BOTH = (
    "Raw: records as they came, which favours a map that points to where patrols go anyway. "
    "Corrected: ig is what a map adds to knowing where patrols went in the tested period, hit@5 "
    "compares records per unit of looking inside and outside of the top 5 %. How well looking "
    "finds is fitted on what came before the first tested period. pool_effort is the pool that "
    "knows the effort."
)
STABLE = (
    "kept: share of the top 5 % of cells that were in it one period before. A list that stays is "
    "easier to plan by; one that never changes has learned nothing."
)


class Result(Protocol):
    """What a report tells: see `joins.backtest.Backtest`."""

    @property
    def periods(self) -> pd.DataFrame: ...
    @property
    def summary(self) -> pd.DataFrame: ...
    @property
    def gains(self) -> pd.DataFrame: ...
    @property
    def curve(self) -> pd.DataFrame: ...
    @property
    def regions(self) -> pd.DataFrame: ...
    @property
    def reliability(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def stability(self) -> pd.DataFrame: ...
    @property
    def both(self) -> pd.DataFrame | None: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def best(self) -> str: ...


def pictures(result: Result) -> dict[str, str]:
    """Each plot as SVG text."""
    return {
        "hits": _hits(result),
        "reliability": _reliability(result),
        "totals": _totals(result),
        "gain": _gain(result),
    }


def as_markdown(result: Result) -> str:
    """The whole report: how it was done, all models, plots, regions, every period."""
    lines = [f"# {_title(result)}", "", *_split(_intro(result)), HOW, ""]
    for title, note, table, name in _tables(result):
        lines += [f"## {title}", "", *_split(note), _rows(name, table), ""]
        if title == "All models":
            lines += [f"![{words}]({plot}.svg)" for plot, words in PLOTS.items()] + [""]
    return "\n".join(lines).rstrip("\n") + "\n"


def as_html(result: Result, drawn: dict[str, str]) -> str:
    """The same as one file."""
    tag = '<p><span class="tag">DATA SINTETIS</span></p>' if result.facts["synthetic"] else ""
    blocks = []
    for title, note, table, name in _tables(result):
        note_html = f"<p><small>{escape(note)}</small></p>" if note else ""
        blocks.append(f"<h2>{escape(title)}</h2>{note_html}{_html_rows(name, table)}")
        if title == "All models":
            blocks += [f"<figure>{drawn[plot]}</figure>" for plot in PLOTS]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(_title(result))}</title><style>{STYLE}{WIDE}</style>"
        f"</head><body>{tag}<h1>{escape(_title(result))}</h1><p>{escape(_intro(result))}</p>"
        f"<p><small>{escape(HOW)}</small></p>{''.join(blocks)}</body></html>\n"
    )


def _title(result: Result) -> str:
    label = "DATA SINTETIS – " if result.facts["synthetic"] else ""
    return f"{label}Backtest: {result.facts['file']}"


def _intro(result: Result) -> str:
    facts, gain = result.facts, result.gains
    text = (
        f"{facts['events']} events on {facts['cells']} H3 cells of resolution "
        f"{facts['resolution']}. Each of the last {facts['periods']} periods of "
        f"{facts['period_days']} days ({facts['first_period']} to {facts['last_period']}) is "
        "forecast from strictly earlier events; every hyper-parameter comes from that past. "
        f"{facts['outside']} of {facts['tested_events']} tested events lay outside all cells."
    )
    if result.best in gain.index:
        row = gain.loc[result.best]
        sure = "beyond" if row["ig_low"] > 0 or row["ig_high"] < 0 else "inside"
        text += (
            f" Against its best rival here, {result.best}, the pool gains {row['ig']:+.3f} nats an "
            f"event [{row['ig_low']:.3f}, {row['ig_high']:.3f}]: {sure} the interval."
        )
    return text


def _tables(result: Result) -> list[tuple[str, str, pd.DataFrame, str]]:
    """(title, note, table, name of its rows) of each part that there is."""
    areas = result.summary[[f"{m}_{a}" for m in ("pai", "pei") for a in AREAS]]
    areas.columns = [f"{m.upper()}@{a}" for m in ("pai", "pei") for a in AREAS]
    parts = [
        ("All models", "", result.summary[list(SHOWN)].rename(columns=SHOWN), "model"),
        ("PAI and PEI by share of the area", "", areas, "model"),
        ("Gain of the pool over each rival, paired by period", "", result.gains, "rival"),
    ]
    if result.both is not None:
        found = ", ".join(
            f"{mode} {1 - np.exp(-strength):.0%}"
            for mode, strength in result.facts["effort"]["strength_per_hour"].items()
        )
        note = f"{BOTH} Found by one hour in a cell: {found}."
        parts.append(("Effort-corrected and raw, side by side", note, result.both, "model"))
    parts += [
        (f"By region ({result.facts['region_kind']})",
         "hit: share of the region's events in the top 5 % of all cells. Few events, wide scatter.",
         _short(result.regions), "region"),
        ("Forecast against seen: pool",
         "Pairs of cell and period, sorted by forecast and cut into bins of equal forecast total; "
         "lo, hi: 95 % interval of the mean of a Poisson count.",
         result.reliability["pool"][["places", "expected", "observed", "lo", "hi"]]
         .astype({"observed": int}), "bin"),
        ("How much of the list stays from period to period", STABLE, result.stability, "model"),
        ("Information gain in every period", "", _by_period(result.periods), "period"),
    ]  # fmt: skip
    return parts


def _short(regions: pd.DataFrame) -> pd.DataFrame:
    """Regions with their figures; the quiet ones together are left to the JSON."""
    busy = regions[regions["events"] > 0].head(30).astype({"events": int})
    return busy.rename(columns=lambda name: name.replace("_", " ", 1))


def _hits(result: Result) -> str:
    order = result.summary["ig"].sort_values(ascending=False).index
    series = [
        Series(
            name, [(100 * a, 100 * hit) for a, hit in result.curve[name].items()],
            width=3.0 if name == "pool" else 1.4, dashed=name == "uniform",
        )
        for name in order
    ]  # fmt: skip
    x = Axis("share of the cells, % (log scale)", plots.decades(0.5, 50), log=True)
    return plots.chart(PLOTS["hits"], x, Axis("events found, %", plots.steps(0, 100, 5)), series)


def _reliability(result: Result) -> str:
    tables = {
        name: one for name, one in result.reliability.items() if name in ("pool", result.best)
    }
    pairs = [(row.expected / row.places, row.observed / row.places)
             for one in tables.values() for row in each_row(one)]  # fmt: skip
    positive = [value for pair in pairs for value in pair if value > 0]
    ends = floor(log10(min(positive))), ceil(log10(max(positive)))
    ticks = [(10.0**k, f"{10.0**k:g}") for k in range(ends[0], max(ends[1], ends[0] + 1) + 1)]
    low, high = ticks[0][0], ticks[-1][0]
    series = []
    for name, one in tables.items():
        n = one["places"]
        points = list(zip(one["expected"] / n, one["observed"] / n, strict=True))
        bars = list(zip(one["lo"] / n, one["hi"] / n, strict=True))
        series.append(Series(name, points, bars, dots=True))
    series.append(
        Series("forecast = seen", [(low, low), (high, high)], dashed=True, colour=plots.INK)
    )
    x = Axis("forecast, events per cell and period (log scale)", ticks, log=True)
    return plots.chart(PLOTS["reliability"], x, Axis("seen", ticks, log=True), series)


def _totals(result: Result) -> str:
    mine = result.periods[result.periods["model"] == "pool"].reset_index(drop=True)
    expected, seen = mine["expected_total"], mine["observed_total"]
    series = [
        Series("forecast (pool)", list(enumerate(expected)), width=3.0),
        Series("seen", list(enumerate(seen)), dots=True, colour=plots.INK),
    ]
    top = max(expected.max(), seen.max(), 1.0)
    return plots.chart(
        PLOTS["totals"], _time(mine), Axis("events in the cells", plots.steps(0, top)), series
    )


def _gain(result: Result) -> str:
    wide = _by_period(result.periods)
    names = [n for n in dict.fromkeys(("pool", result.best, "decayed_kde")) if n in wide]
    values = wide[names].replace([np.inf, -np.inf], np.nan)
    series = [
        Series(name, [(i, v) for i, v in enumerate(values[name]) if pd.notna(v)],
               width=3.0 if name == "pool" else 1.5)
        for name in names
    ]  # fmt: skip
    mine = result.periods[result.periods["model"] == "pool"]
    low, high = min(values.min().min(), 0.0), values.max().max()
    return plots.chart(
        PLOTS["gain"], _time(mine), Axis("nats per event", plots.steps(low, high)), series
    )


def _time(mine: pd.DataFrame) -> Axis:
    """Periods along the paper, some of them named by their first day."""
    starts = pd.DatetimeIndex(mine["period_start"])
    last = max(len(starts) - 1, 1)
    marks = sorted({round(last * k / 5) for k in range(6)})
    return Axis("period", [(at, f"{starts[min(at, len(starts) - 1)]:%Y-%m}") for at in marks])


def _by_period(periods: pd.DataFrame) -> pd.DataFrame:
    inside = periods["n_events"] - periods["n_outside"]
    table = periods.assign(
        ig=periods["ig_sum"] / inside.where(inside > 0),
        period=periods["period_start"].dt.strftime("%Y-%m-%d"),
    )
    wide = table.pivot(index="period", columns="model", values="ig")
    some = table.groupby("period")[["n_events", "n_outside"]].first()
    wide = wide[list(dict.fromkeys(periods["model"]))]
    return wide.assign(events=some["n_events"], outside=some["n_outside"])


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, int | np.integer):
        return f"{value}"
    return f"{round(value, 3) + 0.0:.3f}"


def _rows(name: str, table: pd.DataFrame) -> str:
    body = [[str(key), *map(_text, row)] for key, *row in each_row(table)]
    lines = [[name, *map(str, table.columns)], ["---"] + ["---:"] * table.shape[1], *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _html_rows(name: str, table: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{escape(str(one))}</th>' for one in [name, *table.columns])
    body = "".join(
        f"<tr><th scope='row'>{escape(str(key))}</th>"
        + "".join(f"<td>{escape(_text(value))}</td>" for value in row)
        + "</tr>"
        for key, *row in table.itertuples()
    )
    rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="wide"><table>{rows}</table></div>'


def _split(text: str) -> list[str]:
    return [text, ""] if text else []
