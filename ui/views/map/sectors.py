"""The ranked list of sectors, what changed since last week, and the brief to print."""

import pandas as pd
import pyarrow as pa
import streamlit as st

from ui import state
from ui.map.scene import Scene
from ui.map.telling import empty, watched
from ui.views.handed import Papers
from ui.words import and_more, expected, number, t
from ui.words.names import fulls

#: pixels
LIST_HEIGHT, ROW_HEIGHT = 330, 32
#: rows of the list; the files hold all sectors
LISTED = 60
#: sectors of last week that are named
GONE_NAMED = 5
STATUSES = ("new", "growing", "fading", "unseen")


def show(key: str, drawn: Scene, selection: state.Selection, papers: Papers) -> None:
    """Changes as buttons that narrow the list, the list, the brief.

    Parameters
    ----------
    key : names all that the figures depend on
    drawn : what the selection shows
    selection : what was chosen
    papers : makes the files a person takes away
    """
    lang = selection.lang
    st.subheader(t("list.title", lang), anchor="sektor")
    if drawn.sectors.empty:
        st.info(empty(drawn, selection.horizon, lang))
        return
    table, kind = _narrowed(drawn, lang)
    _show_rows(f"{key}|{kind}", drawn, table.head(LISTED), selection)
    if len(drawn.contested):
        st.caption(t("contest.list", lang))
    if len(table) > LISTED:
        st.caption(t("list.more", lang, shown=LISTED, n=number(len(table), lang)))
    if len(drawn.gone):
        names = and_more(drawn.gone["name"].tolist(), GONE_NAMED, lang)
        st.caption(t("list.gone", lang, n=number(len(drawn.gone), lang), names=names))
    _show_brief(drawn, selection, papers)
    st.caption(t("list.hint", lang))


def _narrowed(drawn: Scene, lang: str) -> tuple[pd.DataFrame, str | None]:
    """The sectors of the status that was chosen, with their rank among all; and that status."""
    table = drawn.sectors.assign(rank=range(1, len(drawn.sectors) + 1))
    kinds = {name: table["status"] == name for name in ("new", "growing", "fading")}
    kinds["unseen"] = table["watched"] != "fair"
    kind = st.pills(
        t("list.since", lang),
        STATUSES,
        format_func=lambda name: f"{t(f'status.{name}', lang)} {number(kinds[name].sum(), lang)}",
        key="status",
        help=t("list.since_help", lang),
    )
    return (table[kinds[kind]] if kind else table), kind


def _show_rows(key: str, drawn: Scene, table: pd.DataFrame, selection: state.Selection) -> None:
    lang = selection.lang
    order = table["cell"].tolist()
    rows = _rows(key, drawn, table, lang)
    contested = {cell for cells in drawn.contested_cells().values() for cell in cells}
    numbers = set(drawn.sector_of.reindex(sorted(contested)).dropna()) - {0}
    marks = [
        _mark(cell, selection) + ("⚑ " if sector in numbers else "")
        for cell, sector in zip(order, table["sector"], strict=True)
    ]
    if any(marks):
        names = [mark + name for mark, name in zip(marks, rows["name"].to_pylist(), strict=True)]
        rows = rows.set_column(0, "name", pa.array(names))
    key = state.list_key()
    column = st.column_config
    st.dataframe(
        rows,
        key=key,
        height=min(LIST_HEIGHT, 37 + ROW_HEIGHT * len(order)),
        row_height=ROW_HEIGHT,
        hide_index=True,
        on_select=lambda: state.pick_from_list(key, order),
        selection_mode="single-cell",
        alt=t("list.alt", lang),
        column_config={
            "name": column.TextColumn(t("list.sector", lang), width=204),
            "risk": column.TextColumn(
                t("list.expected", lang), width=70, help=t("list.expected_help", lang),
                alignment="right",
            ),
            "interval": column.TextColumn(
                t("list.interval", lang), help=t("list.interval_help", lang), width=86
            ),
            "status": column.TextColumn(
                t("list.status", lang), width=72, help=t("list.since_help", lang)
            ),
            "watched": column.TextColumn(
                t("list.watched", lang), width=116, help=t("list.watched_help", lang)
            ),
            "home": column.TextColumn(t("choose.kecamatan", lang), width=120),
        },
    )  # fmt: skip


@st.cache_resource(max_entries=256, show_spinner=False)
def _rows(key: str, _told: Scene, _table: pd.DataFrame, lang: str) -> pa.Table:
    """The list in words. Numbers are padded, so that a click on their head sorts them by size."""
    table = _table
    risks = [expected(value, lang) for value in table["risk"]]
    comma = "." if lang == "en" else ","
    ahead = max((len(one.partition(comma)[0]) for one in risks), default=0)
    return pa.table(
        {
            "name": [
                f"{rank} · {name}"
                for rank, name in zip(table["rank"], fulls(table, lang), strict=True)
            ],
            "risk": [" " * (ahead - len(one.partition(comma)[0])) + one for one in risks],
            "interval": [
                f"{expected(lo, lang)}–{expected(hi, lang)}"
                for lo, hi in zip(table["lo"], table["hi"], strict=True)
            ],
            "status": [t(f"status.{name}", lang) for name in table["status"]],
            "watched": [watched(row, lang) for row in table.to_dict("records")],
            "home": [_told.places.kecamatan.get(code, "") for code in table["kecamatan_code"]],
        }
    )


def _mark(cell: str, selection: state.Selection) -> str:
    """What stands before the name: the arrow of the chosen sector, the star of a picked one."""
    chosen = "▶ " if cell == selection.sector else ""
    return chosen + ("★ " if cell in selection.picks else "")


def _show_brief(drawn: Scene, selection: state.Selection, papers: Papers) -> None:
    """The brief of the picked sectors, or of the first ones; and the way to pick one."""
    lang = selection.lang
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        count = len([cell for cell in selection.picks if cell in set(drawn.sectors["cell"])])
        label = t("brief.picked", lang, n=count) if count else t("brief.button", lang)
        st.download_button(
            label,
            data=state.file(lambda: papers.sheet(selection)),
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
