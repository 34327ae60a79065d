"""Where Eid falls, and what that says about a week."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.season import days_to_eid, eid_dates, ramadan_eid, season_features


def test_eid_moves_through_the_year():
    assert ramadan_eid(2024) == [(date(2024, 3, 11), date(2024, 4, 10))]
    assert eid_dates("2023-11-06", "2026-11-02").strftime("%Y-%m-%d").tolist() == [
        "2024-04-10",
        "2025-03-30",
        "2026-03-20",
    ]


def test_a_year_may_hold_two():
    assert len(ramadan_eid(2033)) == 2
    assert sum(len(ramadan_eid(year)) for year in range(1925, 2077)) == 157


def test_days_to_eid_change_sign_at_eid():
    days = days_to_eid(pd.DatetimeIndex(["2024-04-09", "2024-04-10", "2024-04-12"]))
    assert days.tolist() == [1, 0, -2]


def test_features_of_a_week():
    """The second week of Ramadan 2024 lies in Ramadan and before Eid; July in neither."""
    got = season_features(pd.DatetimeIndex(["2024-03-18", "2024-04-22", "2024-07-01"]))
    assert got["ramadan"].tolist() == [1, 0, 0]
    assert got["before_eid"].tolist() == [1, 0, 0]
    assert got["after_eid"].tolist() == [0, 1, 0]
    assert got["weeks_to_eid"].iloc[0] == pytest.approx(20 / 7)
    np.testing.assert_allclose(got["year_sin"] ** 2 + got["year_cos"] ** 2, 1)


def test_year_end_is_told_and_periods_may_be_longer():
    got = season_features(pd.DatetimeIndex(["2024-12-02", "2024-12-23", "2025-01-06"]))
    assert got["year_end"].tolist() == [0, 1, 0]
    month = season_features(pd.DatetimeIndex(["2024-12-02"]), days=28)
    assert month["year_end"].iloc[0] == pytest.approx(20 / 28)
    assert len(season_features(pd.DatetimeIndex([]))) == 0


def test_refusals_say_what_is_known():
    with pytest.raises(ValueError, match="1925 to 2076"):
        ramadan_eid(2500)
    with pytest.raises(ValueError, match="1925 to 2075"):
        days_to_eid(pd.DatetimeIndex(["1900-01-01"]))
    with pytest.raises(ValueError, match="naive local dates"):
        days_to_eid(pd.DatetimeIndex(["2024-01-01"], tz="UTC"))
