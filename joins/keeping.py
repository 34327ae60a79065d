"""What is kept as the settings want it: backups sealed with the deployment's own key, and how long
what stays."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data import sealed
from data.errors import DataError
from data.keeping import retention
from data.keeping.retention import Gone, Places, Rules
from data.service import inbox
from data.store.records import Store
from settings import Settings

#: what a sealed backup is called at the end
SUFFIX = ".zip.age"


@dataclass(frozen=True)
class Kept:
    """A backup that was written.

    rows : rows per table
    sealed : whether only a key opens it
    new_key : the key file, if this backup made it; a copy of it belongs somewhere else
    """

    rows: dict[str, int]
    sealed: bool
    new_key: Path | None = None


def back_up(settings: Settings, store: Store, path: Path, plain: bool = False) -> Kept:
    """Write a backup, sealed unless `plain`; the first one makes the key.

    Parameters
    ----------
    settings : name the key file and further recipients
    store : that is kept
    path : the file
    plain : leave it open to everybody who gets hold of it

    Raises
    ------
    DataError
        If the key file is there and holds no key.
    """
    if plain:
        return Kept(store.backup(path), False)
    home = settings.store.key_file
    made = None if home.exists() else home
    if made is not None:
        sealed.write_keys(home, [sealed.new_key()])
    return Kept(store.backup(path, recipients(settings)), True, made)


def recipients(settings: Settings) -> list[str]:
    """The public keys for which a backup is sealed: the deployment's own, then the further ones."""
    own = sealed.public_of(sealed.keys_in(settings.store.key_file)[0])
    return [own, *settings.store.backup_recipients]


def keys(settings: Settings, path: Path, key: Path | None = None) -> list[str]:
    """The secret keys that may open a backup; none for a plain one.

    Parameters
    ----------
    settings : name the key file
    path : the backup
    key : another key file

    Raises
    ------
    DataError
        If it is sealed and there is no such key file, or no key in it.
    """
    if not sealed.is_sealed(path):
        return []
    return sealed.keys_in(key or settings.store.key_file)


def rotate_key(settings: Settings) -> str:
    """Seal from now on with a new key, and keep those before for what they sealed.

    Gives the public half of the new one.
    """
    home = settings.store.key_file
    known = [sealed.new_key(), *(sealed.keys_in(home) if home.exists() else [])]
    sealed.write_keys(home, known)
    return sealed.public_of(known[0])


def drop_old_keys(settings: Settings) -> int:
    """Seal the program's backups for the newest key and forget the others; gives how many files.

    Raises
    ------
    DataError
        If a backup cannot be opened: the earlier keys stay.
    """
    home = settings.store.key_file
    known = sealed.keys_in(home)
    mine = [path for path in sorted(backups_of(settings).glob("*")) if sealed.is_sealed(path)]
    for path in mine:
        sealed.seal_anew(path, known, recipients(settings))
    sealed.write_keys(home, known[:1])
    return len(mine)


def backups_of(settings: Settings) -> Path:
    """The folder of the backups that the program makes by itself."""
    return settings.weekly.backups or settings.store.folder / "backups"


def rules_of(settings: Settings, coming_backups: int = 0) -> Rules:
    """How long what is kept, as the settings say.

    Parameters
    ----------
    settings : of the program
    coming_backups : that are made next and count among those to keep

    Raises
    ------
    DataError
        If records would go that the model still learns from.
    """
    kept, weeks = settings.retention, settings.model.history_weeks
    if kept.records_years and kept.records_years * 52 < weeks:
        raise DataError(
            f"records_years = {kept.records_years} is shorter than history_weeks = {weeks}",
            key="retention_short", years=kept.records_years, weeks=weeks,
        )  # fmt: skip
    return Rules(
        **vars(kept),
        assessments=settings.store.keep_assessments,
        backups=max(settings.weekly.keep_backups - coming_backups, 1),
    )


def places_of(settings: Settings) -> Places:
    """Where files lie besides the store's own."""
    home = settings.weekly.inbox
    read = () if home is None else (home / inbox.KEPT, home / inbox.REFUSED)
    return Places(backups_of(settings), read)


def prune(
    settings: Settings, store: Store, by: str, dry: bool = False, coming_backups: int = 0
) -> list[Gone]:
    """Delete what the settings let go of; gives what went, kind by kind.

    Parameters
    ----------
    settings : of the program
    store : that is pruned
    by : who does it
    dry : count, and delete nothing
    coming_backups : that are made next and count among those to keep
    """
    rules, now = rules_of(settings, coming_backups), pd.Timestamp.now("UTC")
    return retention.prune(store, rules, places_of(settings), now, by, dry)
