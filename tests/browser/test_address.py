"""The tables by address on a real server, opened by the library that QGIS opens them with."""

import json
import urllib.request

import pyogrio
import pytest


def test_a_gis_reads_the_plain_address(server):
    table = pyogrio.read_dataframe(f"{server}/api/items/sectors.geojson?horizon=4")
    assert len(table) > 3 and table.crs.to_epsg() == 4326


@pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="GDAL without OGC API")
def test_a_gis_pages_through_the_ogc_api(server):
    with urllib.request.urlopen(f"{server}/api/items/hotspots.geojson") as answer:
        whole = len(json.loads(answer.read())["features"])
    table = pyogrio.read_dataframe(f"OAPIF:{server}/api/features", layer="hotspots", PAGE_SIZE=25)
    assert len(table) == whole
    assert table["handling"].notna().all()
