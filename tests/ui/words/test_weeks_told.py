"""The week that is spoken of, in words: only days that the forecast was computed for."""

import pandas as pd
import pytest

from ui import html
from ui.views import frame
from ui.words import forecast_week, week_named, weeks

META = {"cutoff": "2026-11-22", "week": "2026-11-30"}


def test_a_forecast_bears_the_days_that_it_was_computed_for():
    assert weeks(META, 1, "id") == "30 Nov – 6 Des 2026"
    assert weeks(META, 4, "en") == "4 weeks, 30 Nov – 27 Dec 2026"
    assert weeks({"cutoff": "2026-12-20", "week": "2026-12-28"}, 1, "id") == (
        "28 Des 2026 – 3 Jan 2027"
    )


def test_an_assessment_of_an_older_program_forecast_the_week_after_its_data():
    assert forecast_week({"cutoff": "2026-11-22"}) == pd.Timestamp("2026-11-23")
    assert weeks({"cutoff": "2026-11-22"}, 1, "id") == "23–29 Nov 2026"


@pytest.mark.parametrize(("today", "words"), [
    ("2026-11-28", "Pekan depan, 30 Nov – 6 Des 2026"),
    ("2026-11-29", "Pekan depan, 30 Nov – 6 Des 2026"),
    ("2026-11-30", "Pekan ini, 30 Nov – 6 Des 2026"),
    ("2026-12-06", "Pekan ini, 30 Nov – 6 Des 2026"),
    ("2026-12-07", "Pekan yang sudah lewat, 30 Nov – 6 Des 2026"),
    ("2026-11-20", "Pekan 30 Nov – 6 Des 2026"),
])  # fmt: skip
def test_the_week_is_called_what_it_is_today(today, words):
    assert week_named(META, pd.Timestamp(today), "id") == words


def test_days_that_are_past_are_struck_out_while_the_week_runs():
    name, days = frame._week(META, "id", pd.Timestamp("2026-12-02"))
    assert [mark for _, mark in days] == ["over", "over", "now", "", "", "", ""]
    drawn = html.week(name, days)
    assert drawn.count("kr-day over") == 2 and 'kr-day now">Rab<' in drawn
    assert frame._week(META, "id", pd.Timestamp("2026-11-28"))[1] == []
