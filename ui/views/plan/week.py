"""The orders of a week: timetable, map, and one order with its reasons."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ui import html, state, theme
from ui.map import deck, plan_layers, plan_scene
from ui.map.ground import POST_ZOOM
from ui.map.transport import SHELF
from ui.selection import Selection
from ui.views.desk import plain_text
from ui.views.handed import OpenedPlan, Planner, Seen
from ui.views.plan import edit, move, unusual
from ui.words import names, number, t, weeks

MAP_HEIGHT = 480
TABLE_HEIGHT = 434
#: text wraps in rows higher than 64 px only
ROW_HEIGHT = 66


def show(desk: Planner, opened: OpenedPlan, seen: Seen, lang: str, look: theme.Palette) -> None:
    """Timetable over the week; below it the map beside the chosen order.

    Parameters
    ----------
    desk : what the viewer may do with plans
    opened : the plan as he may see it
    seen : what he may see of the newest assessment, for the ground
    lang : of the words, "id" or "en"
    look : colours of the page
    """
    orders = opened.orders
    teams = sorted(orders["team_id"].astype(str).unique())
    # seeded at each run, as labels change with an edit and the choice is to stay
    team = st.session_state.get("plan_team", "")
    st.session_state["plan_team"] = team if team in teams else ""
    left, right = st.columns([1, 2.6], gap="small", vertical_alignment="bottom")
    with left:
        team = st.selectbox(
            t("plan.team", lang), ["", *teams], key="plan_team",
            format_func=lambda one: one or t("plan.all_teams", lang),
        )  # fmt: skip
    # approving and signing leave the orders as they are: what was drawn of them is drawn once
    orders_of = opened.meta.get("orders_version", opened.meta["version"])
    mark = f"{opened.meta['plan']}|{orders_of}|{seen.mark}|{lang}"
    contested = unusual.contested_sectors(opened, seen)
    flags = ",".join(sorted(contested))
    table, ids, names, parts = _week(f"{mark}|{team}|{flags}", opened, team, contested, lang)
    order = st.session_state.get("plan_order")
    st.session_state["plan_order"] = order if order in parts else next(iter(parts))
    with right:
        st.selectbox(
            t("plan.order", lang), list(parts), key="plan_order",
            format_func=lambda one: names[one],
            on_change=_picked_order,
        )  # fmt: skip
    part = parts[st.session_state["plan_order"]]
    closed = opened.meta["status"] in ("signed", "withdrawn")
    edits = not closed and desk.may("edit_plan", opened.whole)
    _show_timetable(
        opened.meta, table, ids, f"plan_table_{opened.meta['version']}_{team}",
        part if edits else None, lang,
    )  # fmt: skip
    if edits:
        move.show(desk, opened, lang)
        move.show_undo(desk, opened, lang)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _show_map(opened, seen, part, teams.index(team) if team else -1, mark, lang, look)
    with right:
        _show_order(opened, part, lang, look)
        _show_contested(contested, part, lang)
        if edits:
            _show_adding(opened, part, lang)
        _show_on_map(seen, part, lang)
        if edits:
            edit.show(desk, opened, part, lang)


@st.cache_resource(max_entries=32, show_spinner=False)
def _week(
    choice: str, _told: OpenedPlan, team: str, _contested: Collection[str], lang: str
) -> tuple[pd.DataFrame, list[list[str]], dict[str, str], dict[str, pd.DataFrame]]:
    """Timetable, the order of each field, and name and stops of each order; never changed."""
    orders = _told.orders
    shown = plan_scene.shifts(orders[orders["team_id"] == team] if team else orders)
    table, ids = plan_scene.timetable(shown, _told.meta["first_day"], lang, _contested)
    parts = {str(part["order_id"].iloc[0]): part for part in shown}
    names = {order: plan_scene.shift_name(part, lang) for order, part in parts.items()}
    return table, ids, names, parts


@st.cache_resource(max_entries=32, show_spinner=False)
def _addresses(choice: str, _told: OpenedPlan, lang: str) -> tuple[str, str, str]:
    """Where the browser finds sectors, ways and names of posts."""
    posts = plan_layers.post_points(pd.DataFrame(_told.meta.get("posts") or []))
    return (
        SHELF.put(plan_layers.sector_rows(_told.sectors, lang), choice),
        SHELF.put(plan_layers.route_rows(_told.orders), choice),
        SHELF.put_tiles(posts, POST_ZOOM, choice) if len(posts) else "",
    )


def _picked_order() -> None:
    """An order was chosen by name: the map goes there, and a sector clicked before is let go."""
    st.session_state.pop("plan_sector", None)
    st.session_state["plan_cause"] = "order"


def _camera(opened: OpenedPlan, part: pd.DataFrame, team: int) -> deck.View:
    """Where the map looks: it moves for an order, a team or another plan, never for a click."""
    place = (opened.meta["plan"], team)
    cause = st.session_state.pop("plan_cause", "")
    kept = st.session_state.get("plan_camera", (None, None))
    if cause == "order":
        spots = part
    elif kept[0] != place:
        mine = opened.orders["team_id"] == part["team_id"].iloc[0]
        spots = opened.orders if team < 0 else opened.orders[mine]
    else:
        return kept[1]
    view = deck.View.around(spots["lat"], spots["lon"], 640, MAP_HEIGHT, most=10.2)
    st.session_state["plan_camera"] = (place, view)
    return view


def _show_timetable(
    meta: Mapping[str, Any], table: pd.DataFrame, ids: list[list[str]], key: str,
    moved: pd.DataFrame | None, lang: str,
) -> None:  # fmt: skip
    """The week, or one day of it; a click opens an order, or moves the chosen one.

    Parameters
    ----------
    meta : of the plan
    table : a row per team: its name, then seven days
    ids : the order of each field
    key : of the table
    moved : the stops of the chosen order, which a click may move; None where nobody may
    lang : of the words, "id" or "en"
    """
    heads = list(table.columns)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{t('plan.teams_shown', lang, n=number(len(table), lang))}**")
        moving = moved is not None and st.toggle(t("plan.moving", lang), key=move.MOVING)
    alone = _days(table, key, lang)
    shown = heads if alone is None else [heads[0], heads[1 + alone]]

    def pick() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        if not cells:
            return
        row, head = cells[0]
        place = heads.index(head) - 1
        if moving and moved is not None and place >= 0:
            move.ask_move(meta, moved, str(table.iloc[row, 0]), place)
            return
        order = ids[row][place] if place >= 0 else next(filter(None, ids[row]), "")
        if order:
            st.session_state["plan_order"] = order
            _picked_order()

    st.dataframe(
        table[shown],
        key=key,
        height=min(TABLE_HEIGHT, 40 + ROW_HEIGHT * len(table)),
        row_height=ROW_HEIGHT,
        hide_index=True,
        on_select=pick,
        selection_mode="single-cell",
        alt=t("plan.timetable_alt", lang),
        column_config={
            heads[0]: st.column_config.TextColumn(width=110, pinned=True),
            **{head: st.column_config.TextColumn(width=150) for head in shown[1:]},
        },
    )
    st.caption(t("plan.moving_note" if moving else "plan.timetable_note", lang))


def _days(table: pd.DataFrame, key: str, lang: str) -> int | None:
    """Which day alone is shown, 0 the first; None for the whole week. A phone begins with a day."""
    heads = list(table.columns)[1:]
    names = [t("plan.whole_week", lang), *heads]
    chosen = st.segmented_control(
        t("plan.days", lang), range(-1, 7), default=0 if state.on_phone() else -1, required=True,
        format_func=lambda one: names[one + 1], key="plan_days", persist_state="session",
        label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    return None if chosen is None or chosen < 0 else int(chosen)


def _show_contested(contested: Collection[str], part: pd.DataFrame, lang: str) -> None:
    """Which sectors of an order somebody contests."""
    mine = part[part["sector"].isin(list(contested))]
    names = [plan_scene.place(row, lang) for _, row in mine.iterrows()]
    if names:
        told_of = plain_text(", ".join(names))
        st.warning(t("plan.order_contested", lang, places=told_of), icon=":material/flag:")


def _show_adding(opened: OpenedPlan, part: pd.DataFrame, lang: str) -> None:
    """A sector that was clicked on the map goes into the chosen order with one click."""
    sector = st.session_state.get("plan_sector") or ""
    known = opened.sectors.set_index("sector")
    if sector not in known.index or sector in set(part["sector"]):
        return
    row: Any = known.loc[sector]
    place = plan_scene.place(row, lang)
    head = plan_scene.shift_head(part, lang)
    st.button(
        plain_text(t("plan.add_here", lang, place=place, order=head)),
        icon=":material/add_location:", key="plan_add_here",
        on_click=move.ask_stop, args=(opened.meta, part, sector),
    )  # fmt: skip


def _show_map(
    opened: OpenedPlan,
    seen: Seen,
    part: pd.DataFrame,
    team: int,
    mark: str,
    lang: str,
    look: theme.Palette,
) -> None:
    sectors, ground = opened.sectors, seen.ground
    key = st.segmented_control(
        t("plan.colour", lang), list(theme.PLAN_QUANTITIES), default="chance", required=True,
        format_func=lambda one: t(f"quantity.{one}", lang), label_visibility="collapsed",
        key="plan_colour", persist_state="session",
    )  # fmt: skip
    rows, ways, names = _addresses(mark, opened, lang)
    only = (team, team) if team >= 0 else deck.EVERYWHERE
    drawn = [
        *ground.below(look),
        plan_layers.sector_layer(rows, key, look),
        *ground.lines(look),
        *plan_layers.route_layers(ways, look, only),
    ]
    if names:
        posts = plan_layers.post_points(pd.DataFrame(opened.meta["posts"]))
        drawn += plan_layers.post_layers(posts, names, POST_ZOOM, look)
    drawn += [*plan_layers.stop_layers(part, look), *ground.names(look)]
    view = _camera(opened, part, team)
    name = t(f"quantity.{key}", lang)
    st.pydeck_chart(
        deck.Deck(deck.spec(drawn, view, look), "{n}\n{v}"),
        height=MAP_HEIGHT,
        key="plan_map",
        on_select=lambda: _pick_sector(opened.orders),
        selection_mode="single-object",
        alt=t("plan.map_alt", lang, n=len(sectors), quantity=name),
    )
    st.html(_legend(sectors, key, name, lang, look))


def _pick_sector(orders: pd.DataFrame) -> None:
    """Open the first order that visits the clicked sector."""
    event = st.session_state.get("plan_map") or {}
    picked = (event.get("selection") or {}).get("objects", {}).get(plan_layers.SECTORS) or []
    sector = picked[0]["h"] if picked else ""
    st.session_state["plan_sector"] = sector
    there = orders[orders["sector"] == sector].sort_values("start")
    team = st.session_state.get("plan_team") or ""
    if team and not (there["team_id"] == team).any():
        st.session_state["plan_team"] = ""
    mine = there[there["team_id"] == team] if team and (there["team_id"] == team).any() else there
    if len(mine):
        st.session_state["plan_order"] = str(mine["order_id"].iloc[0])


def _legend(sectors: pd.DataFrame, key: str, name: str, lang: str, look: theme.Palette) -> str:
    quantity = theme.PLAN_QUANTITIES[key]
    classes = theme.classify(sectors[quantity.column], theme.PLAN_BREAKS[key])
    counts = pd.Series(classes).value_counts()
    word = "minutes" if key == "planned" else key
    entries = [
        (colour, t(f"plan.{word}_{place}", lang), f"({counts.get(place, 0)})")
        for place, colour in enumerate(theme.ramp(quantity, look.dark))
    ]
    marks = [
        ("way", t("plan.legend_way", lang), ""),
        ("chosen_way", t("plan.legend_order", lang), ""),
    ]
    note = f'<small class="kr-muted">{t("plan.legend_note", lang)}</small>'
    return html.legend(name, entries, marks, look) + html.scoped(note, look)


def _show_order(opened: OpenedPlan, part: pd.DataFrame, lang: str, look: theme.Palette) -> None:
    """One order: when, the stops with their actions, why there."""
    first, known = part.iloc[0], opened.sectors.set_index("sector")
    sector = st.session_state.get("plan_sector") or ""
    if sector in known.index and sector not in set(opened.orders["sector"]):
        row: Any = known.loc[sector]
        about = plan_scene.about_sector(row, lang)
        name = plan_scene.place({**row, "sector": sector}, lang)
        st.info(plain_text(t("plan.not_visited", lang, place=name, about=about)))
    st.subheader(plain_text(plan_scene.shift_head(part, lang)), anchor=False)
    way = part["travel_minutes"].sum() + part["return_minutes"].sum()
    when = t(
        "plan.out_back", lang, day=plan_scene.day_date(first["start"], lang),
        start=plan_scene.clock(first["start"], lang),
        back=plan_scene.clock(plan_scene.end_of(part), lang), way=plan_scene.hours(way, lang),
        stay=plan_scene.hours(part["stay_minutes"].sum(), lang),
    )  # fmt: skip
    mode = t(f"mode.{first['mode']}", lang)
    post = f"{first['post']} · {mode}"
    st.html(html.order(f"{post}. {when}.", plan_scene.stops(part, opened.sectors, lang), look))
    st.markdown(f"**{t('plan.why', lang)}**")
    st.html(html.bullet_list(plan_scene.why(part, lang)))


def _show_on_map(seen: Seen, part: pd.DataFrame, lang: str) -> None:
    """How the hexagons of an order lie on the sectors of the map, which are other pieces."""
    if "sector_code" not in part:
        return
    first = Selection.default(seen.options)
    sectors = seen.scene(first).sectors
    codes = part["sector_code"].drop_duplicates()
    lines = [names.on_map(code, sectors, lang) for code in codes]
    about = t("plan.on_map_note", lang, weeks=weeks(seen.meta, first.horizon, lang))
    st.caption(plain_text(" ".join([*lines, about])))
