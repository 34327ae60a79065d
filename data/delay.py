"""How fresh each agency's record is: last delivery, "lengkap s.d.", and what is still to come.

The delay from event to receipt is estimated from right-truncated data: an event of last week
that takes a month is not there yet, so the delays seen lately look too short. Reverse-time
hazards (Lagakos, Barraj & De Gruttola 1988), the chain ladder of insurers, take that into account.
"""

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from data.errors import DataError
from geo import calendar

DAY, WEEK = pd.Timedelta(days=1), pd.Timedelta(days=7)
#: a week counts as complete when this share of its events is expected to be here
COMPLETE = 0.95
#: weeks of delay looked at; longer ones count as this long
MAX_WEEKS = 26
#: an agency is stale when nothing came for this many of its usual intervals (and over 14 days)
STALE_INTERVALS = 3.0
MIN_STALE_DAYS = 14.0
#: weeks whose deliveries tell the delays of today
RECENT_WEEKS = 78
#: a first delivery that spans more weeks than this is a history, not news
BACKFILL_WEEKS = 8
#: draws that lie further apart than this are no small counts
WIDE = 400


def freshness(events: pd.DataFrame, now: pd.Timestamp, zone: str = calendar.HOME) -> pd.DataFrame:
    """Per agency what has come, how late it comes and how far it is complete.

    Parameters
    ----------
    events : source_agency, event_start, received_at (UTC), one row per record
    now : the moment asked about; what was received later is left out
    zone : IANA name of the zone in which days and weeks are cut

    Returns
    -------
    DataFrame, one row per source_agency: n_events, last_received (UTC), days_since, usual_days
        (90 % of its gaps between deliveries are shorter), stale (bool), delay_median_days,
        delay_p95_days (of what is here), complete_to (Monday of the last week that is complete
        with every week before it, NaT if none).
    """
    known = events[events["received_at"] <= now]
    rows = []
    for agency, own in known.groupby("source_agency", sort=True):
        days = own["received_at"].dt.tz_convert(zone).dt.floor("D").drop_duplicates()
        gaps = days.sort_values().diff().dt.days.dropna()
        usual = float(gaps.quantile(0.9)) if len(gaps) else np.nan
        since = (now - own["received_at"].max()) / pd.Timedelta(days=1)
        limit = max(MIN_STALE_DAYS, STALE_INTERVALS * (usual if np.isfinite(usual) else 0.0))
        delay = _in_units(own["received_at"] - own["event_start"], DAY)
        rows.append(
            {
                "source_agency": agency,
                "n_events": len(own),
                "last_received": own["received_at"].max(),
                "days_since": since,
                "usual_days": usual,
                "stale": bool(since > limit),
                "delay_median_days": delay.median(),
                "delay_p95_days": delay.quantile(0.95),
                "complete_to": complete_to(own, now, zone=zone),
            }
        )
    columns = ["source_agency", "n_events", "last_received", "days_since", "usual_days", "stale"]
    columns += ["delay_median_days", "delay_p95_days", "complete_to"]
    return pd.DataFrame(rows, columns=columns)


def complete_to(
    events: pd.DataFrame,
    now: pd.Timestamp,
    share: float = COMPLETE,
    zone: str = calendar.HOME,
) -> pd.Timestamp | NaTType:
    """Monday (local, as a date) of the last week of which `share` of the events is expected here.

    Judged at the last delivery: since then nothing is known, however long it is ago. NaT where
    no recent delivery tells how long delays are.

    Parameters
    ----------
    events : records of one agency, with event_start and received_at (UTC)
    now : the moment (UTC) after which nothing is known
    share : of a week's events that must be here
    zone : IANA name of the zone in which weeks are cut
    """
    events = events[events["received_at"] <= now]
    if events.empty or not len(_delays(events, events["received_at"].max(), zone)[0]):
        return pd.NaT
    now = events["received_at"].max()
    week_now, _ = _week_and_phase(now, zone)
    arrived = arrived_share(events, now, zone)
    whole = np.flatnonzero(arrived >= share)
    first = calendar.week_of(events["event_start"], zone).min()
    # week 0 is the running one: it is not over yet and never complete
    week = week_now - max(int(whole[0]), 1) * WEEK
    return week if week >= first else pd.NaT


