"""What a team takes along: its week of orders on A4, map first, one sheet or two per team.

Pure: frames as `patrol.seen` gives them in, PDF out.
"""

from collections.abc import Mapping
from typing import Any

import h3
import numpy as np
import pandas as pd

from ui import theme
from ui.map import meridian, picture, plan_scene
from ui.paper import plan_files
from ui.paper.sheet import WIDTH, Paper
from ui.rows import each_row
from ui.theme import LIGHT, Colour
from ui.words import moment, number, short_date, t

MAP_SIZE = (WIDTH, 195.0)
HEADS = ("day", "out", "there", "where", "stay", "what")
#: share of the width of each column
SHARES = (0.11, 0.20, 0.14, 0.25, 0.10, 0.20)


def make_pdf(
    orders: pd.DataFrame, sectors: pd.DataFrame, meta: Mapping[str, Any],
    layers: Mapping[str, bytes], lang: str, wrong: pd.DataFrame,
) -> bytes:  # fmt: skip
    """The orders of each team on pages of their own.

    Parameters
    ----------
    orders : one row per stop
    sectors : of the plan
    meta : with `budget` where the reader sees the whole plan
    layers : GeoJSON bytes by name, for the maps
    lang : of the words, "id" or "en"
    wrong : where they run against closed days or the over-patrol guard (`order_id`, `kind`)
    """
    first = pd.Timestamp(meta["first_day"])
    week = f"{short_date(first, lang)} – {short_date(first + pd.Timedelta(days=6), lang)}"
    about = {key: str(value) for key, value in plan_files.stamp(meta).items()}
    title = t("plan.paper_title", lang, week=week)
    paper = Paper(title, title, lang, bool(meta.get("synthetic")), about)
    for team, part in orders.groupby("team_id", sort=True):
        paper.begin()
        _team(paper, str(team), part, sectors, meta, layers, week, wrong)
        paper.end()
    return paper.content()


def _team(
    paper: Paper, team: str, orders: pd.DataFrame, sectors: pd.DataFrame, meta: Mapping[str, Any],
    layers: Mapping[str, bytes], week: str, wrong: pd.DataFrame,
) -> None:  # fmt: skip
    lang, first = paper.lang, orders.iloc[0]
    paper.words(t("plan.paper_team", lang, team=team), 17, bold=True, role="H1")
    mode = t(f"mode.{first['mode']}", lang)
    paper.words(f"{week} · {first['post']} · {mode}", 10, colour=LIGHT.muted)
    paper.gap(3)
    paper.words(signed_line(meta, lang), 10.5, bold=meta["status"] != "signed")
    parts = plan_scene.shifts(orders)
    nights = sum(bool(part["night"].iloc[0]) for part in parts)
    facts = {
        "shifts": number(len(parts), lang),
        "nights": number(nights, lang),
        "stay": plan_scene.hours(orders["stay_minutes"].sum(), lang),
    }
    paper.words(t("plan.paper_facts", lang, **facts), 9.5)
    if meta.get("budget"):
        paper.words(plan_scene.budget_line(meta["budget"], lang), 9.5)
    paper.gap(6)
    drawn, legend, scale = draw(orders, sectors, layers, lang)
    paper.map(drawn, legend, scale, t("plan.paper_map", lang))
    paper.row([t(f"plan.col_{name}", lang) for name in HEADS], SHARES, bold=True)
    for part in parts:
        _shift(paper, part, sectors, wrong[wrong["order_id"] == part["order_id"].iloc[0]])
    paper.gap(6)
    for key in ("plan.paper_use", "plan.paper_back"):
        paper.words(t(key, lang), 8.5, colour=LIGHT.muted)
    paper.signatures([t("plan.paper_leader", lang), t("brief.approved", lang)])


