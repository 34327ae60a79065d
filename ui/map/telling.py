"""What is said of a cell or sector, in words: change, reasons, directions; no Streamlit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ui.map.history import quarter_told
from ui.map.scene import Scene, Total
from ui.rows import each_row
from ui.sums import Sum
from ui.theme import Quantity, class_key
from ui.words import NOTHING, expected, has, number, percent, signed, t, weeks
from ui.words.names import Row

#: reasons whose number of a sector is the sum over its cells, or that of the nearest cell; the
#: number of any other reason is that of the riskiest cell
SUMMED = frozenset({"recent_here", "past_here", "patrol"})
NEAREST = frozenset({"border", "village", "town", "post"})
#: reasons that count records, shared out by the precision of their place
RECORDS = frozenset({"recent_here", "past_here", "recent_near", "past_near"})
#: a smoothed number, told whole
ROUGH = frozenset({"region"})


def change(risk: float, previous: float, lang: str) -> str:
    """How an expected number moved since last week.

    Parameters
    ----------
    risk : expected events now
    previous : the same a week ago
    lang : of the words, "id" or "en"
    """
    if not previous or pd.isna(previous) or abs(risk / previous - 1) < 0.03:
        return t("detail.same", lang)
    key = "detail.rise" if risk > previous else "detail.fall"
    moved = number(abs(risk / previous - 1) * 100, lang)
    return t(key, lang, previous=expected(previous, lang), percent=moved)


def total(sums: Total, lang: str) -> tuple[str, str]:
    """What stands beside an expected total: its interval, and the change since last week.

    sums : of what is chosen
    """
    lo, hi = (expected(end, lang) for end in (sums.lo, sums.hi))
    moved = signed(sums.risk - sums.previous, lang)
    return t("fact.interval", lang, lo=lo, hi=hi), t("fact.change", lang, value=moved)


def empty(drawn: Scene, horizon: int, lang: str) -> str:
    """Why a page has no sector: hardly anything is expected, or no cell fits into the coverage.

    drawn : what is shown
    horizon : weeks ahead
    lang : of the words
    """
    if (drawn.table["risk"] >= max(drawn.least_expected, 1e-12)).any():
        return t("list.empty", lang)
    return t("list.nothing", lang, n=expected(drawn.total.risk, lang),
             weeks=weeks(drawn.meta, horizon, lang),
             least=number(drawn.least_expected, lang, _decimals(drawn.least_expected)))  # fmt: skip


def class_label(
    quantity: Quantity, place: int, breaks: Sequence[float], lang: str
) -> tuple[str, str]:
    """Name of a class, and between which numbers it lies ("" for levels, which are named only).

    Parameters
    ----------
    quantity : what is shown
    place : of the class, from 0 on
    breaks : limits between the classes
    lang : of the words, "id" or "en"
    """
    name = t(f"class.{class_key(quantity, place)}", lang)
    if quantity.levels:
        return name, ""
    limits = [limit(one, lang, quantity.two_sided) for one in breaks]
    if place == 0:
        return name, t("legend.below", lang, value=limits[0])
    if place == len(breaks):
        return name, t("legend.from", lang, value=limits[-1])
    return name, t("legend.between", lang, lo=limits[place - 1], hi=limits[place])


def class_unit(quantity: Quantity, lang: str) -> str:
    """The unit in which class limits are told; "" for levels."""
    if quantity.levels:
        return ""
    unit = t(quantity.unit, lang)
    return unit if quantity.key == "rate" else t("legend.per_cell", lang, unit=unit)


def limit(value: float, lang: str, signed_: bool = False) -> str:
    """A class limit as it was rounded, however small: two limits must not read the same.

    Parameters
    ----------
    value : the limit
    lang : of the words, "id" or "en"
    signed_ : whether it says which side of zero it lies on
    """
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed_ else ""
    return sign + number(abs(value), lang, _decimals(abs(value)))


def _decimals(value: float) -> int:
    """How many decimals tell a setting as it was given."""
    return len(f"{value:.8f}".rstrip("0").partition(".")[2])


def watched(row: Row, lang: str) -> str:
    """How well a sector was watched: the word of `scene.watched`, with what it was made from."""
    word = t(f"list.{row['watched']}", lang)
    if row["watched"] == "never":
        return word
    seen = round(row["observed_share"] * row["cells"])
    cells = t("list.watched_cells", lang, word=word, seen=number(seen, lang),
             cells=number(row["cells"], lang))  # fmt: skip
    if pd.isna(row["hours_12w"]):
        return cells
    return t("list.watched_hours", lang, told=cells, hours=number(row["hours_12w"], lang))


def reason_words(key: str, value: float | None, lang: str) -> str:
    """A reason with its number, or only named where there is none; unknown ones show their key.

    Parameters
    ----------
    key : of the reason
    value : its number, None where there is none
    lang : of the words, "id" or "en"
    """
    if pd.notna(value) and has(f"reason.{key}"):
        decimals = 0 if value >= 10 or value == round(value) or key in ROUGH else 1
        figure = number(value, lang, decimals)
        if decimals and value < 0.05:
            figure = "< " + number(0.1, lang, 1)
        return t(f"reason.{key}", lang, value=figure)
    return t(f"reason_name.{key}", lang) if has(f"reason_name.{key}") else key


def reasons(table: pd.DataFrame, part: pd.DataFrame, horizon: int, most: int = 5) -> pd.DataFrame:
    """Reasons of some cells together: log of the factor, weighted by risk, strongest first.

    Parameters
    ----------
    table : DataFrame with cell, horizon_weeks, reason, contribution, value
    part : the cells, with cell and risk
    horizon : weeks ahead
    most : reasons that are given

    Returns
    -------
    DataFrame indexed by reason with log and value: summed over the cells for reasons in SUMMED
        (missing where it is missing in one), the least for those in NEAREST, else that of the
        riskiest cell
    """
    mine = table[table["cell"].isin(part["cell"]) & (table["horizon_weeks"] == horizon)]
    if mine.empty:
        return pd.DataFrame(columns=["log", "value"])
    weight = part.set_index("cell")["risk"].reindex(mine["cell"].astype("str")).to_numpy()
    order = np.argsort(-weight, kind="stable")
    mine, weight = mine.iloc[order], weight[order]
    mine = mine.assign(
        reason=mine["reason"].astype(str), weight=weight,
        push=mine["contribution"].astype(float) * weight, value=mine["value"].astype(float),
    )  # fmt: skip
    by = mine.groupby("reason")
    sums = by.agg(push=("push", "sum"), weight=("weight", "sum"), value=("value", "first"))
    sums.loc[sums.index.isin(SUMMED), "value"] = by["value"].sum()
    sums.loc[sums.index.isin(NEAREST), "value"] = by["value"].min()
    sums.loc[mine["value"].isna().groupby(mine["reason"]).any(), "value"] = np.nan
    sums["log"] = sums["push"] / sums["weight"].replace(0, np.nan)
    return sums.sort_values("log", key=lambda column: -column.abs()).head(most)[["log", "value"]]


def reason_lines(found: pd.DataFrame, lang: str, cells: int = 1) -> list[str]:
    """One sentence per reason, with the factor by which it raises or lowers the risk.

    Parameters
    ----------
    found : from `reasons`
    lang : of the words, "id" or "en"
    cells : of how many cells; of more than one it is said which cell a number is of
    """
    lines = []
    for key, row in found.iterrows():
        factor = float(np.exp(row["log"]))
        arrow = "▲" if factor >= 1 else "▼"
        figure = number(factor, lang, 1 if factor >= 1 else 2)
        words = reason_words(str(key), row["value"], lang)
        if cells > 1 and pd.notna(row["value"]) and key not in SUMMED:
            whose = "nearest" if key in NEAREST else "highest"
            words = t(f"reason_of.{whose}", lang, reason=words)
        lines.append(t("detail.factor", lang, arrow=arrow, factor=figure, reason=words))
    return lines


def has_fraction(found: pd.DataFrame) -> bool:
    """Whether a number of records among the reasons is told with a fraction."""
    values = found.loc[found.index.isin(RECORDS), "value"].dropna()
    return bool(((values < 10) & (values != values.round())).any())


def direction(outbound: float | None, inbound: float | None, lang: str) -> str:
    """Which way most of the expected events go; "" where the assessment does not say.

    Parameters
    ----------
    outbound, inbound : expected events of each way; None where not told
    lang : of the words, "id" or "en"
    """
    if outbound is None or inbound is None or not outbound + inbound > 0:
        return ""
    share = outbound / (outbound + inbound)
    name = "outbound" if share >= 0.5 else "inbound"
    return t(f"direction.{name}", lang, share=percent(max(share, 1 - share), lang))


def model_name(model: str, lang: str) -> str:
    """What a model is called in words; an unknown one keeps its code."""
    return t(f"model.{model}", lang) if has(f"model.{model}") else model


def contest_value(value: str, lang: str) -> str:
    """What an analyst says of a score: a class of the map, or that it is doubted."""
    return t("contest.doubted", lang) if value == "doubted" else t(f"class.{value}", lang)


def recorded(history: pd.DataFrame, now: Sum, before: Sum, lang: str) -> tuple[str, str, str, str]:
    """The card of recorded events: title, figure, remark and help.

    Parameters
    ----------
    history : rows by week, or by whole quarter for the shared tiers
    now, before : from `history.spans`
    lang : of the words, "id" or "en"
    """
    quarter = quarter_told(history)
    figures = [one.say(lang) for one in (now, before)]
    unit_ = "" if now.unknown else f" {t('unit.events', lang)}"
    if quarter is None:
        remark = t("fact.records_before", lang, n=figures[1])
        return t("fact.records", lang), figures[0] + unit_, remark, t("fact.records_help", lang)
    title = t("fact.quarter", lang, quarter=quarter) if quarter else t("fact.quarter_none", lang)
    remark = t("fact.quarter_before", lang, n=figures[1])
    return title, figures[0] + unit_, remark, t("fact.quarter_help", lang)


def contests(said: pd.DataFrame, lang: str) -> list[str]:
    """What analysts said, one short sentence each, for a list, a paper or a device."""
    return [
        t("contest.short", lang, value=contest_value(row.value, lang),
          reason=row.reason or NOTHING)
        for row in each_row(said)
    ]  # fmt: skip


def unit(quantity: Quantity, lang: str) -> str:
    """The unit of a quantity, with a space in front; none for levels."""
    return "" if quantity.levels else " " + t(quantity.unit, lang)


def quantity_text(quantity: Quantity, row: Mapping[str, Any], lang: str) -> str:
    """The value of a quantity in one cell, as the tooltip says it.

    Parameters
    ----------
    quantity : what is shown
    row : of the cells, by column
    lang : of the words, "id" or "en"
    """
    value = row[quantity.column]
    if quantity.levels:
        trend = row.get("trend", "")
        return t(f"trend.{trend}", lang) if has(f"trend.{trend}") else t("trend.none", lang)
    if quantity.key == "risk":
        return expected(value, lang)
    return number(value, lang, quantity.decimals)
