"""A week of orders in words: timetable, why there, what was heeded; no Streamlit.

Frames come as `patrol.seen` gives them; nothing here decides what may be seen.
"""

from collections.abc import Collection, Mapping
from typing import Any

import h3
import pandas as pd

from ui.map import meridian
from ui.words import date, expected, names, number, percent, t, with_sign

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: a day whose every bit is set is open all week
ALL_DAYS = 127
#: from this chance on a sector is in every plan
SURE = 0.999


def clock(when: pd.Timestamp, lang: str) -> str:
    """06.15 (English: 06:15) of a local moment."""
    time = pd.Timestamp(when)
    return time.strftime("%H.%M" if lang == "id" else "%H:%M")


def day_name(place: int, lang: str) -> str:
    """Short name of a weekday, 0 Monday."""
    return t(f"day.{DAYS[place % 7]}", lang)


def day_date(when: pd.Timestamp, lang: str) -> str:
    """Sen 30 Nov: a local day without its year."""
    day = pd.Timestamp(when)
    return f"{day_name(day.day_of_week, lang)} {date(day, lang).rsplit(' ', 1)[0]}"


def hours(minutes: float, lang: str) -> str:
    """2 j 30 m (English: 2 h 30 m)."""
    whole = round(float(minutes))
    parts = [f"{whole // 60} {t('plan.h', lang)}"] if whole >= 60 else []
    if whole % 60 or not parts:
        parts.append(f"{whole % 60} m")
    return " ".join(parts)


def place(row: names.Row, lang: str) -> str:
    """What a sector is called: code, village and side."""
    return names.full(row, lang)


def shifts(orders: pd.DataFrame) -> list[pd.DataFrame]:
    """The stops of each shift in their order, shifts by team and start."""
    table = orders.sort_values(["team_id", "start", "order_id", "seq"])
    return [part for _, part in table.groupby("order_id", sort=False)]


def end_of(part: pd.DataFrame) -> pd.Timestamp:
    """When a shift is back; of one that is seen in part, when its last seen stop ends."""
    back = part["back"].dropna()
    return back.iloc[-1] if len(back) else part["leave"].iloc[-1]


def shift_head(part: pd.DataFrame, lang: str) -> str:
    """UJI-1, Sen 30 Nov 06.15."""
    first = part.iloc[0]
    when = f"{day_date(first['start'], lang)} {clock(first['start'], lang)}"
    return f"{first['team_id']}, {when}"


def shift_name(part: pd.DataFrame, lang: str) -> str:
    """UJI-1, Sen 30 Nov 06.15 · Siding › Jagoi."""
    return f"{shift_head(part, lang)} · " + _places(part)


def timetable(
    parts: list[pd.DataFrame], first_day: str, lang: str, contested: Collection[str] = ()
) -> tuple[pd.DataFrame, list[list[str]]]:
    """Teams by days in words, and the order of each field ("" where a team rests).

    Parameters
    ----------
    parts : as `shifts` gives them
    first_day : of the week, as text
    lang : of the words, "id" or "en"
    contested : sectors in which somebody contests a score

    Returns
    -------
    table : one row per team: its id, then seven columns headed by the day
    ids : list of seven order ids per team
    """
    first = pd.Timestamp(first_day)
    heads = [day_date(first + pd.Timedelta(days=k), lang) for k in range(7)]
    rows: list[list[str]] = []
    ids: list[list[str]] = []
    by_team: dict[str, list[pd.DataFrame]] = {}
    for part in parts:
        by_team.setdefault(str(part["team_id"].iloc[0]), []).append(part)
    for team, own_parts in by_team.items():
        words, own = [""] * 7, [""] * 7
        for part in own_parts:
            day = (part["start"].iloc[0].normalize() - first).days
            if 0 <= day < 7:
                words[day] = "\n".join(filter(None, (words[day], _field(part, lang, contested))))
                own[day] = own[day] or str(part["order_id"].iloc[0])
        rows.append([team, *words])
        ids.append(own)
    return pd.DataFrame(rows, columns=[t("plan.team", lang), *heads]), ids


