"""What an analyst says stands beside the rows it is about, and costs the others nothing."""

from types import SimpleNamespace

import pandas as pd

from joins.desks import export


def test_only_contested_rows_are_looked_up(monkeypatch):
    asked = []
    look = pd.core.indexing._LocIndexer.__getitem__
    monkeypatch.setattr(
        pd.core.indexing._LocIndexer, "__getitem__",
        lambda self, key: asked.append(key) or look(self, key),
    )  # fmt: skip
    words = pd.DataFrame(
        {
            "override_id": ["3", "4"],
            "value": ["low", "doubted"],
            "reason": ["jalan putus", "banjir"],
            "expires_at": pd.to_datetime(["2026-12-20 17:00"] * 2, utc=True),
        }
    )
    told = SimpleNamespace(contested=words)
    columns = export._contested(told, [[], ["3"], [], ["3", "4"], *[[]] * 1000])
    assert columns["contested"][:5] == ["", "low", "", "low; doubted", ""]
    assert columns["contested_reason"][3] == "jalan putus; banjir"
    assert set(columns["contested_until"]) == {"", "2026-12-20", "2026-12-20; 2026-12-20"}
    assert {len(column) for column in columns.values()} == {1004}
    assert len(asked) == 2 * len(columns)
