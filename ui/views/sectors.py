"""The ranked list of sectors, what changed since last week, and the brief to print."""

import pandas as pd
import streamlit as st

from ui import scene, state
from ui.scene import Scene
from ui.telling import watched
from ui.words import expected, number, signed, t

LIST_HEIGHT = 270
#: rows of the list; the files hold all sectors
LISTED = 60
STATUSES = ("new", "growing", "fading", "unseen")


def show(told: Scene, selection: state.Selection, papers) -> None:
    """Changes as buttons that narrow the list, the list, the brief."""
    lang = selection.lang
    st.subheader(t("list.title", lang), anchor=False)
    if told.sectors.empty:
        st.info(t("list.empty", lang))
        return
    table = _narrowed(told, lang)
    _show_rows(told, table.head(LISTED), selection)
    if len(told.contested):
        st.caption(t("contest.list", lang))
    if len(table) > LISTED:
        st.caption(t("list.more", lang, shown=LISTED, n=number(len(table), lang)))
    if len(told.gone):
        names = ", ".join(told.gone["name"].head(3))
        st.caption(t("list.gone", lang, n=number(len(told.gone), lang), names=names))
    _show_brief(told, selection, papers)
    st.caption(t("list.hint", lang))


def _narrowed(told: Scene, lang: str) -> pd.DataFrame:
    """The sectors of the status that was chosen, with their rank among all."""
    table = told.sectors.assign(rank=range(1, len(told.sectors) + 1))
    kinds = {name: table["status"] == name for name in ("new", "growing", "fading")}
    kinds["unseen"] = table["observed_share"] < scene.SELDOM
    kind = st.pills(
        t("list.since", lang),
        STATUSES,
        format_func=lambda name: f"{t(f'status.{name}', lang)} {number(kinds[name].sum(), lang)}",
        key="status",
        help=t("list.since_help", lang),
    )
    return table[kinds[kind]] if kind else table


def _show_rows(told: Scene, table: pd.DataFrame, selection: state.Selection) -> None:
    lang = selection.lang
    order = table["cell"].tolist()
    names = [told.places.kecamatan.get(code, "") for code in table["kecamatan_code"]]
    contested = {cell for cells in told.contested_cells().values() for cell in cells}
    numbers = set(told.sector_of.reindex(sorted(contested)).dropna()) - {0}
    picked = [
        ("★ " if cell in selection.picks else "") + ("⚑ " if sector in numbers else "")
        for cell, sector in zip(order, table["sector"], strict=True)
    ]
    rows = pd.DataFrame(
        {
            "name": [
                f"{star}{rank} · {n}, {k}" if k and k != n else f"{star}{rank} · {n}"
                for star, rank, n, k in zip(
                    picked, table["rank"], table["name"], names, strict=True
                )
            ],
            "risk": table["risk"],
            "change": table["change"],
            "status": [t(f"status.{name}", lang) for name in table["status"]],
            "watched": [t(f"list.{watched(share)}", lang) for share in table["observed_share"]],
            "interval": [
                f"{expected(lo, lang)}–{expected(hi, lang)}"
                for lo, hi in zip(table["lo"], table["hi"], strict=True)
            ],
            "area": table["area_km2"],
        }
    ).reset_index(drop=True)  # fmt: skip
    styled = rows.style.format(
        {
            "risk": lambda value: expected(value, lang),
            "change": lambda value: signed(value, lang),
            "area": lambda value: number(value, lang),
        }
    )
    if selection.sector in order:
        fill = "background-color: rgba(0, 98, 204, .18); font-weight: 700"
        styled = styled.apply(
            lambda _: [fill] * rows.shape[1],
            axis=1,
            subset=pd.IndexSlice[[order.index(selection.sector)], :],
        )
    key = state.list_key()
    column = st.column_config
    st.dataframe(
        styled,
        key=key,
        height=LIST_HEIGHT,
        row_height=32,
        hide_index=True,
        on_select=lambda: state.pick_from_list(key, order),
        selection_mode="single-cell",
        alt=t("list.alt", lang),
        column_config={
            "name": column.TextColumn(t("list.sector", lang), width=158),
            "risk": column.NumberColumn(
                t("list.expected", lang), width=76, help=t("list.expected_help", lang)
            ),
            "status": column.TextColumn(
                t("list.status", lang), width=80, help=t("list.since_help", lang)
            ),
            "watched": column.TextColumn(
                t("list.watched", lang), width=74, help=t("list.watched_help", lang)
            ),
            "change": column.NumberColumn(t("list.change", lang), width=64),
            "interval": column.TextColumn(
                t("list.interval", lang), help=t("list.interval_help", lang), width=95
            ),
            "area": column.NumberColumn(t("list.area", lang), width=55),
        },
        column_order=["name", "risk", "status", "watched", "interval", "change", "area"],
    )


def _show_brief(told: Scene, selection: state.Selection, papers) -> None:
    """The brief of the picked sectors, or of the first ones; and the way to pick one."""
    lang = selection.lang
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        count = len([cell for cell in selection.picks if cell in set(told.sectors["cell"])])
        label = t("brief.picked", lang, n=count) if count else t("brief.button", lang)
        st.download_button(
            label,
            data=lambda: papers.sheet(selection),
            file_name=papers.name("brief", ".pdf", selection),
            mime="application/pdf",
            on_click="ignore",
            icon=":material/print:",
            type="primary",
            key="brief",
            help=t("brief.help", lang),
        )
        if selection.sector:
            inside = selection.sector in selection.picks
            st.button(
                t("brief.drop" if inside else "brief.add", lang),
                icon=":material/star:",
                key="pick",
                on_click=state.toggle_pick,
                args=(selection.sector,),
            )
