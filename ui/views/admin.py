"""The administrator's page: health, users, tokens, sessions. Nothing of the data."""

from typing import Any

import pandas as pd
import streamlit as st

from ui.rows import each_row
from ui.views.desk import said, say_later, show_fault, slot
from ui.views.handed import AdminDesk
from ui.words import clock, date, moment, number, t
from ui.words.of_data import tell

GIGA = 1e9


def show(desk: AdminDesk, lang: str) -> None:
    """How the service is, who may come in, and what must end at once."""
    with slot():
        for text in said("administered"):
            st.success(text, icon=":material/check:")
    st.caption(t("admin.what", lang))
    st.subheader(t("admin.health", lang), anchor=False)
    _health(desk, lang)
    st.subheader(t("admin.users", lang), anchor=False)
    users = desk.users()
    if users.empty:
        st.info(t("admin.no_users", lang), icon=":material/group_off:")
        return
    st.dataframe(_users(users, lang), hide_index=True, height="content")
    st.subheader(t("admin.tokens", lang), anchor=False)
    _tokens(desk, lang)
    st.subheader(t("admin.sessions", lang), anchor=False)
    _sessions(desk, users, lang)


def _health(desk: AdminDesk, lang: str) -> None:
    found = desk.health()
    first, second, third = st.columns(3)
    first.metric(t("admin.assessed", lang), _ago(found.assessed, lang), border=True)
    kept = t("admin.n_backups", lang, n=number(found.backups, lang))
    second.metric(
        t("admin.backed_up", lang), _ago(found.backed_up, lang), kept, "off", border=True,
        delta_arrow="off",
    )  # fmt: skip
    size = t("admin.of_disk", lang, size=number(found.size / GIGA, lang))
    third.metric(
        t("admin.disk", lang), f"{number(found.free / GIGA, lang)} GB", size, "off", border=True,
        delta_arrow="off",
    )  # fmt: skip
    if found.damaged:
        sentence = t("admin.damaged", lang, n=number(found.damaged, lang))
        st.error(sentence, icon=":material/broken_image:")
    if not found.anchored:
        st.warning(t("admin.not_anchored", lang), icon=":material/link_off:")
    if found.delivered:
        rows = [
            {t("admin.source", lang): name, t("admin.delivered", lang): _ago(at, lang)}
            for name, at in sorted(found.delivered.items(), key=lambda one: one[1])
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", width="content")


def _ago(at: pd.Timestamp | None, lang: str) -> str:
    if at is None:
        return t("admin.never", lang)
    days = (clock.today() - clock.local(at).normalize()).days
    return t("admin.today", lang) if days <= 0 else t("admin.ago", lang, n=number(days, lang))


def _users(users: pd.DataFrame, lang: str) -> pd.DataFrame:
    rows = []
    for one in each_row(users):
        name = one.name.removeprefix("@")
        faulty = bool(one.fault)
        rows.append(
            {
                t("admin.name", lang): t("admin.group", lang, name=name) if one.group else name,
                t("admin.role", lang): "–" if faulty else t(f"role.{one.role}", lang),
                t("admin.agency", lang): _agency(one.agency, lang),
                t("admin.tier", lang): _tier(one, lang),
                t("admin.kabupaten", lang): _codes(one.kabupaten, lang),
                t("admin.kecamatan", lang): "–" if one.kecamatan == "*" else one.kecamatan or "–",
                t("admin.until", lang): date(one.expires - pd.Timedelta(seconds=1), lang)
                if pd.notna(one.expires) else "–",
                t("admin.state", lang): _state(one, lang),
                t("admin.last_in", lang): moment(one.last_sign_in, lang)
                if pd.notna(one.last_sign_in) else t("admin.never", lang),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _agency(code: str, lang: str) -> str:
    return t("admin.every_agency", lang) if code == "*" else code or "–"


def _tier(one: Any, lang: str) -> str:
    """The tier; none for whoever sees no data."""
    return t(f"tier.{one.tier}", lang) if one.kabupaten else "–"


def _codes(codes: str, lang: str) -> str:
    return t("admin.everywhere", lang) if codes == "*" else codes or "–"


def _state(one: Any, lang: str) -> str:
    if one.fault:
        return t("admin.locked", lang, why=tell(one.fault, lang))
    return t("admin.good" if one.expires > pd.Timestamp.now("UTC") else "admin.over", lang)


def _tokens(desk: AdminDesk, lang: str) -> None:
    table = desk.tokens()
    if table.empty:
        st.caption(t("admin.no_tokens", lang))
        return
    rows = []
    for one in each_row(table):
        state = t("admin.good" if one.expires > pd.Timestamp.now("UTC") else "admin.over", lang)
        if pd.notna(one.revoked_at):
            when = moment(one.revoked_at, lang)
            state = t("admin.revoked", lang, when=when, by=one.revoked_by)
        rows.append(
            {
                t("admin.name", lang): one.user,
                t("admin.token", lang): one.name,
                t("admin.until", lang): date(one.expires - pd.Timedelta(seconds=1), lang),
                t("admin.last_use", lang): moment(one.last_use, lang)
                if pd.notna(one.last_use) else t("admin.never", lang),
                t("admin.state", lang): state,
            }
        )  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content")
    left = table[table["revoked_at"].isna()]
    if left.empty:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("admin.pick_token", lang), list(zip(left["user"], left["name"], strict=True)),
            format_func=" · ".join, key="admin_token",
        )  # fmt: skip
        go = st.button(t("admin.revoke", lang), icon=":material/key_off:", key="admin_revoke")
    if go:
        user, name = chosen
        _do(desk, lang, "admin.did_revoke", desk.revoke, user=user, name=name)


def _sessions(desk: AdminDesk, users: pd.DataFrame, lang: str) -> None:
    if not desk.ends_sessions:
        st.caption(t("admin.proxy", lang))
        return
    people = users.loc[~users["group"], "name"].tolist()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        user = st.selectbox(t("admin.pick_user", lang), people, key="admin_user")
        go = st.button(t("admin.end", lang), icon=":material/logout:", key="admin_end")
    if go and user:
        _do(desk, lang, "admin.did_end", desk.end_sessions, user=user)


def _do(desk: AdminDesk, lang: str, key: str, act: Any, **names: str) -> None:
    """Do it, and say so at the next run; or say why not."""
    try:
        act(**names)
    except desk.refusal as problem:
        show_fault(problem, lang)
        return
    say_later("administered", t(key, lang, **names))
    st.rerun()