def arrived_share(events: pd.DataFrame, now: pd.Timestamp, zone: str = calendar.HOME) -> np.ndarray:
    """Share of a week's events that is expected here by now, for the week k = 0, 1, ... back.

    The running week (k = 0) counts as a whole one, also for its days to come; the last entry is 1.

    Parameters
    ----------
    events : records of one agency, with event_start and received_at (UTC)
    now : the moment (UTC) after which nothing is known
    zone : IANA name of the zone in which weeks are cut
    """
    return _arrived(*_delays(events, now, zone))


def nowcast(
    events: pd.DataFrame,
    now: pd.Timestamp,
    weeks: int = 12,
    level: float = 0.8,
    draws: int = 1000,
    seed: int = 0,
    zone: str = calendar.HOME,
) -> pd.DataFrame:
    """How many events the last weeks will have once everything has come, with an interval.

    Parameters
    ----------
    events : event_start, received_at (UTC) of one agency or of one kind, withdrawn ones left out
    now : the moment asked about
    weeks : how many weeks back, the running one included
    level : share of the cases in which the interval should hold the truth
    draws, seed : how many draws, and where they begin
    zone : IANA name of the zone in which weeks are cut

    Returns
    -------
    DataFrame, one row per week (Monday, local): n_received, share (expected to be here), expected,
        lo, hi. The running week is told as a whole one. The interval holds what is uncertain
        about the delays (a bootstrap over events) and the chance of what is to come (negative
        binomial, with the weekly variation of this record). Its ends are whole numbers and part
        of it; of all such intervals it is the one that holds nearest to `level`.

    Raises
    ------
    DataError
        If nothing was received yet.
    """
    if not 0 < level < 1:
        raise ValueError(f"level is a share, 0 < level < 1, got {level}")
    known = events[events["received_at"] <= now]
    if known.empty:
        what = f"nothing was received yet (before {now})"
        raise DataError(what, key="nothing_received")
    week = calendar.week_of(known["event_start"], zone)
    week_now, _ = _week_and_phase(now, zone)
    index = pd.DatetimeIndex([week_now - k * WEEK for k in range(weeks)], name="week")
    received = week.value_counts().reindex(index, fill_value=0).to_numpy()
    delay, age = _delays(known, now, zone)
    share = _arrived(delay, age)
    mean, size = _usual_week(week, week_now, share)
    part = _padded(share, weeks)
    # the usual week steadies the youngest weeks, of which hardly anything is here: posterior of a
    # gamma-Poisson whose gamma is the record's own spread of weeks
    shape = size + received
    expected = received + shape / (size / mean + part) * (1.0 - part)
    rng = np.random.default_rng(seed)
    to_come = np.empty((draws, weeks))
    for i in range(draws):
        chosen = rng.integers(0, len(delay), len(delay))
        part_i = _padded(_arrived(delay[chosen], age[chosen]), weeks)
        rate = rng.gamma(shape, 1.0 / (size / mean + part_i))
        to_come[i] = rng.poisson(rate * (1.0 - part_i))
    ends = np.array([_interval(to_come[:, k], level) for k in range(weeks)]).reshape(-1, 2)
    table = pd.DataFrame(
        {
            "week": index,
            "n_received": received,
            "share": part,
            "expected": expected,
            "lo": received + ends[:, 0],
            "hi": received + ends[:, 1],
        }
    )
    return table.sort_values("week", ignore_index=True)


def _interval(draws: np.ndarray, level: float) -> tuple[float, float]:
    """Whole numbers lo <= hi between which the share of the draws is nearest to `level`.

    The tails' quantiles rounded outwards would hold far more: of counts as small as these a
    single number is a good part of all draws. Of two as near, the one with the evener tails.
    Where the draws lie far apart a single number hardly counts, and the quantiles are rounded.
    """
    tail = (1.0 - level) / 2
    least = draws.min()
    if draws.max() - least > WIDE:
        return tuple(np.round(np.quantile(draws, [tail, 1.0 - tail])))
    count = np.bincount((draws - least).astype(int))
    upto = np.cumsum(count) / len(draws)
    below = np.concatenate([[0.0], upto[:-1]])
    held = upto[None, :] - below[:, None]
    uneven = np.abs(below[:, None] - (1.0 - upto)[None, :])
    cost = np.abs(held - level) + 0.05 * uneven
    cost[np.tril_indices(len(count), -1)] = np.inf  # lo > hi
    lo, hi = np.unravel_index(np.argmin(cost), cost.shape)
    return float(least + lo), float(least + hi)


