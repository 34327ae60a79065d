"""How invented events are told: by which agency, when, how precisely, how often, how wrongly.

One true event may be told by several agencies that differ in head count, time and place. Police
and BP3MI files often carry an office's address. Numbers follow what is publicly told of such
files; no row describes anything that happened.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from data.worlds.world import WIB, Simulation, move
from geo import calendar

AGENCIES = ("satgas_pamtas", "imigrasi", "polda", "desa", "bp3mi", "kjri")
#: days from event to report, lognormal: median, sigma; and mean days from report to delivery
DELAYS = {
    "satgas_pamtas": (1.0, 0.8, 1.0),
    "imigrasi": (4.0, 0.9, 2.0),
    "polda": (8.0, 1.1, 4.0),
    "desa": (3.0, 1.0, 4.0),
    "bp3mi": (21.0, 0.9, 7.0),
    "kjri": (5.0, 0.6, 3.0),
}
AGENCY_TYPES = {
    "satgas_pamtas": "law_enforcement",
    "imigrasi": "immigration",
    "polda": "law_enforcement",
    "desa": "local_gov",
    "bp3mi": "central_gov",
    "kjri": "central_gov",
}
#: who is the first to tell, and how much coarser an agency's places are than another's (0 to 1)
FIRST_DISCOVERED = {"satgas_pamtas": 0.78, "imigrasi": 0.12, "polda": 0.10}
FIRST_REPORTED = {"desa": 0.60, "polda": 0.20, "satgas_pamtas": 0.15, "bp3mi": 0.05}
ALSO = {"satgas_pamtas": 0.15, "imigrasi": 0.20, "polda": 0.30, "desa": 0.25, "bp3mi": 0.10}
COARSER = {"satgas_pamtas": 0.0, "imigrasi": 0.15, "polda": 0.35, "desa": 0.35, "bp3mi": 0.6}
PRECISIONS = ("gps", "landmark", "desa", "kecamatan", "kabupaten")
TIME_PRECISIONS = {  # shares of hour, part_of_day, day, week
    "satgas_pamtas": (0.70, 0.20, 0.10, 0.0),
    "imigrasi": (0.50, 0.20, 0.30, 0.0),
    "polda": (0.20, 0.25, 0.50, 0.05),
    "desa": (0.15, 0.50, 0.30, 0.05),
    "bp3mi": (0.05, 0.10, 0.75, 0.10),
    "kjri": (0.0, 0.0, 1.0, 0.0),
}
ORIGINS = {"Kalimantan Barat": 0.49, "Jawa Timur": 0.16, "Sulawesi Selatan": 0.13}
ORIGINS |= {"Nusa Tenggara Barat": 0.12, "Nusa Tenggara Timur": 0.10}
MODUS = ("job_offer_social_media", "forged_identity", "guide", "estate_roads", "unofficial_path")
CASE_TYPES = {
    "own_accord": "case_placement",
    "smuggling": "case_tppm",
    "trafficking": "case_tppo",
}
KUHP_FROM = pd.Timestamp("2026-01-02", tz=calendar.HOME)
COLUMNS = [
    *("event_id", "source_agency", "source_record_id", "source_version", "record_status"),
    *("event_type", "detection", "direction", "count_unit", "n_persons", "event_start"),
    *("time_precision", "reported_at", "received_at", "location_role", "geo_precision"),
    *("admin_code", "code_system", "sensitivity", "supersedes", "n_groups", "n_female", "n_male"),
    *("n_minor", "lon", "lat", "uncertainty_km", "origin_prov", "modus", "transport"),
    *("document_state", "operation_tag", "patrol_id", "legal_basis", "tip_status"),
    *("tip_status_by", "stage", "actor_role", "case_status", "agency_type", "synthetic"),
]


def tell_crossings(
    world: Simulation, true: pd.DataFrame, patrol_of: pd.Series, offices: pd.DataFrame
) -> pd.DataFrame:
    """The rows that agencies write about events they recorded, one row per telling.

    Parameters
    ----------
    world : whose seed, cells and parameters are used
    true : the events recorded, as `Simulation.step` gives them, with `campaign` (text)
    patrol_of : patrol id by (cell, week), for what was discovered
    offices : kabupaten_code, admin_code, lat, lon of an office in each kabupaten

    Returns
    -------
    DataFrame with true_id and everything of COLUMNS but ids and versions.
    """
    p, rng = world.parameters, world.rng("records")
    n = len(true)
    found = true["discovered"].to_numpy()
    first = np.where(found, _pick(rng, FIRST_DISCOVERED, n), _pick(rng, FIRST_REPORTED, n))
    several = rng.random(n) < p.twin_share
    second = _others(rng, [first])
    third = _others(rng, [first, second])
    both = found & true["reported"].to_numpy() & several & (first != "desa")
    second = np.where(both, "desa", second)
    third = np.where(third == second, "", third)
    more = several & (rng.random(n) < 0.12) & (third != "")
    row = np.concatenate([np.arange(n), np.flatnonzero(several), np.flatnonzero(more)])
    agency = np.concatenate([first, second[several], third[more]])
    twin = np.arange(len(row)) >= n

    records = true.iloc[row].reset_index(drop=True)
    records["source_agency"] = agency
    m, found = len(records), found[row]
    by_patrol = found & (~twin | np.isin(agency, ["satgas_pamtas", "imigrasi"]))
    records["detection"] = np.where(by_patrol, "discovered", "reported")
    records["event_type"] = _event_types(records, rng)
    known = rng.random(m) >= 0.06
    typed = records["event_type"].str.startswith("interception").to_numpy()
    records["direction"] = np.where(known | typed, records["direction"], "unknown")
    _count(records, twin, rng)
    case = records["event_type"].str.startswith("case").to_numpy()
    at_office = np.where(case, 0.5, 0.0) + (agency == "bp3mi") * 0.4 > rng.random(m)
    records["location_role"] = np.where(at_office, "recorded", "occurred")
    records["precise_time"] = records["time"]
    _place(records, world, rng)
    _move_to_office(records, at_office, offices)
    set_clock(records, twin, rng)
    week = (
        (records["time"] + pd.Timedelta(WIB)).dt.tz_localize(None).dt.to_period("W").dt.start_time
    )
    key = pd.MultiIndex.from_arrays([records["cell"], week])
    patrol = patrol_of.reindex(key).fillna("").to_numpy()
    records["patrol_id"] = np.where(by_patrol & (agency == "satgas_pamtas"), patrol, "")
    records["operation_tag"] = np.where(by_patrol, records["campaign"], "")
    set_details(records, rng)
    return records


def tell_campaign_cases(
    world: Simulation, true: pd.DataFrame, offices: pd.DataFrame
) -> pd.DataFrame:
    """Police cases that come in bursts: a third about crossings of the weeks before, the rest
    registered at offices about nothing that happened at the border in that week.

    Parameters
    ----------
    world : the invented world
    true : what happened
    offices : where cases are registered
    """
    rng, parts = world.rng("records", 1), []
    for start, weeks, n in world.parameters.campaigns:
        begin = pd.Timestamp(start, tz=calendar.HOME).tz_convert("UTC")
        span = world.weeks[0].tz_localize(calendar.HOME)
        if not span <= begin < span + pd.Timedelta(weeks=len(world.weeks)):
            continue
        age = begin - true["time"]
        old = true[(age > pd.Timedelta(0)) & (age < pd.Timedelta(weeks=8))]
        real = old.iloc[np.sort(rng.permutation(len(old))[: n // 3])]
        case = real.copy()
        case["location_role"] = "occurred"
        office = pd.DataFrame({"true_id": [""] * (n - len(case))})
        office["kind"] = rng.choice(list(CASE_TYPES), len(office), p=(0.4, 0.2, 0.4))
        office["time"] = begin + hours_of(rng.uniform(8, 24 * 7 * weeks - 9, len(office)))
        office["direction"], office["location_role"] = "outbound", "recorded"
        office["n_persons"] = 1 + rng.poisson(2.8, len(office))
        office["cell"] = rng.choice(world.frame["cell"].to_numpy(dtype=object), len(office))
        case = pd.concat([case, office], ignore_index=True)
        case["registered"] = begin + hours_of(rng.uniform(8, 24 * 7 * weeks - 9, n))
        case["operation_tag"] = f"OPS-SINTETIS-{start[:7]}"
        parts.append(case)
    if not parts:
        return pd.DataFrame()
    records = pd.concat(parts, ignore_index=True)
    records["source_agency"], records["detection"] = "polda", "reported"
    records["event_type"] = records["kind"].map(CASE_TYPES)
    records["precise_time"] = records["time"]
    _count(records, np.ones(len(records), dtype=bool), rng)
    _place(records, world, rng)
    _move_to_office(records, (records["location_role"] == "recorded").to_numpy(), offices)
    set_clock(records, np.ones(len(records), dtype=bool), rng)
    late = records["registered"] + hours_of(rng.exponential(6, len(records)))
    records["reported_at"] = late.where(late > records["event_start"], records["event_start"])
    records["received_at"] = records["reported_at"] + hours_of(
        24 * rng.exponential(4, len(records))
    )
    records["patrol_id"] = ""
    set_details(records, rng)
    return records


def number(records: pd.DataFrame, world: Simulation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give record numbers, add corrected and withdrawn versions -> (events, links).

    `links` has event_id and true_id of every record that tells of a true event or batch.
    """
    p, rng = world.parameters, world.rng("records", 3)
    order = ["source_agency", "reported_at", "event_start", "event_type", "n_persons"]
    records = records.sort_values(order, kind="stable").reset_index(drop=True)
    serial = records.groupby("source_agency").cumcount() + 1
    year = records["reported_at"].dt.year.astype(str)
    record = "SINT-" + year + "-" + serial.astype(str).str.zfill(5)
    records["source_record_id"] = record
    records["event_id"] = records["source_agency"] + ":" + record
    records["source_version"], records["record_status"], records["supersedes"] = 1, "new", ""
    records["code_system"] = np.where(records["admin_code"] == "", "", "kemendagri")
    records["agency_type"] = records["source_agency"].map(AGENCY_TYPES)
    records["synthetic"] = True
    u = rng.random(len(records))
    changed = records[u < p.corrected_share + p.withdrawn_share].copy()
    gone = u[changed.index] >= p.corrected_share
    changed["source_version"], changed["supersedes"] = 2, changed["source_record_id"]
    changed["record_status"] = np.where(gone, "withdrawn", "corrected")
    changed["reported_at"] = changed["received_at"] + hours_of(24 * rng.gamma(2, 5, len(changed)))
    changed["received_at"] = changed["reported_at"] + hours_of(rng.uniform(1, 72, len(changed)))
    more = changed["n_persons"].notna().to_numpy() & ~gone
    head = changed["n_persons"].to_numpy(dtype=float, na_value=np.nan)
    fixed = np.where(more, np.maximum(1, head + rng.choice([-2, -1, 1, 2], len(head))), head)
    changed["n_persons"] = pd.array(fixed, dtype="Int64")
    differs = changed["n_persons"].fillna(0).to_numpy() != np.nan_to_num(head)
    changed.loc[differs, ["n_female", "n_male", "n_minor"]] = pd.NA
    events = pd.concat([records, changed], ignore_index=True)
    links = records.loc[records["true_id"] != "", ["event_id", "true_id"]].reset_index(drop=True)
    events = events.sort_values(["received_at", "event_id", "source_version"], kind="stable")
    return canonical(events), links.astype("str")


