import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.panel import count_events, gather_periods

rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 6), st.floats(0, 1, width=32)), max_size=30
)


def table(weeks, entries) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "week": weeks[[week for week, _, _ in entries]],
            "place": np.array([place for _, place, _ in entries], dtype=int),
            "weight": np.array([weight for _, _, weight in entries], dtype=float),
        }
    )


@given(entries=rows)
def test_every_event_counts_once(weeks, entries):
    panel = count_events(table(weeks, entries), weeks, 7)
    assert panel.shape == (6, 7)
    assert np.isclose(panel.sum(), sum(weight for *_, weight in entries), rtol=1e-5)


@given(entries=rows, cut=st.integers(0, 30))
def test_panels_of_two_files_add_up(weeks, entries, cut):
    whole = count_events(table(weeks, entries), weeks, 7)
    parts = [count_events(table(weeks, part), weeks, 7) for part in (entries[:cut], entries[cut:])]
    assert np.allclose(whole, parts[0] + parts[1], atol=1e-5)


@given(entries=rows)
def test_order_of_rows_does_not_matter(weeks, entries):
    turned = count_events(table(weeks, entries[::-1]), weeks, 7)
    assert np.allclose(count_events(table(weeks, entries), weeks, 7), turned)


def test_periods_are_counted_back_from_the_last_week():
    panel = np.arange(5, dtype=np.float32)[:, None]
    assert gather_periods(panel, 2).ravel().tolist() == [1 + 2, 3 + 4]


def test_a_row_without_a_cell_is_refused(weeks):
    with pytest.raises(ValueError, match="1 of 1 rows have no cell"):
        count_events(table(weeks, [(0, -1, 1.0)]), weeks, 7)
