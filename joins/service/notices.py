"""Somebody is told: by mail, and by a signed call of another program.

A notice says what kind of thing happened and where to look; it holds no number, no place and no
name of a sector: what may be seen is decided where it is looked at. Each person is told once, in
his language, all of it in one mail, outside his quiet hours, and only of what his rights allow.
"""

import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import pandas as pd

from data.errors import DataError
from data.gate import users
from data.gate.access import LOCAL, Scope
from data.gate.rights import Rights
from data.service import journal, people, sent
from data.service.people import Person
from data.store import audit, plans
from data.store.records import MissingTable, Store
from geo import calendar
from joins.desks import monday, view
from settings import Settings
from ui.selection import Selection
from ui.words import t

#: denials in a day from which on somebody is told
WRONG_TOKENS = 5
#: the last lines of the audit log that are looked through for them
LINES = 2_000
SECONDS = 20.0
SIGNATURE = "X-Kalbar-Signature"


@dataclass(frozen=True)
class Notice:
    """Something to tell: its kind, one of `people.KINDS`, and a mark by which it is known again."""

    kind: str
    mark: str


def tell(settings: Settings, store: Store, now: pd.Timestamp) -> int:
    """Send what nobody was told yet; gives how many messages went out.

    Parameters
    ----------
    settings : say who is told and how
    store : what is told about; it keeps what was sent
    now : aware

    Raises
    ------
    DataError
        If the people cannot be read, or a message could not be sent; it is tried again next time.
    """
    common, faults, n = _common(settings, store, now), [], 0
    listed = people.read(settings.notices.people) if settings.notices.people else []
    for person in listed:
        if person.rests(calendar.local_moment(now, settings.area.time_zone)):
            continue
        try:
            n += _tell_person(settings, store, person, common, now)
        except (OSError, smtplib.SMTPException) as problem:
            faults.append(type(problem).__name__)
    if settings.notices.webhook:
        try:
            n += _call(settings, store, common, now)
        except httpx.HTTPError as problem:
            faults.append(type(problem).__name__)
    if faults:
        raise DataError(
            f"{len(faults)} notices could not be sent ({', '.join(sorted(set(faults)))})",
            key="notice_unsent", n=len(faults), why=", ".join(sorted(set(faults))),
        )  # fmt: skip
    return n


def _common(settings: Settings, store: Store, now: pd.Timestamp) -> list[Notice]:
    """What is told of the service itself."""
    found = []
    last = journal.last(store.folder)
    for step in [] if last is None else last.steps.values():
        if step.state == "failed":
            found.append(Notice("run", f"run {step.name} {step.at}"))
    today = calendar.today(settings.area.time_zone, now)
    listed = plans.listing(store)
    if len(listed):
        open_ones = listed[(listed["status"] == "draft") | (listed["status"] == "edited")]
        ahead = pd.to_datetime(open_ones["first_day"]) >= calendar.monday(today)
        found += [Notice("plan", f"plan {name}") for name in open_ones.loc[ahead, "plan"]]
    lines = audit.read(store, LINES)
    recent = lines[(lines["action"] == "denied") & (lines["at"] > now - pd.Timedelta(days=1))]
    by_address = recent["what"].str.contains('"api"', regex=False)
    if by_address.sum() >= WRONG_TOKENS:
        found.append(Notice("token", f"token {today:%Y-%m-%d}"))
    return found


def _of_person(settings: Settings, scope: Scope, kinds: Sequence[str]) -> list[Notice]:
    """What is told of the map, as far as a person may see it."""
    if not {"sector", "silent"} & set(kinds):
        return []
    try:
        seen = view.kept(view.newest(settings), settings, scope)
    except MissingTable:
        return []
    facts = monday.facts(seen, Selection.default(seen.options), scope)
    name = seen.meta["id"]
    found = []
    if {"new", "growing"} & {fact.key for fact in facts.moved}:
        found.append(Notice("sector", f"sector {name}"))
    if {"silent", "overdue"} & {fact.key for fact in facts.missing}:
        found.append(Notice("silent", f"silent {name}"))
    return found


