"""TOML that a person wrote: its tables, or the line at which it cannot be read."""

import re
import tomllib
from typing import Any

from data.errors import DataError

#: where `tomllib` says the fault is; it knows the line by no other name, and of its words this
#: number alone is told, in either language
_LINE = re.compile(r"at line (\d+)")


def parse(content: bytes, where: str) -> dict[str, Any]:
    """The tables of a TOML file.

    Parameters
    ----------
    content : of the file, UTF-8
    where : name of the file, for the refusal

    Raises
    ------
    DataError
        `toml_broken` with the line of the first fault.
    """
    cause: ValueError
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as problem:
        line, cause = content[: problem.start].count(b"\n") + 1, problem
    except tomllib.TOMLDecodeError as problem:
        place = _LINE.search(str(problem))  # a file that ends too early is faulty in its last line
        line = int(place[1]) if place else len(content.splitlines())
        cause = problem
    raise DataError(
        f"{where}: not valid TOML (line {line})", key="toml_broken", where=where, line=line
    ) from cause
