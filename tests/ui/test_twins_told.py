"""Two records beside each other: no fact is told as for and as against."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.views.data import twins
from ui.words import of_data, t

NOON = pd.Timestamp("2026-11-03 05:00", tz="UTC")


def record(**told) -> pd.Series:
    plain = dict.fromkeys(twins.FIELDS) | {
        "source_agency": "polda", "event_start": NOON, "time_precision": "day",
        "admin_code": "61.03.21", "n_persons": 6, "direction": "outbound",
        "event_type": "crossing_sighting",
    }  # fmt: skip
    return pd.Series(plain | told, dtype=object)


def test_a_village_does_not_contradict_its_own_sub_district():
    one, other = record(), record(admin_code="61.03.21.2003")
    assert twins.verdicts(one, other, "")["admin_code"] == "same"
    far = record(admin_code="61.03.2")  # a prefix of the text, not of the code
    assert twins.verdicts(one, far, "")["admin_code"] == "differs"
    table = twins.side_by_side(one, other, "", lambda name, value: str(value or "–"), "id")
    assert not any("≠" in name for name in table.index)


def test_what_one_record_does_not_say_is_no_contradiction():
    told = twins.verdicts(record(direction="unknown", n_persons=pd.NA), record(), "")
    assert not {"direction", "n_persons"} & set(told)


@pytest.mark.parametrize(("weight", "mark"), [("+0.4", " ≈"), ("-0.9", " ≠"), ("", " ≠")])
def test_a_difference_that_speaks_for_the_pair_is_no_contradiction(weight, mark):
    why = f"time +6.4, heads {weight}" if weight else "time +6.4"
    table = twins.side_by_side(
        record(), record(n_persons=7), why, lambda name, value: str(value or "–"), "id"
    )
    assert of_data.field_name("n_persons", "id") + mark in table.index


values = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["outbound", "inbound", "unknown", None]),
        "n_persons": st.sampled_from([5, 6, 7, None]),
        "origin_prov": st.sampled_from(["52", "33", None]),
        "detection": st.sampled_from(["discovered", "reported"]),
        "admin_code": st.sampled_from(["61.03", "61.03.21", "61.03.21.2003", "61.07", None]),
        "event_start": st.sampled_from([NOON, NOON + pd.Timedelta(days=1)]),
    }
)
names = ("time", "heads", "direction", "origin", "detection", "desa", "kecamatan", "office")
whys = st.dictionaries(st.sampled_from(names), st.floats(-9, 9).filter(lambda x: abs(x) > 0.05))


@given(one=values, other=values, weighed=whys)
def test_no_fact_is_told_as_for_and_against(one, other, weighed):
    why = ", ".join(f"{name} {value:+.1f}" for name, value in weighed.items())
    told = twins.verdicts(record(**one), record(**other), why)
    same = twins.compared_alike(told)
    pros, cons = of_data.compared(why, "id", same)
    assert not set(pros) & set(cons)
    for field, verdict in told.items():
        words = {t(f"compare.{name}", "id") for name in twins.ABOUT.get(field, ())}
        if verdict == "same":
            assert not words & set(cons)
        about = [weighed[name] for name in twins.ABOUT.get(field, ()) if name in weighed]
        if verdict == "differs" and len(about) == 1:
            assert not words & set(pros)
