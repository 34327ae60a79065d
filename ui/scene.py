"""What one page shows, gathered from the frames of an assessment by what was chosen; no Streamlit.

Frames come in as they left the disclosure gate; nothing here adds a row or a number to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

#: models that are parts of ours, and the flat map: no rivals
OWN_PARTS = ("boosted", "mixture", "glm")
FLAT = "uniform"
#: an interval wider than this factor between its ends deserves a word
WIDE = 6.0
#: a sector with less than this share of its cells observed is "jarang dipantau"
SELDOM = 0.5


@dataclass(frozen=True)
class Places:
    """Names on the ground: region codes to names, and what event types and agencies are called.

    `labels` maps a code to its (Indonesian, English) name.
    """

    kabupaten: Mapping[str, str]
    kecamatan: Mapping[str, str]
    labels: Mapping[str, tuple[str, str]]

    def where(self, kecamatan: str, kabupaten: str) -> str:
        """ "Kec. Entikong, Sanggau", or what is known of it."""
        near = self.kecamatan.get(kecamatan, "")
        far = self.kabupaten.get(kabupaten, "")
        return ", ".join(part for part in (f"Kec. {near}" if near else "", far) if part)

    def label(self, code: str, lang: str) -> str:
        """Name of an event type or agency; a local kind keeps its own word."""
        return self.labels.get(code, (code, code))[lang == "en"]


@dataclass(frozen=True)
class Scene:
    """Everything a page is handed.

    table : one row per cell in the chosen district, with risk, lo, hi, previous, change, place
    sectors : the ranked list; sector_of : sector number by cell, 0 for none
    history, effort : weekly rows of the chosen district
    breaks : class limits of the shown quantity, fixed for the whole assessment
    """

    meta: Mapping
    table: pd.DataFrame
    sectors: pd.DataFrame
    sector_of: pd.Series
    history: pd.DataFrame
    effort: pd.DataFrame
    reasons: pd.DataFrame
    events: pd.DataFrame
    scores: pd.DataFrame
    places: Places
    breaks: Sequence[float]
    risk_breaks: Sequence[float]

    @property
    def top_cell(self) -> dict[str, str]:
        """Highest cell of the sector of each cell that is in one."""
        tops = dict(zip(self.sectors["sector"], self.sectors["cell"], strict=True))
        inside = self.sector_of[self.sector_of > 0]
        return {cell: tops[number] for cell, number in inside.items() if number in tops}

    def cells_of(self, top: str) -> list[str]:
        """The cells of the sector whose highest cell is given; none if it is no sector now."""
        number = self.sector_of.get(top, 0)
        return list(self.sector_of.index[self.sector_of == number]) if number > 0 else []


def join_cells(frames: Mapping[str, pd.DataFrame], horizon: int, group: str) -> pd.DataFrame:
    """Cells with the risk of one horizon and group, `change` against last week, and `place`."""
    risk = frames["risk"]
    chosen = risk[(risk["horizon_weeks"] == horizon) & (risk["group"] == group)]
    table = frames["cells"].merge(
        chosen.drop(columns=["horizon_weeks", "group"]), on="cell", how="left", validate="1:1"
    )
    table["change"] = table["risk"] - table["previous"]
    table["place"] = table["desa"].fillna("")
    table["observed"] = table["observed"].fillna(False).astype(bool)
    return table


def in_district(table: pd.DataFrame, kabupaten: str, kecamatan: str) -> pd.DataFrame:
    """The rows of a kabupaten or kecamatan; "" keeps everything."""
    if kecamatan:
        return table[table["kecamatan_code"] == kecamatan]
    return table[table["kabupaten_code"] == kabupaten] if kabupaten else table


def rows_in_district(
    rows: pd.DataFrame, cells: pd.Series, kabupaten: str, kecamatan: str
) -> pd.DataFrame:
    """Weekly rows of a district: told by their cell, or by the kabupaten where no cell is told."""
    if not kabupaten and not kecamatan:
        return rows
    inside = rows["cell"].isin(cells)
    if "kabupaten_code" in rows:
        inside |= (rows["cell"] == "") & (rows["kabupaten_code"] == kabupaten)
    return rows[inside]


def of_group(rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """The recorded rows of a direction or an event type; all of them where neither is told."""
    if group == "all":
        return rows
    column = "direction" if group in ("outbound", "inbound") else "event_type"
    told = rows[column] if column in rows else pd.Series("", index=rows.index)
    return rows[told == group] if (told != "").any() else rows


def number_kecamatan(cells: pd.DataFrame) -> dict[str, int]:
    """Numbers for the browser's filter; those of one kabupaten follow each other."""
    return {code: i for i, code in enumerate(sorted(cells["kecamatan_code"].dropna().unique()))}