def _field(part: pd.DataFrame, lang: str, contested: Collection[str]) -> str:
    first = part.iloc[0]
    marks = ("☾ " if first["night"] else "") + ("◇ " if part["explore"].any() else "")
    marks += "⚑ " if part["sector"].isin(list(contested)).any() else ""
    when = f"{clock(first['start'], lang)}–{clock(end_of(part), lang)}"
    return f"{marks}{when}\n{_places(part)}"


def _places(part: pd.DataFrame) -> str:
    """Where a shift goes; a village that comes twice in a row is named once."""
    names = [str(name or sector) for name, sector in zip(part["name"], part["sector"], strict=True)]
    return " › ".join(name for k, name in enumerate(names) if not k or name != names[k - 1])


def stops(
    part: pd.DataFrame, sectors: pd.DataFrame, lang: str, short: bool = False
) -> list[dict[str, Any]]:
    """Each stop of a shift: when, where, how long, what to do; and the lines about it: the rule
    behind the action, the sector, an hour more, the rest of the menu, closed days, the note.

    Parameters
    ----------
    part : the stops of one shift
    sectors : of the plan
    lang : of the words, "id" or "en"
    short : without the hour and the menu
    """
    known = sectors.set_index("sector")
    rows = []
    for _, row in part.iterrows():
        sector = (
            known.loc[row["sector"]] if row["sector"] in known.index else pd.Series(dtype=object)
        )
        lines = [
            rule(sector, row["action"], lang),
            about_sector(sector, lang) if len(sector) else "",
        ]
        if not short and pd.notna(sector.get("next_hour")):
            lines.append(t("plan.next_hour", lang, value=expected(sector["next_hour"], lang)))
        if not short and (menu := others(sector, lang)):
            lines.append(t("plan.others", lang, actions=menu))
        if len(sector) and (days := closed_days(sector, lang)):
            lines.append(t("plan.closed_on", lang, days=days))
        if isinstance(row.get("note"), str):
            lines.append(row["note"])
        rows.append(
            {
                "when": f"{clock(row['arrive'], lang)}–{clock(row['leave'], lang)}",
                "place": place(row, lang),
                "stay": hours(row["stay_minutes"], lang),
                "action": action(row["action"], lang),
                "lines": [one for one in lines if one],
            }
        )
    return rows


def pack_rows(orders: pd.DataFrame, sectors: pd.DataFrame, lang: str) -> list[list[str]]:
    """One row per stop: team, day, out and back, when there, where, how long, what to do.

    Parameters
    ----------
    orders : one row per stop
    sectors : of the plan
    lang : of the words, "id" or "en"
    """
    rows = []
    for part in shifts(orders):
        first = part.iloc[0]
        out = f"{clock(first['start'], lang)}–{clock(end_of(part), lang)}"
        day = day_date(first["start"], lang)
        for stop in stops(part, sectors, lang):
            rows.append(
                [str(first["team_id"]), day, out, stop["when"], stop["place"], stop["stay"],
                 stop["action"]]
            )  # fmt: skip
    return rows


def action(code: str, lang: str) -> str:
    """An action in words."""
    return t(f"action.{code}", lang)


def rule(sector: pd.Series, chosen: str, lang: str) -> str:
    """Why this action is suggested; that a person chose another one.

    Parameters
    ----------
    sector : a row of the plan's sectors
    chosen : code of the action that is ordered
    lang : of the words, "id" or "en"
    """
    suggested = sector.get("action")
    if suggested is None:
        return ""
    if suggested != chosen:
        return t("plan.rule_overruled", lang, action=action(suggested, lang))
    return t(f"rule.{chosen}", lang)


def others(sector: pd.Series, lang: str) -> str:
    """The other actions on the menu of a sector."""
    codes = [one for one in str(sector.get("other_actions") or "").split(", ") if one]
    return ", ".join(action(code, lang) for code in codes)