def _shift(paper: Paper, part: pd.DataFrame, sectors: pd.DataFrame, wrong: pd.DataFrame) -> None:
    lang, first = paper.lang, part.iloc[0]
    paper.room(60)
    clock = plan_scene.clock
    visits = plan_scene.stops(part, sectors, lang, short=True)
    for k, stop in enumerate(visits):
        out = f"{clock(first['start'], lang)}–{clock(plan_scene.end_of(part), lang)}"
        if first["night"]:
            out += f" ({t('plan.night', lang)})"
        day = plan_scene.day_date(first["start"], lang)
        head = (day, out) if k == 0 else ("", "")
        paper.row([*head, stop["when"], stop["place"], stop["stay"], stop["action"]], SHARES)
        lines = [*stop["lines"], *(plan_scene.why(part, lang) if k == len(visits) - 1 else [])]
        paper.words(" ".join(lines), 7.8, colour=LIGHT.muted, x=WIDTH * SHARES[0], role="TD")
    for kind in wrong["kind"].unique():
        paper.words(
            t(f"plan.breach_{kind}_short", lang), 8.5, bold=True, x=WIDTH * SHARES[0], role="TD"
        )
    paper.rule()


def signed_line(meta: Mapping[str, Any], lang: str) -> str:
    """In what state a plan is, and by whom it was brought there."""
    values = {"by": meta["by"], "when": moment(meta["at"], lang), "version": meta["version"]}
    return t(f"plan.line_{meta['status']}", lang, **values)


def draw(
    orders: pd.DataFrame, sectors: pd.DataFrame, layers: Mapping[str, bytes], lang: str
) -> tuple[picture.Picture, list[tuple[Colour, str]], tuple[int, float]]:
    """The ways of some orders and the sectors they visit: (picture, legend, scale).

    Parameters
    ----------
    orders : one row per stop
    sectors : of the plan
    layers : GeoJSON bytes by name
    lang : of the words, "id" or "en"
    """
    minutes = orders.groupby("sector")["stay_minutes"].sum()
    mine = sectors[sectors["sector"].isin(minutes.index)]
    lines = [line for _, _, line in plan_scene.routes(orders)]
    edges = [corner for sector in mine["sector"] for corner in meridian.ring_of(sector)]
    points = np.array([(y, x) for x, y in [*(p for line in lines for p in line), *edges]])
    frame = picture.Frame.around(
        pd.Series(points[:, 0]), pd.Series(points[:, 1]), *MAP_SIZE, air=0.08
    )
    quantity = theme.PLAN_QUANTITIES["planned"]
    ramp, breaks = theme.ramp(quantity, dark=False), theme.PLAN_BREAKS["planned"]
    cells = pd.DataFrame(
        {"cell": mine["sector"], "lat": mine["lat"], "lon": mine["lon"], "observed": True}
    )
    classes = theme.classify(mine["sector"].map(minutes), breaks)
    drawn = picture.draw_map(cells, classes, ramp, frame, layers, [("", [s]) for s in mine.sector])
    ways = [frame.ring(line) for line in lines if len(line) > 1]
    drawn.lines(ways, LIGHT.halo, 2.6)
    drawn.lines(ways, LIGHT.patrol, 1.4)
    days = _day_labels(orders, lang)
    sector_codes = mine["sector_code"] if "sector_code" in mine else [""] * len(mine)
    codes = dict(zip(mine["sector"], sector_codes, strict=True))
    for row in each_row(mine):
        middle = h3.cell_to_latlng(row.sector)
        at = tuple(frame.put([middle[1]], [middle[0]])[0].tolist())
        code = codes.get(row.sector, "")
        if code:
            drawn.text((at[0], at[1] - 5), code, 8.5, LIGHT.ink, LIGHT.halo)
        under = (at[0], at[1] + 5) if code else at
        drawn.text(under, days[row.sector], 8.5, LIGHT.ink, LIGHT.halo)
    legend = [(ramp[place], t(f"plan.minutes_{place}", lang)) for place in sorted({*classes} - {0})]
    return drawn, legend, picture.scale_km(frame)


def _day_labels(orders: pd.DataFrame, lang: str) -> dict[str, str]:
    """On which days a sector is visited, in words short enough for a map."""
    labels: dict[str, list[int]] = {}
    for row in each_row(orders.sort_values("start")):
        labels.setdefault(row.sector, []).append(pd.Timestamp(row.start).day_of_week)
    return {
        sector: ", ".join(plan_scene.day_name(day, lang) for day in dict.fromkeys(days))
        for sector, days in labels.items()
    }
