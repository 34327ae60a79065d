"""No text, however hostile, costs more than a constant for each of its letters."""

import re
import time

import pytest

from bench.data.personal import all_at_once, patterns, readers, slow_texts
from data.personal.signs import is_likely, kinds_in

EVERY = readers() | {name: all_at_once(one) for name, one in patterns().items()}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_twice_the_text_takes_no_more_than_thrice_the_time(name):
    """On one hostile text in eight; `python -m bench.data.personal` tries all, and longer."""
    assert slow_texts(EVERY[name], n=300, texts=30) == []


def test_a_quadratic_pattern_would_be_found():
    told = slow_texts(all_at_once(re.compile(r"[\w.+-]+@[\w-]+")))
    assert told and all(growth >= 3 for _, growth in told)


@pytest.mark.parametrize("piece", ["a", "1", "a.", "A ", "0 8 ", "Budi ", "(", "bin "])
def test_a_cell_of_32_000_letters_and_an_at_costs_less_than_a_second(piece):
    """It took minutes, and every other visitor waited."""
    text = piece * (32_000 // len(piece)) + "@"
    start = time.process_time()
    kinds_in(text), is_likely(text)
    assert time.process_time() - start < 1.0
