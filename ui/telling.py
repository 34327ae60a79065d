"""What is said of a cell or sector, in words: change, reasons, directions; no Streamlit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ui import scene
from ui.words import NOTHING, expected, has, number, percent, t


def change(risk: float, previous: float, lang: str) -> str:
    """How an expected number moved since last week."""
    if not previous or pd.isna(previous) or abs(risk / previous - 1) < 0.03:
        return t("detail.same", lang)
    key = "detail.rise" if risk > previous else "detail.fall"
    moved = number(abs(risk / previous - 1) * 100, lang)
    return t(key, lang, previous=expected(previous, lang), percent=moved)


def watched(share: float) -> str:
    """Which word a sector earns by the share of its cells that were observed."""
    if share == 0:
        return "never"
    return "seldom" if share < scene.SELDOM else "watched_ok"


def reason_words(key: str, value: float | None, lang: str) -> str:
    """A reason with its number, or only named where there is none; unknown ones show their key."""
    if pd.notna(value) and has(f"reason.{key}"):
        decimals = 0 if value >= 10 or value == round(value) else 1
        return t(f"reason.{key}", lang, value=number(value, lang, decimals))
    return t(f"reason_name.{key}", lang) if has(f"reason_name.{key}") else key


def reasons(table: pd.DataFrame, part: pd.DataFrame, horizon: int, most: int = 5) -> pd.DataFrame:
    """Reasons of some cells together: log of the factor, weighted by risk, strongest first.

    Parameters
    ----------
    table : DataFrame with cell, horizon_weeks, reason, contribution, value
    part : the cells, with cell and risk; the number told is that of the riskiest one

    Returns
    -------
    DataFrame indexed by reason with log and value
    """
    mine = table[table["cell"].isin(part["cell"]) & (table["horizon_weeks"] == horizon)]
    if mine.empty:
        return pd.DataFrame(columns=["log", "value"])
    weight = part.set_index("cell")["risk"].reindex(mine["cell"].astype("str")).to_numpy()
    order = np.argsort(-weight, kind="stable")
    mine, weight = mine.iloc[order], weight[order]
    mine = mine.assign(weight=weight, push=mine["contribution"].astype(float) * weight)
    sums = mine.groupby("reason", observed=True).agg(
        push=("push", "sum"), weight=("weight", "sum"), value=("value", "first")
    )
    sums["log"] = sums["push"] / sums["weight"].replace(0, np.nan)
    return sums.sort_values("log", key=lambda column: -column.abs()).head(most)[["log", "value"]]


def reason_lines(found: pd.DataFrame, lang: str) -> list[str]:
    """One sentence per reason, with the factor by which it raises or lowers the risk."""
    lines = []
    for key, row in found.iterrows():
        factor = float(np.exp(row["log"]))
        arrow = "▲" if factor >= 1 else "▼"
        told = number(factor, lang, 1 if factor >= 1 else 2)
        words = reason_words(str(key), row["value"], lang)
        lines.append(t("detail.factor", lang, arrow=arrow, factor=told, reason=words))
    return lines


def direction(outbound: float | None, inbound: float | None, lang: str) -> str:
    """Which way most of the expected events go; "" where the assessment does not say."""
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


def contests(rows: pd.DataFrame, lang: str) -> list[str]:
    """What analysts said, one short sentence each, for a list, a paper or a device."""
    return [
        t("contest.short", lang, value=contest_value(row.value, lang),
          reason=row.reason or NOTHING)
        for row in rows.itertuples()
    ]  # fmt: skip


def unit(quantity, lang: str) -> str:
    """The unit of a quantity, with a space in front; none for levels."""
    return "" if quantity.levels else " " + t(quantity.unit, lang)


def quantity_text(quantity, row: Mapping, lang: str) -> str:
    """The value of a quantity in one cell, as the tooltip says it."""
    value = row[quantity.column]
    if quantity.levels:
        trend = row.get("trend", "")
        return t(f"trend.{trend}", lang) if has(f"trend.{trend}") else t("trend.none", lang)
    if quantity.key == "risk":
        return expected(value, lang)
    return number(value, lang, quantity.decimals)
