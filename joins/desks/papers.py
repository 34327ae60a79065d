"""What a person carries to the meeting or into the field: brief, district pack, GPX, KML, picture.

Each is made from what the viewer is shown and nothing else; each tells the audit log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import spreadsheet
from data.gate.rights import Refused, Rights
from joins.desks import export, monday, planner
from joins.desks.view import Shown
from ui import theme
from ui.map import monday_told, picture, plan_scene, scene, telling
from ui.map.scene import Scene
from ui.paper import brief, card, devices, files, own, pack, plan_brief
from ui.rows import each_row
from ui.selection import Selection
from ui.words import (
    clock,
    expected,
    forecast_days,
    moment,
    names,
    number,
    percent,
    short_date,
    signed,
    span,
    t,
    weeks,
)

#: sectors in a brief when none were picked
FIRST = 6
#: sectors in a pack or on a device
MOST = 60
#: what the files of a commander's page are called
OWN = "wilayah"
PICTURE_SIZE = (760.0, 540.0)
#: of the map in a phone pack, in points as wide as a phone is in pixels; names grow by the factor
PHONE_SIZE, PHONE_BIG = (370.0, 380.0), 1.45
#: margin of a map, as a share of its window
AIR = 0.09
#: title, heads, rows
Table = tuple[str, list[str], list[list[str]]]
#: lat, lon, name and kind of a place on a map
Place = tuple[float, float, str, str]


@dataclass(frozen=True)
class Papers:
    """Files of one viewer; `note(action, what)` writes an audit line."""

    seen: Shown
    note: Callable[[str, dict[str, Any]], object]

    def table(self, what: str, suffix: str, selection: Selection) -> bytes:
        """One of the tables.

        Parameters
        ----------
        what : name of the table, one of `export.What`
        suffix : of the file, with its dot; it says the format
        selection : what was chosen
        """
        content, rows = export.build(self.seen, export.What(what), suffix, selection)
        self._taken(f"{what}{suffix}", rows)
        return content

    def name(self, what: str, suffix: str, selection: Selection) -> str:
        """A file name that says what, until when, and that it is invented if it is.

        Parameters
        ----------
        what : the file holds
        suffix : of the file, with its dot
        selection : what was chosen
        """
        about = files.stamp(self.seen.meta, selection.horizon, selection.group)
        if what == OWN:
            home = self.seen.places.where(*self.seen.options.own(selection))
            what = "_".join(filter(None, [what, _slug(home)]))
        return files.file_name(what, about, suffix.lstrip("."))

    def dictionary(self, selection: Selection) -> bytes:
        """What each column means, as CSV."""
        rows = files.dictionary(selection.lang)
        return spreadsheet.csv_text(rows, {"dictionary": "kalbar-risk"}).encode()

    def card(self, selection: Selection) -> bytes:
        """The model card of this assessment as markdown."""
        seen, lang = self.seen, selection.lang
        self._taken("card.md", 1)
        return card.markdown(
            seen.meta, seen.frames["scores"], lambda code: seen.places.label(code, lang),
            len(seen.contested()), lang,
        ).encode()  # fmt: skip

    def monday(self, selection: Selection) -> tuple[str, list[tuple[str, str]]]:
        """A line that sums up the week, and three questions with their answers."""
        facts = monday.facts(self.seen, selection, self.seen.scope)
        lang = selection.lang
        return monday_told.headline(facts, lang), monday_told.lines(facts, lang)

    def sheet(self, selection: Selection) -> bytes:
        """The printable page of the picked sectors, or of the first ones."""
        drawn = self.seen.scene(selection)
        lang = selection.lang
        table = self._picked(drawn, selection)
        frame = self._frame(drawn, table, brief.MAP_SIZE)
        marks = [(str(row.rank), drawn.cells_of(row.cell)) for row in each_row(table)]
        plotted, legend = self._map(drawn, selection, frame, marks)
        rows = [
            brief.Row(cells, reasons)
            for cells, reasons in zip(*self._rows(drawn, table, selection), strict=True)
        ]
        self._taken("brief.pdf", len(rows))
        return brief.make_pdf(
            brief.Brief(
                lang=lang,
                title=t("brief.title", lang, weeks=weeks(self.seen.meta, selection.horizon, lang)),
                subtitle=self._subtitle(selection),
                facts=[f"{what}: {figure}" for what, figure in self._facts(drawn, selection)],
                monday=self.monday(selection)[1],
                picture=plotted,
                legend=legend,
                scale=picture.scale_km(frame),
                rows=rows,
                sectors=len(drawn.sectors),
                notes=self._notes(drawn, table, selection),
                synthetic=bool(self.seen.meta.get("synthetic")),
                about=self._about(selection),
            )
        )

    def district(self, selection: Selection) -> bytes:
        """The chosen district for a phone: one HTML file that works without a network."""
        drawn, lang = self.seen.scene(selection), selection.lang
        table = self._all(drawn).head(MOST)
        frame = self._frame(drawn, table, PHONE_SIZE)
        marks = [(str(row.rank), drawn.cells_of(row.cell)) for row in each_row(table)]
        (plotted, legend), (dark, inks) = (
            self._map(drawn, selection, frame, marks, look, PHONE_BIG)
            for look in (theme.LIGHT, theme.DARK)
        )
        self._taken("pack.html", len(table))
        return pack.page(
            pack.Pack(
                lang=lang,
                title=f"{t('pack.title', lang)}: {self._where(selection)}",
                subtitle=f"{weeks(self.seen.meta, selection.horizon, lang)} · "
                f"{self._subtitle(selection)}",
                facts=self._facts(drawn, selection),
                drawn=plotted,
                dark=dark,
                frame=frame,
                legend=[(one, other, name) for (one, name), (other, _) in
                        zip(legend, inks, strict=True)],
                cards=self._cards(drawn, table, selection),
                orders=self.orders(selection),
                posts=self._post_table(drawn, lang),
                notes=self._notes(drawn, table, selection),
                about=self._about(selection),
                synthetic=bool(self.seen.meta.get("synthetic")),
            )
        ).encode()  # fmt: skip

    def _cards(self, drawn: Scene, table: pd.DataFrame, selection: Selection) -> list[pack.Card]:
        """A card for each sector of a table."""
        lang, cards = selection.lang, []
        rows = zip(*self._rows(drawn, table, selection), each_row(table), strict=True)
        for cells, reasons, row in rows:
            rank, name, risk, interval, status, direction, seen_ = cells
            lines = [status, direction, f"{t('list.watched', lang)}: {seen_}"]
            place = f"{row.lat:.5f}; {row.lon:.5f} · {names.dms(row.lat, row.lon, lang)}"
            cards.append(pack.Card(rank, name, risk, interval, lines, reasons, place,
                                   float(row.lat), float(row.lon)))  # fmt: skip
        return cards

    def own(self, selection: Selection) -> bytes:
        """The chosen district on one page: map, sectors, orders of the week."""
        drawn, lang = self.seen.scene(selection), selection.lang
        table = self._all(drawn).head(MOST)
        frame = self._frame(drawn, table, own.MAP_SIZE)
        marks = [(str(row.rank), drawn.cells_of(row.cell)) for row in each_row(table)]
        plotted, legend = self._map(drawn, selection, frame, marks)
        rows = self._rows(drawn, table, selection)[0]
        orders = self.orders(selection)
        self._taken("own.pdf", len(rows))
        days = weeks(self.seen.meta, selection.horizon, lang)
        return own.make_pdf(
            own.Own(
                lang=lang,
                title=t("own.title", lang, where=self._where(selection), weeks=days),
                subtitle=self._subtitle(selection),
                facts=[f"{what}: {figure}" for what, figure in self._facts(drawn, selection)],
                picture=plotted,
                legend=legend,
                scale=picture.scale_km(frame),
                sectors=rows,
                orders=orders[0] if orders else None,
                notes=[*([] if orders else [t("own.no_orders", lang)]),
                       *self._notes(drawn, table, selection)],
                synthetic=bool(self.seen.meta.get("synthetic")),
                about=self._about(selection),
            )
        )  # fmt: skip

    def device(self, kind: str, selection: Selection) -> bytes:
        """Sectors as GPX or KML."""
        drawn, lang = self.seen.scene(selection), selection.lang
        table = self._all(drawn).head(MOST)
        days = self._days(selection)
        mark = " SINTETIS" if self.seen.meta.get("synthetic") else ""
        table = table.assign(name=[f"{one} {days}{mark}" for one in names.fulls(table, lang)])
        members = {row.sector: drawn.cells_of(row.cell) for row in each_row(table)}
        words = [
            f"{t('brief.col_rank', lang)} {row.rank}; "
            f"{t('brief.col_risk', lang)} {expected(row.risk, lang)} "
            f"({expected(row.lo, lang)}–{expected(row.hi, lang)})"
            + "".join(f"; {one}" for one in telling.contests(drawn.contests(members[row.sector]),
                                                              lang))
            for row in each_row(table)
        ]  # fmt: skip
        about = self._about(selection)
        self._taken(f"sectors.{kind}", len(table))
        if kind == "gpx":
            return devices.gpx(table, members, words, about).encode()
        title = f"{t('list.title', lang)}: {self._where(selection)}"
        return devices.kml(table, members, words, about, title).encode()

    def image(self, selection: Selection) -> bytes:
        """The chosen view as PNG with legend and versions under it."""
        drawn, lang = self.seen.scene(selection), selection.lang
        frame = self._frame(drawn, None, PICTURE_SIZE)
        top = self._all(drawn).head(FIRST)
        marks = [(str(row.rank), drawn.cells_of(row.cell)) for row in each_row(top)]
        plotted, legend = self._map(drawn, selection, frame, marks)
        self._taken("map.png", 1)
        label = t("app.synthetic", lang) + " · " if self.seen.meta.get("synthetic") else ""
        quantity = theme.QUANTITIES[selection.quantity]
        said = " | ".join(name for _, name in legend)
        places = {cell for cells in drawn.contested_cells().values() for cell in cells}
        contested = t("contest.picture", lang, n=number(len(places), lang)) if places else ""
        foot = [
            f"{label}{t(quantity.label, lang)}, {weeks(self.seen.meta, selection.horizon, lang)} – "
            f"{self._where(selection)}",
            f"{t(quantity.label, lang)}: {said}" + (f" | {contested}" if contested else ""),
            f"{t('app.cutoff', lang, date=short_date(self.seen.meta['cutoff'], lang))} · "
            f"{self.seen.meta.get('id', '')} · {self.seen.meta.get('handling', '')}",
        ]
        return picture.as_png(plotted, 2.0, [line.translate(brief.PLAIN) for line in foot])

    # what they are made of -------------------------------------------------------------------

    def _picked(self, drawn: Scene, selection: Selection) -> pd.DataFrame:
        table = self._all(drawn)
        mine = table[table["cell"].isin(selection.picks)]
        return mine if len(mine) else table.head(FIRST)

    def _all(self, drawn: Scene) -> pd.DataFrame:
        return export.sectors(self.seen, drawn)

    def _frame(
        self, drawn: Scene, table: pd.DataFrame | None, size: tuple[float, float]
    ) -> picture.Frame:
        """The window: the picked sectors, else the district, else where risk is not low."""
        cells = drawn.table
        if table is not None and len(table):
            members = [cell for one in table["cell"] for cell in drawn.cells_of(one)]
            cells = cells[cells["cell"].isin(members)]
        elif len(cells) == len(drawn.everywhere):
            high = cells[cells["risk"] >= drawn.risk_breaks[1]]
            cells = high if len(high) else cells
        # the code of a sector stands above it: room for that at the upper edge
        return picture.Frame.around(cells["lat"], cells["lon"], *size, air=AIR)

    def _map(
        self, drawn: Scene, selection: Selection, frame: picture.Frame,
        sectors: list[tuple[str, list[str]]], look: theme.Palette = theme.LIGHT, big: float = 1.0,
    ) -> tuple[picture.Picture, list[tuple[theme.Colour, str]]]:  # fmt: skip
        quantity = theme.QUANTITIES[selection.quantity]
        ramp = theme.shown_ramp(quantity, look)
        classes = theme.classify_shown(drawn.table[quantity.column], list(drawn.breaks))
        tables = self.seen.base.tables
        places: list[Place] = []
        if "posts" in tables:
            posts = tables["posts"].dropna(subset=["lat", "lon"])
            places += [(row.lat, row.lon, "", "post") for row in each_row(posts)]
        if "towns" in tables:
            towns = tables["towns"].dropna(subset=["lat", "lon"]).nlargest(120, "population")
            named = [(r.lat, r.lon, r.name, "town") for r in each_row(towns)]
            places += _apart(named, frame, big)
        plotted = picture.draw_map(
            drawn.table, classes, ramp, frame, self.seen.base.layers, sectors, places, look, big
        )
        lang = selection.lang
        legend = []
        for place, colour in enumerate(ramp):
            if place > len(drawn.breaks):
                if (classes == place).any():
                    legend.append((colour, t("class.unknown", lang)))
                continue
            words = " ".join(telling.class_label(quantity, place, drawn.breaks, lang)).rstrip()
            legend.append((colour, words))
        return plotted, legend

    def _rows(
        self, drawn: Scene, table: pd.DataFrame, selection: Selection
    ) -> tuple[list[list[str]], list[str]]:
        lang, horizon = selection.lang, selection.horizon
        district = self.seen.options.own(selection)[1]
        ways = {}
        for way in ("outbound", "inbound"):
            if way in self.seen.options.groups:
                ways[way] = self.seen.cells(horizon, way).set_index("cell")["risk"]
        rows, reasons = [], []
        for name, row in zip(names.fulls(table, lang), each_row(table), strict=True):
            cells = drawn.cells_of(row.cell)
            out, inward = (float(ways[w].reindex(cells).sum()) if w in ways else None
                           for w in ("outbound", "inbound"))  # fmt: skip
            part = drawn.table[drawn.table["cell"].isin(cells)]
            found = telling.reasons(drawn.reasons, part, horizon, most=3)
            villages = ", ".join(part["desa"].dropna().drop_duplicates().head(4))
            lines = telling.reason_lines(found, lang, len(part))
            said = "; ".join(lines) or t("detail.no_reasons", lang)
            words = telling.contests(drawn.contests(cells), lang)
            near = f"{t('brief.villages', lang)} {villages}. " if villages else ""
            reasons.append(f"{near}{said}." + "".join(f" ⚑ {one}." for one in words))
            rows.append(
                [
                    str(row.rank),
                    f"{name} ({', '.join(home)})" if (home := _home(row, district)) else name,
                    expected(row.risk, lang),
                    f"{expected(row.lo, lang)}–{expected(row.hi, lang)}",
                    f"{t(f'status.{row.status}', lang)} ({signed(row.change, lang)})",
                    telling.direction(out, inward, lang),
                    telling.watched(row._asdict(), lang),
                ]
            )
        return rows, reasons

    def _notes(self, drawn: Scene, table: pd.DataFrame, selection: Selection) -> list[str]:
        """What stands under the rows: how to read them and what they are not for."""
        lang = selection.lang
        why = (
            telling.empty(drawn, selection.horizon, lang) if table.empty else t("brief.read", lang)
        )
        credits = self.seen.settings.area.attribution
        credit_line = [t("brief.credits", lang, credits=credits)] if credits else []
        return [why, *(t(f"brief.{key}", lang) for key in ("use", "explore")), *credit_line]

    def _facts(self, drawn: Scene, selection: Selection) -> list[tuple[str, str]]:
        lang, table = selection.lang, drawn.table
        interval, change = telling.total(drawn.total, lang)
        blind = table.loc[~table["observed"], "area_km2"].sum() / table["area_km2"].sum()
        counts: dict[str, int] = {}
        if len(drawn.sectors):
            counts = {str(name): n for name, n in drawn.sectors["status"].value_counts().items()}
        moved = ", ".join(
            f"{t(f'status.{name}', lang)} {number(counts.get(name, 0), lang)}"
            for name in ("new", "growing", "fading")
        )
        return [
            (t("fact.expected", lang, weeks=weeks(self.seen.meta, selection.horizon, lang)),
             f"{expected(drawn.total.risk, lang)} {t('unit.risk', lang)} ({interval}; {change})"),
            (t("list.since", lang), moved),
            (t("fact.unobserved", lang),
             t("fact.unobserved_value", lang, share=percent(blind, lang))),
        ]  # fmt: skip

    def _post_table(self, drawn: Scene, lang: str) -> Table:
        mine = scene.posts_of(self.seen.base.tables.get("posts"), drawn.table)
        rows = [[row["name"], f"{number(row['lat'], lang, 4)}; {number(row['lon'], lang, 4)}",
                 f"±{number(row['uncertainty_km'], lang, 1)} km",
                 row["minutes"].say(lang, 1, 1 / 60)]
                for row in mine.to_dict("records")]  # fmt: skip
        heads = [t(f"unit_page.{name}", lang)
                 for name in ("post", "place", "precision", "near_hours")]  # fmt: skip
        return t("unit_page.posts", lang), heads, rows

    def _days(self, selection: Selection) -> str:
        """First and last day of what is forecast: "30 Nov – 6 Des 2026"."""
        return span(*forecast_days(self.seen.meta, selection.horizon), selection.lang)

    def orders(self, selection: Selection) -> list[Table]:
        """The orders of the plan in force in the district, where the viewer may see them."""
        inside = {name: getattr(selection, name[:-5]) for name in
                  ("kabupaten_code", "kecamatan_code")}  # fmt: skip
        opened = planner.orders_of(self.seen.settings, self.seen.scope, inside)
        if opened is None:
            return []
        lang, first = selection.lang, pd.Timestamp(opened.meta["first_day"])
        week = f"{short_date(first, lang)} – {short_date(first + pd.Timedelta(days=6), lang)}"
        status = plan_brief.signed_line(opened.meta, lang)
        heads = [t(f"plan.col_{name}", lang) for name in plan_brief.HEADS]
        rows = plan_scene.pack_rows(opened.orders, opened.sectors, lang)
        title = t("plan.pack_title", lang, week=week, status=status)
        return [(title, [t("plan.team", lang), *heads], rows)]

    def _where(self, selection: Selection) -> str:
        home = self.seen.places.where(*self.seen.options.own(selection))
        return home or str(self.seen.meta.get("area", ""))

    def _subtitle(self, selection: Selection) -> str:
        lang, meta = selection.lang, self.seen.meta
        days = (clock.today()
                - pd.Timestamp(meta["cutoff"])).days  # fmt: skip
        return " · ".join(
            [
                self._where(selection),
                t("app.cutoff", lang, date=short_date(meta["cutoff"], lang)),
                t("app.age", lang, days=days),
                t("app.created", lang, when=moment(meta["created_at"], lang)),
            ]
        )

    def _about(self, selection: Selection) -> dict[str, str]:
        notes = files.stamp(self.seen.meta, selection.horizon, selection.group, selection.coverage)
        return {key: str(value) for key, value in notes.items()}

    def _taken(self, what: str, rows: int) -> None:
        """Let a file go, if the right has not ended since the page was drawn, and log it."""
        try:
            Rights(self.seen.scope).demand("take")
        except Refused as refused:
            self.note("denied", {"what": "take", "why": refused.why})
            raise
        self.note("export", {"what": what, "rows": rows, "assessment": self.seen.meta["id"]})


def _slug(name: str) -> str:
    """A name as it may stand in the name of a file: kec-entikong-sanggau."""
    signs = "".join(sign if sign.isalnum() and sign.isascii() else " " for sign in name.lower())
    return "-".join(signs.split())


def _home(row: Any, district: str) -> list[str]:
    """Names of the sub-district and the district of a sector, as far as they are known; of the
    sub-district alone where all of them lie in one `district`."""
    ground = (row.kecamatan, "" if district else row.kabupaten)
    return [one for one in ground if isinstance(one, str) and one]


def _apart(places: list[Place], frame: picture.Frame, big: float) -> list[Place]:
    """Names that do not run into each other, the first ones kept."""
    kept: list[Place] = []
    taken: list[tuple[float, float]] = []
    for lat, lon, name, kind in places:
        x, y = frame.put([lon], [lat])[0]
        if all(abs(x - a) > 46 * big or abs(y - b) > 11 * big for a, b in taken):
            taken.append((x, y))
            kept.append((lat, lon, name, kind))
    return kept