def filter_range(
    numbers: Mapping[str, int], kabupaten: str, kecamatan: str, everywhere: tuple[int, int]
) -> tuple[int, int]:
    """The numbers a district covers; a district without cells gives an empty range."""
    if not kabupaten and not kecamatan:
        return everywhere
    start = kecamatan or f"{kabupaten}."
    inside = [n for code, n in numbers.items() if code == kecamatan or code.startswith(start)]
    return (min(inside), max(inside)) if inside else (-3, -2)


def records_of(events: pd.DataFrame, table: pd.DataFrame, cells: Sequence[str]) -> pd.DataFrame:
    """Records that may lie in some cells, newest first.

    A gps or landmark record belongs to the cell of its point; a desa-level record to the cells
    of its desa; coarser records belong to no cell.
    """
    if not len(events):
        return events
    desa = set(table.loc[table["cell"].isin(cells), "desa_code"].dropna()) - {""}
    by_point = events["cell"].isin(cells) if "cell" in events else False
    by_desa = (events["geo_precision"] == "desa") & events["admin_code"].isin(desa)
    here = events[(by_point | by_desa) & (events["record_status"] != "withdrawn")]
    return here.sort_values("event_start", ascending=False)


def weekly(
    history: pd.DataFrame, effort: pd.DataFrame, cutoff: pd.Timestamp, weeks: int = 52
) -> pd.DataFrame:
    """Events and effort hours per week, every week a row, newest last."""
    last = cutoff - pd.Timedelta(days=cutoff.day_of_week)
    every = pd.date_range(end=last, periods=weeks, freq="7D", name="week")
    events = history.groupby("week")["weight"].sum().reindex(every).fillna(0.0)
    hours = effort.groupby("week")["minutes"].sum().reindex(every).fillna(0.0) / 60
    return pd.DataFrame({"events": events, "hours": hours}).reset_index()


def lead(scores: pd.DataFrame, mine: str, rival: str) -> tuple[float, float, float]:
    """By how much one model gains on another, period by period: mean, low and high end (80 %)."""
    measure = "ig_corrected" if "ig_corrected" in scores else "ig"
    table = scores.pivot_table(index="period_start", columns="model", values=measure, observed=True)
    ahead = (table[mine] - table[rival]).dropna()
    first = scores[scores["model"] == mine].set_index("period_start")["n_events"]
    weight = first.reindex(ahead.index).fillna(1.0)
    weight = weight / weight.sum()
    mean = float((ahead * weight).sum())
    spread = float(np.sqrt((weight**2 * (ahead - mean) ** 2).sum())) * 1.2816
    return mean, mean - spread, mean + spread


def verdict(meta: Mapping, horizon: int) -> dict:
    """What the tests of one horizon say: best simple rival, and whether the map fell back to it."""
    told = ((meta.get("method") or {}).get("horizons") or {}).get(str(horizon), {})
    return {key: told[key] for key in ("best_baseline", "fallback") if key in told}


def chance(expected: float) -> float:
    """Chance of at least one event when so many are expected."""
    return float(1 - np.exp(-expected))


def compare_models(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores per model over all test periods, weighted by events, the best first.

    Returns
    -------
    DataFrame indexed by model with ig (corrected for the chance of being recorded where the
        scores hold that), ig_lo, ig_hi (80 % over periods), hit01 .. hit10 (share
        of events caught), pai05, pei05, expected and observed (sums), periods
    """
    measure = "ig_corrected" if "ig_corrected" in scores else "ig"
    parts = {}
    for model, part in scores.groupby("model", observed=True):
        weight = part["n_events"].fillna(1).to_numpy(float)
        weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(part), 1 / len(part))
        ig = part[measure].to_numpy(float)
        mean = float(np.nansum(ig * weight))
        spread = float(np.sqrt(np.nansum(weight**2 * (ig - mean) ** 2))) * 1.2816
        row = {"ig": mean, "ig_lo": mean - spread, "ig_hi": mean + spread}
        for name in ("hit01", "hit02", "hit05", "hit10", "pai05", "pei05"):
            row[name] = float(np.nansum(part[name].to_numpy(float) * weight))
        row |= {name: part[name].sum(min_count=1) for name in ("expected", "observed")}
        parts[model] = {**row, "periods": len(part), "n_events": part["n_events"].sum(min_count=1)}
    table = pd.DataFrame.from_dict(parts, orient="index").rename_axis("model")
    return table.sort_values("ig", ascending=False, kind="stable")