def canonical(events: pd.DataFrame) -> pd.DataFrame:
    """Exactly the canonical columns in order; text as str, "" where nothing is told."""
    made: dict[str, pd.Series] = {}
    for name in COLUMNS:
        values = events[name]
        if name in ("n_persons", "n_groups", "n_female", "n_male", "n_minor"):
            made[name] = values.astype("Int64")
        elif name in ("event_start", "reported_at", "received_at"):
            made[name] = (
                pd.to_datetime(values, utc=True).dt.floor("s").astype("datetime64[us, UTC]")
            )
        elif name in ("lon", "lat", "uncertainty_km"):
            made[name] = values.astype(float)
        elif name in ("source_version", "synthetic"):
            made[name] = values
        else:
            made[name] = values.fillna("").astype("str")
    return pd.DataFrame(made).reset_index(drop=True)


def _event_types(records: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    n = len(records)
    u, agency = rng.random(n), records["source_agency"].to_numpy()
    found = (records["detection"] == "discovered").to_numpy()
    out = (records["direction"] == "outbound").to_numpy()
    case = records["kind"].map(CASE_TYPES).to_numpy(dtype=object)
    caught = np.where(out, "interception_out", "interception_in")
    army = np.where(found & (u < 0.6), caught, "crossing_sighting")
    village = np.where(u < 0.5, "crossing_sighting", "community_report")
    police = np.where(found | (u < 0.5), case, "community_report")
    office = np.where(out & found, "interception_out", np.where(found, case, "community_report"))
    return np.select(
        [agency == "satgas_pamtas", agency == "desa", agency == "polda", agency == "imigrasi"],
        [army, village, police, office],
        "community_report",
    )


def _count(records: pd.DataFrame, twin: np.ndarray, rng: np.random.Generator) -> None:
    """Heads as told, and who they are where that is told: women + men = persons."""
    n, kind = len(records), records["event_type"]
    unit = np.select(
        [kind.str.startswith("case"), kind == "community_report"], ["case", "report"], "group"
    )
    true = records["n_persons"].to_numpy(float)
    differs = twin | (rng.random(n) < 0.15)
    heads = np.where(differs, np.round(true * rng.uniform(0.8, 1.2, n)), true)
    heads = np.maximum(heads, 1).astype(int)
    silent = (unit != "group") & (rng.random(n) < 0.2)
    broken_down = ~silent & (rng.random(n) < 0.5)
    records["count_unit"] = unit
    set_heads(records, heads, silent, broken_down, rng)
    records["n_groups"] = pd.array(np.where(unit == "group", 1, 0), dtype="Int64")
    records.loc[unit != "group", "n_groups"] = pd.NA


def set_heads(
    records: pd.DataFrame,
    heads: np.ndarray,
    silent: np.ndarray,
    broken_down: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Persons of each record, in place: how many, and of them women, men and minors.

    Parameters
    ----------
    records : the records, changed in place
    heads : persons, by record
    silent : bool by record, whether no number is told
    broken_down : bool by record, whether women, men and minors are told
    rng : draws how many are women and minors
    """
    women, minors = rng.binomial(heads, 0.30), rng.binomial(heads, 0.06)
    for name, values in (("n_female", women), ("n_male", heads - women), ("n_minor", minors)):
        records[name] = pd.Series(values, index=records.index, dtype="Int64").mask(~broken_down)
    records["n_persons"] = pd.Series(heads, index=records.index, dtype="Int64").mask(silent)


def _place(records: pd.DataFrame, world: Simulation, rng: np.random.Generator) -> None:
    """Precision by exact shares, finer for those who carry a receiver; then point and code."""
    n = len(records)
    coarse = rng.random(n) + records["source_agency"].map(COARSER).fillna(0.3).to_numpy(float)
    rank = (np.argsort(np.argsort(coarse, kind="stable")) + 0.5) / max(n, 1)
    level = np.searchsorted(np.cumsum(world.parameters.precision_shares)[:-1], rank)
    records["geo_precision"] = np.array(PRECISIONS, dtype=object)[level]
    off = np.where(level == 0, np.abs(rng.normal(0, 0.03, n)), np.abs(rng.normal(0, 0.6, n)))
    place = world.grid.position(records["cell"].tolist())
    frame = world.frame.iloc[place]
    if "lat" not in records:
        records["lat"] = records["lon"] = np.nan
    off, angle = np.minimum(off, 1.8), rng.uniform(0, 2 * np.pi, n)
    lat, lon = move(records["lat"].to_numpy(float), records["lon"].to_numpy(float), off, angle)
    point = level <= 1
    records["lat"] = np.where(point, lat, np.nan).round(5)
    records["lon"] = np.where(point, lon, np.nan).round(5)
    records["uncertainty_km"] = np.select([level == 0, level == 1], [0.1, 2.0], np.nan)
    desa = frame["desa_code"].fillna("").to_numpy(dtype=object)
    kecamatan = frame["kecamatan_code"].fillna("").to_numpy(dtype=object)
    kabupaten = frame["kabupaten_code"].fillna("").to_numpy(dtype=object)
    records["admin_code"] = np.select([level <= 2, level == 3], [desa, kecamatan], kabupaten)
    records["kabupaten_code"] = kabupaten


def _move_to_office(records: pd.DataFrame, moves: np.ndarray, offices: pd.DataFrame) -> None:
    """What is registered at an office carries the office's point and code."""
    office = offices.set_index("kabupaten_code").reindex(records["kabupaten_code"])
    moves = moves & office["lat"].notna().to_numpy()
    for name in ("lat", "lon", "admin_code"):
        records[name] = np.where(moves, office[name].to_numpy(), records[name].to_numpy())
    records["geo_precision"] = np.where(moves, "landmark", records["geo_precision"])
    records["uncertainty_km"] = np.where(moves, 2.0, records["uncertainty_km"].to_numpy(float))


def set_clock(records: pd.DataFrame, twin: np.ndarray, rng: np.random.Generator) -> None:
    """The start as told, cut to its precision in WIB, and when it was reported and received.

    Parameters
    ----------
    records : the records, changed in place
    twin : bool by record, whether it is the second telling of an event
    rng : draws delays
    """
    n, agency = len(records), records["source_agency"]
    shares = np.array([TIME_PRECISIONS[name] for name in agency]).reshape(n, 4).cumsum(axis=1)
    level = (rng.random((n, 1)) > shares[:, :3]).sum(axis=1)
    records["time_precision"] = np.array(["hour", "part_of_day", "day", "week"], dtype=object)[
        level
    ]
    shift = np.where(twin & (level <= 1), np.clip(rng.normal(0, 1.0, n), -3, 3), 0.0)
    local = (records["time"] + hours_of(shift)).dt.tz_convert(calendar.HOME).dt.tz_localize(None)
    day = local.dt.floor("D")
    part = day + pd.to_timedelta(local.dt.hour // 6 * 6, unit="h")
    week = calendar.monday_of(local)
    start = local.dt.floor("h")
    for k, cut in ((1, part), (2, day), (3, week)):
        start = start.mask(level == k, cut)
    records["event_start"] = start.dt.tz_localize(calendar.HOME).dt.tz_convert("UTC")
    known = records[["time", "event_start"]].max(axis=1)
    delay = np.array([DELAYS[name] for name in agency]).reshape(n, 3)
    days = delay[:, 0] * np.exp(delay[:, 1] * rng.standard_normal(n))
    records["reported_at"] = known + hours_of(24 * days)
    records["received_at"] = records["reported_at"] + hours_of(24 * rng.exponential(delay[:, 2]))


def set_details(records: pd.DataFrame, rng: np.random.Generator) -> None:
    """What is told beside place, time and heads."""
    n, kind = len(records), records["event_type"]
    case = kind.str.startswith("case").to_numpy()
    records["origin_prov"] = np.where(rng.random(n) < 0.6, _pick(rng, ORIGINS, n), "")
    two = [f"{a}|{b}" for a, b in pairwise(MODUS)]
    records["modus"] = np.where(rng.random(n) < 0.4, rng.choice([*MODUS, *two], n), "")
    ways = rng.choice(["foot", "motorcycle", "car", "boat"], n, p=(0.45, 0.35, 0.17, 0.03))
    records["transport"] = np.where(rng.random(n) < 0.5, ways, "")
    papers = rng.choice(["none", "passport", "border_pass", "expired", "forged"], n)
    records["document_state"] = np.where(rng.random(n) < 0.3, papers, "")
    old = np.select([kind == "case_tppo", kind == "case_tppm"], ["UU21_2007", "UU6_2011_120"], "")
    new = np.select([kind == "case_tppo", kind == "case_tppm"], ["KUHP_455", "KUHP_457"], "")
    law = np.where(records["reported_at"] >= KUHP_FROM, new, old)
    records["legal_basis"] = np.where(kind == "case_placement", "UU18_2017_81", law)
    screened = (kind == "case_tppo").to_numpy() & (rng.random(n) < 0.7)
    records["tip_status"] = np.where(screened, rng.choice(["possible", "actual"], n), "")
    records["tip_status_by"] = np.where(screened, "police", "")
    records["stage"] = np.where(case, "transit", "")
    roles = rng.choice(["recruiter", "transporter", "guide", "recruiter|transporter"], n)
    records["actor_role"] = np.where(case, roles, "")
    records["case_status"] = np.where(case, rng.choice(["active", "follow_up", "closed"], n), "")
    records["sensitivity"] = np.where(case, "restricted", "internal")


def _pick(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    return rng.choice(np.array(list(shares), dtype=object), n, p=list(shares.values()))


def _others(rng: np.random.Generator, taken: list[np.ndarray]) -> np.ndarray:
    """An agency for each row that is none of those taken."""
    names = np.array(list(ALSO), dtype=object)
    weight = np.tile(list(ALSO.values()), (len(taken[0]), 1))
    for column in taken:
        weight[names[None, :] == column[:, None]] = 0.0
    sums = weight.cumsum(axis=1)
    return names[(sums > rng.random((len(weight), 1)) * sums[:, -1:]).argmax(axis=1)]


def hours_of(hours: np.ndarray) -> pd.TimedeltaIndex:
    return pd.to_timedelta(np.round(np.asarray(hours, dtype=float) * 3600), unit="s")