def _rights(settings: Settings, person: Person) -> Scope | None:
    """What a person may see; None if he has no rights any more."""
    if settings.access.users is None:
        return LOCAL
    scope = users.read(settings.access.users, settings.area.time_zone).scopes.get(person.name)
    return None if scope is None or Rights(scope).closed("see") else scope


#: kind of notice -> the right without which it is nobody's business
NEEDS = {"run": "see_records", "plan": "approve_plan", "token": "see_records"}


def _tell_person(
    settings: Settings, store: Store, person: Person, common: list[Notice], now: pd.Timestamp
) -> int:
    """One mail with all that a person was not told yet; how many went out."""
    scope = _rights(settings, person)
    if scope is None:
        return 0
    rights = Rights(scope)
    due = [one for one in common if not rights.closed(NEEDS[one.kind])]
    due += _of_person(settings, scope, person.kinds)
    fresh = _fresh(store, person.name, [one for one in due if one.kind in person.kinds])
    if not fresh:
        return 0
    _send(settings, person, fresh)
    sent.add(store.folder, [sent.digest(person.name, one.mark) for one in fresh], now)
    return 1


def _fresh(store: Store, who: str, notices: list[Notice]) -> list[Notice]:
    """Those that somebody was not told yet."""
    known = sent.read(store.folder)
    return [one for one in notices if sent.digest(who, one.mark) not in known]


def letter(settings: Settings, person: Person, notices: list[Notice]) -> EmailMessage:
    """The mail: one line a kind, and where to look.

    Parameters
    ----------
    settings : name sender and address of the dashboard
    person : whom it goes to
    notices : what he is told
    """
    lang = person.language
    kinds = dict.fromkeys(one.kind for one in notices)
    mail = EmailMessage()
    mail["Subject"] = t("notice.subject", lang)
    mail["From"], mail["To"] = settings.notices.sender, person.mail
    mail["Auto-Submitted"] = "auto-generated"
    what = [t(f"notice.{kind}", lang) for kind in kinds]
    lines = [t("notice.hello", lang), "", *(f"- {one}" for one in what)]
    if settings.notices.address:
        lines += ["", t("notice.look", lang, address=settings.notices.address)]
    mail.set_content("\n".join([*lines, "", t("notice.foot", lang)]) + "\n")
    return mail


def _send(settings: Settings, person: Person, notices: list[Notice]) -> None:
    """Hand a mail to the server of the settings."""
    rules = settings.notices
    where, secure = urlsplit(rules.smtp), ssl.create_default_context()
    host, port = (
        where.hostname or "",
        where.port or {"smtps": 465, "starttls": 587}.get(where.scheme, 25),
    )
    server: smtplib.SMTP
    if where.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    with server:
        if where.scheme == "starttls":
            server.starttls(context=secure)
        if rules.smtp_login is not None:
            user, word = rules.smtp_login.read_text(encoding="utf-8").split()
            server.login(user, word)
        server.send_message(letter(settings, person, notices))


def _call(settings: Settings, store: Store, common: list[Notice], now: pd.Timestamp) -> int:
    """One signed call with all that a program was not told yet; how many went out."""
    rules = settings.notices
    fresh = _fresh(store, rules.webhook, common)
    if not fresh:
        return 0
    body = json.dumps(
        {
            "at": now.tz_convert("UTC").isoformat(timespec="seconds"),
            "notices": [{"kind": one.kind, "id": sent.digest("", one.mark)} for one in fresh],
            "address": rules.address,
        }
    ).encode()
    headers = {"Content-Type": "application/json", SIGNATURE: sign(settings, body)}
    httpx.post(rules.webhook, content=body, headers=headers, timeout=SECONDS).raise_for_status()
    sent.add(store.folder, [sent.digest(rules.webhook, one.mark) for one in fresh], now)
    return 1


def sign(settings: Settings, body: bytes) -> str:
    """HMAC-SHA-256 of a call, by the secret that both programs share: `sha256=` and hexadecimal."""
    path = settings.notices.webhook_secret
    secret = b"" if path is None else path.read_bytes().strip()
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