def about_sector(sector: pd.Series, lang: str) -> str:
    """Risk with its interval, last visit, chance."""
    since = sector["weeks_since_visit"]
    seen = (
        t("plan.never_seen", lang)
        if pd.isna(since)
        else t("plan.seen_ago", lang, n=number(since, lang))
        if since >= 1
        else t("plan.seen_now", lang)
    )
    return t(
        "plan.about_sector", lang, risk=expected(sector["risk"], lang),
        lo=expected(sector["lo"], lang), hi=expected(sector["hi"], lang), seen=seen,
        chance=chance(sector["chance"], lang),
    )  # fmt: skip


def chance(share: float, lang: str) -> str:
    """A chance of a visit in percent; what is in every plan is 100."""
    return percent(1.0 if share >= SURE else share, lang)


def closed_days(sector: pd.Series, lang: str) -> str:
    """Days on which a sector is left alone, with the reason; "" if there is none."""
    days = int(sector["open_days"])
    if days == ALL_DAYS:
        return ""
    names = ", ".join(day_name(k, lang) for k in range(7) if not days >> k & 1)
    reason = str(sector.get("closed_reason") or "")
    return f"{names} ({reason})" if reason else names


def why(part: pd.DataFrame, lang: str) -> list[str]:
    """What a shift brings, what it gives up elsewhere, and that it is there to look."""
    first = part.iloc[0]
    lines = []
    if "shift_value" in part and pd.notna(first["shift_value"]):
        lines.append(t("plan.why_value", lang, value=expected(first["shift_value"], lang)))
    if part["explore"].any():
        lines.append(t("plan.why_explore", lang))
    if "elsewhere_value" in part and pd.notna(first["elsewhere_value"]):
        away = expected(first["elsewhere_value"], lang)
        if first["elsewhere_value"] > 0 and first.get("elsewhere_name"):
            lines.append(t("plan.why_elsewhere", lang, place=first["elsewhere_name"], value=away))
        elif first["elsewhere_value"] > 0:
            lines.append(t("plan.why_elsewhere_unnamed", lang, value=away))
        else:
            lines.append(t("plan.why_nowhere", lang))
    most = part["chance"].max()
    values = {} if most >= SURE else {"chance": chance(most, lang)}
    lines.append(t("plan.why_chance" if values else "plan.why_always", lang, **values))
    return lines


def worth(meta: Mapping[str, Any], sectors: pd.DataFrame, whole: bool) -> dict[str, float] | None:
    """Expected events met with lower and upper end: of the plan, or of the sectors seen.

    Parameters
    ----------
    meta : of the plan
    sectors : those that are seen, with met, met_lo, met_hi
    whole : whether the reader sees all of the plan
    """
    names = ("met", "met_lo", "met_hi")
    if whole:
        values = {name: float(meta[name]) for name in names if meta.get(name) is not None}
        return values if len(values) == len(names) else None
    if sectors.empty or not set(names) <= set(sectors):
        return None
    return {name: float(sectors[name].sum()) for name in names}


def budget_table(budget: list[Mapping[str, Any]], lang: str) -> pd.DataFrame:
    """From the bound on every plan to this plan, a row per step, the plan itself last.

    budget : step, change and value of each, as `risk.plan.budget` makes them
    """
    rows = [
        (
            t(f"plan.budget_{row['step']}", lang),
            _change(budget, k, lang) if k else "",
            number(row["value"], lang, 2),
            share_words(row["value"], budget, lang),
        )
        for k, row in enumerate(budget)
    ]
    last = budget[-1]["value"]
    rows.append(
        (t("plan.budget_this", lang), "", number(last, lang, 2), share_words(last, budget, lang))
    )
    heads = [t(f"plan.budget_{name}", lang) for name in ("step", "change", "value", "share")]
    return pd.DataFrame(rows, columns=heads)


