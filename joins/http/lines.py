"""The server's log as JSON, one object a line, for whoever gathers logs.

What an exception says is left out, as in `faults.log`: its words may quote a file.
"""

import json
import logging
import sys
from datetime import UTC, datetime

#: of a record, beside its message
_MORE = ("fault", "where")


class Lines(logging.Formatter):
    """at (UTC), level, logger, message; `fault` and `where` of a fault; `exception`, its kind."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {
            "at": at.replace("+00:00", "Z"), "level": record.levelname.lower(),
            "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        fields |= {name: getattr(record, name) for name in _MORE if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            fields["exception"] = record.exc_info[0].__qualname__
        return json.dumps(fields, ensure_ascii=False, default=str)


class _Logger(logging.Logger):
    """A logger whose handlers write such lines, whoever adds them."""

    def addHandler(self, hdlr: logging.Handler) -> None:
        hdlr.setFormatter(Lines())
        super().addHandler(hdlr)


def use_json() -> None:
    """Let every logger of this process, those to come included, write such lines."""
    logging.setLoggerClass(_Logger)
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
    for logger in [root, *logging.Logger.manager.loggerDict.values()]:
        if isinstance(logger, logging.Logger):  # else a place for one that is to come
            for handler in logger.handlers:
                handler.setFormatter(Lines())