def _delays(events: pd.DataFrame, now: pd.Timestamp, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Weeks of delay and of age of the recent events received.

    A delay of k says: received k weeks after the weekday and hour of `now` in the week it
    happened. So an event whose week is k back is known if, and only if, its delay is k or less.
    """
    known = _without_backfill(events[events["received_at"] <= now])
    week_now, phase = _week_and_phase(now, zone)
    week = calendar.week_of(known["event_start"], zone)
    age = _in_units(week_now - week, WEEK).round().to_numpy(dtype=int)
    received = calendar.local(known["received_at"], zone)
    late = _in_units(received - (week + phase), WEEK).to_numpy(float)
    delay = np.ceil(late - 1e-9).astype(int)
    # an event dated after its receipt is a wrong date, not a delay
    recent = (age >= 0) & (age <= RECENT_WEEKS)
    recent &= (known["received_at"] >= known["event_start"] - pd.Timedelta(days=1)).to_numpy()
    return np.clip(delay[recent], 0, MAX_WEEKS), np.minimum(age[recent], MAX_WEEKS)


def _in_units(gap: "pd.Series[pd.Timedelta]", unit: pd.Timedelta) -> "pd.Series[float]":
    return gap / unit


def _without_backfill(events: pd.DataFrame) -> pd.DataFrame:
    """Leave out an agency's first delivery if it brought its history: that is no delay."""
    if events.empty:
        return events
    first = events["received_at"] < events["received_at"].min() + pd.Timedelta(days=1)
    dates = events.loc[first, "event_start"]
    return events[~first] if dates.max() - dates.min() > BACKFILL_WEEKS * WEEK else events


def _arrived(delay: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Share received within k weeks: the product of one minus the hazards of longer delays."""
    return np.cumprod(1.0 - _hazards(delay, age)[::-1])[::-1]


def _hazards(delay: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Reverse-time hazards: of events known within k weeks, the share known just in week k.

    Only events old enough to have shown a delay of k weeks are asked, so that late ones still on
    their way do not make the delays look short. Entry k - 1 is for k, the last is 0.
    """
    just = np.zeros(MAX_WEEKS + 1)
    within = np.zeros(MAX_WEEKS + 1)
    n = MAX_WEEKS + 1
    table = np.bincount(delay * n + age, minlength=n * n).reshape(n, n)
    for k in range(1, MAX_WEEKS + 1):
        old_enough = table[:, k:]
        just[k] = old_enough[k].sum()
        within[k] = old_enough[: k + 1].sum()
    hazard = np.zeros(MAX_WEEKS + 2)
    seen = within > 0
    hazard[:-1][seen] = just[seen] / within[seen]
    return hazard[1:]


def _usual_week(week: pd.Series, week_now: pd.Timestamp, share: np.ndarray) -> tuple[float, float]:
    """Mean and gamma shape of the weekly counts over the last half year that is nearly here."""
    young = int(np.argmax(_padded(share, MAX_WEEKS + 1) >= 0.8))
    last = week_now - max(young, 1) * WEEK
    first = max(week.min(), last - 25 * WEEK)
    weeks = pd.date_range(first, max(last, first), freq="7D")
    counts = week.value_counts().reindex(weeks, fill_value=0).to_numpy(dtype=float)
    age = np.round(((week_now - weeks) / WEEK).to_numpy(float)).astype(int)
    padded = _padded(share, int(age.max()) + 1)
    counts = counts / np.maximum(padded[age], 0.05)
    mean = max(float(counts.mean()), 0.05)
    spread = float(counts.var(ddof=1)) if len(counts) > 1 else mean
    size = mean * mean / max(spread - mean, 0.02 * mean * mean)
    return mean, float(np.clip(size, 0.3, 50.0))


def _padded(share: np.ndarray, n: int) -> np.ndarray:
    """The shares of the last n weeks; older weeks than looked at are complete."""
    return np.concatenate([share, np.ones(max(n - len(share), 0))])[:n]


def _week_and_phase(now: pd.Timestamp, zone: str) -> tuple[pd.Timestamp, pd.Timedelta]:
    """Monday of the week of a moment (local), and how far the week is gone."""
    local = calendar.local_moment(now, zone)
    week = calendar.monday(local)
    return week, local - week
