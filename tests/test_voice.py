"""The command line has one voice: what is asked for as JSON can be read by any program."""

import json

import numpy as np
import pandas as pd

from commands import voice


def test_json_is_json_whatever_is_missing(capsys):
    facts = {
        "a": float("nan"), "b": pd.NaT, "c": pd.NA, "d": None, "e": np.int64(3), "f": [np.inf, 1.5],
        "g": {"h": pd.Timestamp("2026-11-30"), "i": True}, "j": ("x", np.float64("nan")),
    }  # fmt: skip
    voice.tell(facts, as_json=True)
    told = json.loads(capsys.readouterr().out, parse_constant=lambda name: 1 / 0)
    assert told == {
        "a": None, "b": None, "c": None, "d": None, "e": 3, "f": [None, 1.5],
        "g": {"h": "2026-11-30 00:00:00", "i": True}, "j": ["x", None],
    }  # fmt: skip


def test_lines_tell_each_entry_of_a_list_and_markup_as_it_is(capsys):
    voice.tell({"note": ["[/b]", "x"], "share": 0.123456789, "n": 271475}, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "note: [/b]", "note: x", "share: 0.123457", "n: 271475",
    ]  # fmt: skip


def test_a_table_is_told_whole_and_as_it_is(capsys):
    voice.show(pd.DataFrame({"[b]": ["[/x] " + "y" * 300], "n": [1.5]}))
    told = capsys.readouterr().out
    assert "[b]" in told and "[/x]" in told and told.count("y") == 300 and "1.5" in told
