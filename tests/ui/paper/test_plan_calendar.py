"""What a calendar program makes of a plan's file, version after version (RFC 5545)."""

import icalendar
import pandas as pd

from ui.paper import plan_files

ABOUT = {
    "plan": "20261124T071833.714723Z-2e49f8", "status": "signed", "first_day": "2026-11-30",
    "at": "2026-11-24T07:18:47+00:00", "synthetic": True,
}  # fmt: skip


def order(name: str, team: str = "A") -> pd.DataFrame:
    begin = pd.Timestamp("2026-11-30 06:15")
    hours = {"start": 0, "arrive": 1, "leave": 3, "back": 4}
    when = {key: begin + pd.Timedelta(hours=hour) for key, hour in hours.items()}
    told = {"order_id": name, "team_id": team, "seq": 1, "sector": "86", "name": "Jagoi",
            "lat": 1.2, "lon": 109.9, "action": "patrol", "stay_minutes": 120, **when}  # fmt: skip
    return pd.DataFrame([told])


def events(version: int, orders: pd.DataFrame, gone=(), **about) -> dict[str, icalendar.Event]:
    told = ABOUT | {"version": version} | about
    text = plan_files.text("ics", orders, pd.DataFrame(), told, gone)
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert not any(event.errors for event in found)
    return {str(event["UID"]): event for event in found}


def test_a_dropped_order_is_cancelled_under_its_own_uid_with_a_higher_sequence():
    both = pd.concat([order("A-1"), order("A-2")])
    first = events(1, both)
    now = events(3, order("A-1"), [(order("A-2"), ABOUT | {"version": 3})])
    assert set(first) == set(now) and len(now) == 2
    gone = next(uid for uid in now if "A-2" in uid)
    assert [str(now[uid]["STATUS"]) for uid in sorted(now)] == ["CONFIRMED", "CANCELLED"]
    assert now[gone]["SEQUENCE"] > first[gone]["SEQUENCE"]
    assert str(now[gone]["TRANSP"]) == "TRANSPARENT" and "DIBATALKAN" in str(now[gone]["SUMMARY"])


def test_a_withdrawn_plan_cancels_every_order():
    signed, after = events(3, order("A-1")), events(4, order("A-1"), status="withdrawn")
    (uid,) = after
    assert uid in signed and after[uid]["SEQUENCE"] > signed[uid]["SEQUENCE"]
    assert str(after[uid]["STATUS"]) == "CANCELLED"
