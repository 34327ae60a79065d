"""The rows of a table, one after the other."""

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """The rows with their cells as attributes; of what type a cell is, only its column knows."""
    return iter(table.itertuples())
