"""The dashboard's front door: who is looking -> what they chose -> what they see.

Nothing is shown that did not pass `access.visible` and `disclose.suppress` for the viewer's scope
(`view.read`); everything cached below is keyed by that scope.
"""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from data.errors import DataError
from data.gate import access
from data.gate.rights import Rights
from data.store import audit
from data.store.records import MissingTable
from joins import faults, meters, opened
from joins.desks import administrator, analyst, auditor, drawn, entrance, planner, steward, view
from joins.desks.papers import Papers
from joins.http.direct import caller, is_direct
from joins.http.uploads import PERMITS
from settings import Settings, load_settings
from ui import html, state, theme
from ui.map import proof
from ui.views import admin, compare, frame, help, quality
from ui.views import audit as audit_page
from ui.views.data import page as data
from ui.views.map import page as map
from ui.views.map import unit
from ui.views.plan import page as plan
from ui.words import clock, t

LOADING = f"{t('state.loading', 'id')} / {t('state.loading', 'en')}"

#: an open page is looked after so often
WATCH_EVERY = "60s"


def main() -> None:
    """The page. What cannot be shown is said in words; a fault of the program has a number."""
    with meters.page_run() as went:
        try:
            show()
        except DataError as problem:
            went("refused")
            frame.show_problem(problem, st.query_params.get("lang", "id"))
        except Exception as problem:  # of any kind: it is kept in the log, its number shown
            went("fault")
            frame.show_fault(faults.note(problem, "app").number)


def show() -> None:
    """One page: read, narrow, join, show."""
    st.set_page_config(
        "Kalbar Risk", page_icon="🧭", layout="wide", initial_sidebar_state=state.panel()
    )
    tell_failed_files()
    look = theme.palette(st.context.theme.type)
    st.html(html.STYLE + (html.DARK if look.dark else ""))
    try:
        settings = load_settings()
        visitor = look_up(settings)
        scope = visitor.scope
        note = partial(write_line, settings, scope.user)
        desk = steward.Desk(settings, scope)
        permit(desk.rights)
        if desk.rights.closed("see") and not watching(desk.rights):
            turn_away(settings, visitor, note)
            return
        if visitor.name:
            note("sign_in", {"way": settings.access.sign_in}, once=True)
        keep_watch(settings, visitor)
        if desk.rights.closed("see"):
            show_oversight(settings, visitor)
            return
        key = repr(settings)
        seen = assessed(newest(key, settings), key, scope, settings)
    except MissingTable:
        frame.show_no_assessment("id")
        data.show(desk, None, None, [], settings.screen.language, look)
        return
    except DataError as problem:
        frame.show_problem(problem, "id")
        return
    show_page(settings, desk, seen, look, note)
    if settings.access.sign_in == "oidc" and visitor.name:
        show_way_out(settings, visitor.name, state.current(seen.options).lang)
    run = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.html(html.probe(run, len(seen.frames["cells"])))


def show_page(
    settings: Settings, desk: steward.Desk, seen: view.Shown, look: theme.Palette, note: Any
) -> None:
    """The page that was chosen, between the line above it and the one below.

    Parameters
    ----------
    settings : of the program
    desk : of whoever brings files
    seen : what the viewer may see
    look : colours of the page
    note : writes an audit line
    """
    selection = state.current(seen.options)
    lang, meta, scope = selection.lang, seen.meta, desk.scope
    papers = Papers(seen, note)
    voice = analyst.Voice(settings, seen, scope)
    pages = pages_of(settings, desk, seen, selection, look, papers, voice)
    page = st.navigation(pages, position="top")
    state.offer_pages(pages)
    st.set_page_config(f"{page.title} · Kalbar Risk")
    note("view", {"page": page.url_path or "peta", "assessment": meta["id"]}, once=True)
    today = clock.today()
    meta_now = meta | proof.verdict(meta, selection.horizon)
    title = t("app.title", lang) if page == pages[0] else page.title
    frame.show_header(
        meta_now, selection, seen.options, look, today, settings.screen.stale_days, title
    )
    frame.show_damaged(spoilt(repr(settings), settings), lang)
    page.run()
    frame.show_versions(meta, lang, look)
    state.write_url(selection, seen.options, **(data.link() if page.url_path == "data" else {}))


def pages_of(
    settings: Settings,
    desk: steward.Desk,
    seen: view.Shown,
    selection: state.Selection,
    look: theme.Palette,
    papers: Papers,
    voice: analyst.Voice,
) -> list[Any]:
    """The pages in the order of the menu, each with what it is handed."""
    lang, meta, scope, key = selection.lang, seen.meta, desk.scope, repr(settings)
    return [
        st.Page(
            lambda: map.show(
                seen, selection, look, papers, voice, drawn.Desk(seen, papers.note)
            ),
            title=t("page.map", lang), url_path="peta", default=True,
        ),
        st.Page(
            lambda: unit.show(seen, selection, look, papers, voice),
            title=t("page.unit", lang), url_path="wilayah",
        ),
        st.Page(
            lambda: plan.show(planner.PlanDesk(settings, scope), seen, lang, look),
            title=t("page.plan", lang), url_path="rencana",
        ),
        st.Page(
            lambda: quality.show(seen, selection, look, papers),
            title=t("page.quality", lang), url_path="mutu",
        ),
        st.Page(
            lambda: compare.show(
                seen, selection, listed(key, settings),
                lambda name: assessed(name, key, scope, settings), look,
            ),
            title=t("page.compare", lang), url_path="bandingkan",
        ),
        st.Page(
            lambda: data.show(desk, meta, seen.places, seen.base.credits, lang, look),
            title=t("page.data", lang), url_path="data",
        ),
        *pages_of_oversight(settings, desk.scope, lang),
        st.Page(lambda: help.show(lang), title=t("page.help", lang), url_path="bantuan"),
    ]  # fmt: skip


