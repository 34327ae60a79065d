import pandas as pd

from data.read import read_file
from data.store import Store

HEAD = "source_agency,mode,lat,lon,week,minutes,km,source\n"


def write(path, minutes):
    rows = [f"gabungan,patrol,0.98,110.3,2025-01-06,{m},2,declared" for m in minutes]
    path.write_text(HEAD + "\n".join(rows) + "\n")
    return path


def test_a_mended_delivery_replaces_and_does_not_add(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/r.db", tmp_path)
    store.create()
    for name, minutes in (("a.csv", (60, 65)), ("b.csv", (90, 65))):
        when = pd.Timestamp("2025-02-01" if name == "a.csv" else "2025-02-02")
        store.ingest(read_file(write(tmp_path / name, minutes), "kanonik_upaya", when))
    assert sorted(store.effort()["minutes"]) == [65, 90]


def test_two_patrols_of_one_week_are_two(tmp_path):
    kept = read_file(write(tmp_path / "a.csv", (60, 60)), "kanonik_upaya").kept
    assert kept["effort_id"].nunique() == 2