def budget_line(budget: list[Mapping[str, Any]], lang: str) -> str:
    """The same as one sentence, for a paper."""
    steps = [f"{_step(row, lang)} {_change(budget, k, lang)}" for k, row in enumerate(budget) if k]
    last = budget[-1]["value"]
    return t(
        "plan.paper_worth", lang, bound=number(budget[0]["value"], lang, 2),
        steps=", ".join(steps), value=number(last, lang, 2),
        share=share_words(last, budget, lang),
    )  # fmt: skip


def _change(budget: list[Mapping[str, Any]], place: int, lang: str) -> str:
    """The change of a step between the levels as they are shown, so that what is read adds up."""
    before, after = (round(budget[k]["value"], 2) for k in (place - 1, place))
    return signed(after - before, lang)


def _step(row: Mapping[str, Any], lang: str) -> str:
    return t(f"plan.short_{row['step']}", lang)


def share_words(value: float, budget: list[Mapping[str, Any]], lang: str) -> str:
    """83,6 %: a worth as a share of the bound.

    Parameters
    ----------
    value : events a week
    budget : of the plan; its first row is the bound
    lang : of the words, "id" or "en"
    """
    bound = budget[0]["value"]
    return with_sign(number(100 * value / bound if bound > 0 else 100.0, lang, 1), lang)


def signed(change: float, lang: str) -> str:
    """+0,42 or −0,42; what rounds to nothing has no sign."""
    if abs(change) < 0.005:
        return number(0.0, lang, 2)
    size = number(abs(change), lang, 2)
    return f"−{size}" if change < 0 else f"+{size}"


def guard_rows(sectors: pd.DataFrame, rules: Mapping[str, Any], lang: str) -> pd.DataFrame:
    """Sectors that are closed on some days, or where the over-patrol guard leaves less than usual
    or is reached: place, what is closed, what is left, what is planned.

    Parameters
    ----------
    sectors : of the plan
    rules : that the plan was made by
    lang : of the words, "id" or "en"
    """
    most = float(rules.get("max_sector_minutes", 0))
    shut = sectors["open_days"] != ALL_DAYS
    tight = sectors["guard_minutes"] < most - 1e-6
    full = sectors["planned_minutes"] >= sectors["guard_minutes"].clip(lower=1) - 1e-6
    guarded = sectors[shut | tight | full].sort_values("planned_minutes", ascending=False)
    return pd.DataFrame(
        {
            t("plan.sector", lang): [place(row, lang) for _, row in guarded.iterrows()],
            t("plan.closed", lang): [
                closed_days(row, lang) or "–" for _, row in guarded.iterrows()
            ],
            t("plan.before", lang): [hours(value, lang) for value in guarded["minutes_3w"]],
            t("plan.guard", lang): [hours(value, lang) for value in guarded["guard_minutes"]],
            t("plan.planned", lang): [hours(value, lang) for value in guarded["planned_minutes"]],
        }
    )


def routes(orders: pd.DataFrame) -> list[tuple[str, str, list[list[float]]]]:
    """(team, order, line of [lon, lat]) of each shift through centres of cells, where the way may
    be seen; else from stop to stop. Longitudes run on across 180."""
    found = []
    for part in shifts(orders):
        line: list[list[float]] = []
        for _, row in part.iterrows():
            way = str(row["way"]).split() if isinstance(row.get("way"), str) else []
            line += [_at(cell) for cell in way[:-1]]
            line.append([round(float(row["lon"]), 5), round(float(row["lat"]), 5)])
        home = part.iloc[-1].get("way_back")
        line += [_at(cell) for cell in (home.split()[1:] if isinstance(home, str) else [])]
        first = part.iloc[0]
        lon = meridian.beside([x for x, _ in line]).round(meridian.MAP).tolist()
        line = [[x, y] for x, (_, y) in zip(lon, line, strict=True)]
        found.append((str(first["team_id"]), str(first["order_id"]), line))
    return found


def _at(cell: str) -> list[float]:
    lat, lon = h3.cell_to_latlng(cell)
    return [round(lon, 5), round(lat, 5)]