def watching(rights: Rights) -> bool:
    """Whether a viewer watches over others."""
    return rights.may("read_audit") or rights.may("administer")


def pages_of_oversight(settings: Settings, scope: access.Scope, lang: str) -> list[Any]:
    """The pages of whoever watches over others, none for anybody else."""
    rights, pages = Rights(scope), []
    if rights.may("administer"):
        desk = administrator.Administrator(settings, scope)
        title = t("page.admin", lang)
        pages.append(st.Page(lambda: admin.show(desk, lang), title=title, url_path="pengelola"))
    if rights.may("read_audit"):
        log = auditor.Auditor(settings, scope)
        title = t("page.audit", lang)
        pages.append(st.Page(lambda: audit_page.show(log, lang), title=title, url_path="catatan"))
    return pages


def show_oversight(settings: Settings, visitor: entrance.Visitor) -> None:
    """The page of an auditor or administrator: no assessment is read for him."""
    asked = st.query_params.get("lang", settings.screen.language)
    lang = frame.show_plain_header(asked if asked in state.LANGUAGES else "id")
    pages = pages_of_oversight(settings, visitor.scope, lang)
    page = st.navigation(pages, position="top")
    st.set_page_config(f"{page.title} · Kalbar Risk")
    st.html(html.title(page.title))
    page.run()
    if settings.access.sign_in == "oidc" and visitor.name:
        show_way_out(settings, visitor.name, lang)


def show_way_out(settings: Settings, name: str, lang: str) -> None:
    """Who is signed in, and how he leaves."""
    frame.show_sign_out(
        name, lang, partial(leave, settings, name), partial(leave_everywhere, settings, name)
    )


def tell_failed_files() -> None:
    """Say what went wrong with files since the last run, and look after those of this one."""
    builds: faults.Builds = st.session_state.setdefault("builds", faults.Builds())
    state.watch_builds(builds.watched)
    lang = st.query_params.get("lang", "id")
    for one in builds.untold():
        if isinstance(one, DataError):
            frame.show_problem(one, lang)
        else:
            frame.show_fault(one.number)


def look_up(settings: Settings, clicked: bool = True) -> entrance.Visitor:
    """Who is looking. Without a file of users there is one local user who sees all, on this
    machine; the door asks the same, but a page is not always behind it.

    Parameters
    ----------
    settings : of the program
    clicked : whether he did something; False for a look at the clock
    """
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    if settings.access.users is None:
        # no connection comes without headers: the page is run inside this process, by a test
        near = not headers or is_direct(
            headers, st.context.ip_address or "127.0.0.1", st.get_option("server.address")
        )
        return entrance.Visitor(access.LOCAL if near else access.NOBODY)
    return entrance.receive(settings, dict(st.user), clicked)


def turn_away(settings: Settings, visitor: entrance.Visitor, note: Any) -> None:
    """Say why somebody sees nothing, and how he gets in."""
    line = {"page": "app", "why": visitor.reason} | ({"users": "faulty"} if visitor.fault else {})
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    if came_from := caller(st.context.ip_address, headers):
        line["from"] = came_from
    note("denied", line, once=True)
    lang = st.query_params.get("lang", settings.screen.language)
    if settings.access.sign_in == "oidc" and visitor.reason != "unlisted":
        frame.show_sign_in(visitor.reason, lang, st.login)
        return
    signed_in = settings.access.sign_in == "oidc"
    out = partial(leave, settings, visitor.name) if signed_in else None
    frame.show_nothing_allowed(lang, visitor.name, out)


def leave(settings: Settings, name: str) -> None:
    """End this session, at the provider too."""
    audit.log(opened.find_store(settings), "sign_out", name, {"where": "here"})
    st.logout()


def leave_everywhere(settings: Settings, name: str) -> None:
    """End all sessions of a person, this one at the provider too."""
    entrance.sign_out_everywhere(settings, name)
    audit.log(opened.find_store(settings), "sign_out", name, {"where": "everywhere"})
    st.logout()


def keep_watch(settings: Settings, visitor: entrance.Visitor) -> None:
    """While a page stays open, look each minute whether its viewer may still see it."""
    if settings.access.users is None:
        return

    @st.fragment(run_every=WATCH_EVERY)
    def watch() -> None:
        if look_up(load_settings(), clicked=False) != visitor:
            st.rerun(scope="app")

    watch()


def permit(rights: Rights) -> None:
    """Let this session send files for as long as its viewer may send any."""
    if rights.closed("send_file") or rights.until is None:
        PERMITS.take(state.session())
    else:
        PERMITS.give(state.session(), rights.until)


def write_line(
    settings: Settings, user: str, action: str, what: dict[str, Any], once: bool = False
) -> None:
    """One line in the audit log; `once` writes it at the first time in this session only."""
    if once and not state.once(f"{action} {what}"):
        return
    audit.log(opened.find_store(settings), action, user, what)


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def newest(key: str, _settings: Settings) -> str:
    """Id of the newest assessment."""
    return view.newest(_settings)


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def spoilt(key: str, _settings: Settings) -> list[pd.Timestamp]:
    """When newer assessments were made that cannot be shown."""
    return view.damaged(_settings)


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def listed(key: str, _settings: Settings) -> pd.DataFrame:
    """The assessments there are, newest first."""
    return opened.find_store(_settings).assessments()[["id", "created_at", "cutoff"]]


@st.cache_resource(max_entries=8, show_spinner=LOADING)
def assessed(name: str, key: str, scope: access.Scope, _settings: Settings) -> view.Shown:
    """What a scope may see of an assessment, read once."""
    return view.kept(name, _settings, scope)


main()
