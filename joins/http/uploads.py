"""Which sessions may send files, and how much of them is held at once.

Streamlit takes an upload of any session into memory before a page looks at it. So a page gives
its session a permit when the viewer may bring files, and the door lets nothing else through.
"""

from collections.abc import Mapping
from threading import Lock

import pandas as pd

from joins.http.answers import Refusal

#: a permit ends so long after the last click of its session
IDLE = pd.Timedelta(hours=2)
#: what one session, and all of them together, may hold in memory, in bytes
SESSION_BYTES, TOTAL_BYTES = 60_000_000, 200_000_000


class Permits:
    """Sessions that may send files, by their unguessable id.

    Parameters
    ----------
    session_bytes, total_bytes : what one session and all sessions may hold
    """

    def __init__(self, session_bytes: int = SESSION_BYTES, total_bytes: int = TOTAL_BYTES):
        self.session_bytes, self.total_bytes = session_bytes, total_bytes
        self._until: dict[str, pd.Timestamp] = {}
        self._coming: dict[str, dict[str, int]] = {}
        self._lock = Lock()

    def give(self, session: str, until: pd.Timestamp, now: pd.Timestamp | None = None) -> None:
        """Let a session send files until a moment, or until it is left alone for `IDLE`.

        Parameters
        ----------
        session : id of the session
        until : the moment (UTC) at which its viewer's right ends
        now : the present, for tests
        """
        now = now or pd.Timestamp.now("UTC")
        with self._lock:
            self._until[session] = min(until, now + IDLE)
            for old in [one for one, end in self._until.items() if end <= now]:
                del self._until[old]

    def take(self, session: str) -> None:
        """Withdraw a permit."""
        with self._lock:
            self._until.pop(session, None)

    def refuse(
        self,
        session: str,
        file: str,
        size: int | None,
        held: Mapping[str, int],
        now: pd.Timestamp | None = None,
    ) -> Refusal | None:
        """Why a file may not come; None and its room kept if it may.

        Parameters
        ----------
        session, file : as in the address of the upload
        size : bytes announced, None if the sender does not say
        held : bytes that the server holds already, by session
        now : the moment of asking
        """
        now = now or pd.Timestamp.now("UTC")
        with self._lock:
            if session not in self._until or self._until[session] <= now:
                return Refusal(403, "upload_right")
            if size is None or size < 0:
                return Refusal(411, "upload_length")
            coming = {one: sum(files.values()) for one, files in self._coming.items()}
            mine = held.get(session, 0) + coming.get(session, 0) + size
            if mine > self.session_bytes:
                return Refusal(413, "upload_session", {"megabytes": self.session_bytes // 10**6})
            if sum(held.values()) + sum(coming.values()) + size > self.total_bytes:
                return Refusal(503, "upload_busy")
            self._coming.setdefault(session, {})[file] = size
            return None

    def arrived(self, session: str, file: str) -> None:
        """Let go of the room of a file that has come, or has not; it is counted as held now."""
        with self._lock:
            files = self._coming.get(session, {})
            files.pop(file, None)
            if not files:
                self._coming.pop(session, None)


#: the permits of this process: app.py gives them, the door asks for them
PERMITS = Permits()
