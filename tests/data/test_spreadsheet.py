"""No text of a file that leaves can run in a spreadsheet."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.spreadsheet import as_text, csv_text, is_formula

BEFORE = ["", " ", "   ", "\u00a0", "\u200b", "\ufeff", "\u3000", "\x00", "\u202e", " \u00a0 "]
SIGNS = ["=", "+", "-", "@", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE)
def test_a_sign_behind_whatever_is_passed_over_is_a_formula(before, sign):
    assert is_formula(f"{before}{sign}cmd|'/c calc'!A1")


@pytest.mark.parametrize("text", ["\t1", "\r=1", "\n=1", "\n  +1"])
def test_a_break_may_begin_another_cell(text):
    assert is_formula(text)


@pytest.mark.parametrize(
    "text", ["Kantuk Asam", "a=b", "KTK-2", "1-2", "", " ", "–", "−1,9", "(x)", "'=1"]
)
def test_other_texts_stay_as_they_are(text):
    assert as_text(text) == text


@given(st.lists(st.text(), min_size=1, max_size=5), st.text())
def test_no_cell_of_a_file_begins_as_a_formula_and_all_come_back(texts, name):
    table = pd.DataFrame({name: pd.Series(texts, dtype=object), "n": -1.5})
    text = csv_text(table)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for cell in [rows[0][0], *(row[0] for row in rows[1:])]:
        assert not is_formula(cell)
    if not any(sign in "".join(texts) for sign in "\r\n\x00"):
        assert [row[0] for row in rows[1:]] == [as_text(one) for one in texts]
    assert all(row[-1] == "-1.5" for row in rows[1:])
