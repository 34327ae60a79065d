"""What only a key opens: nothing plain on the disk, nothing opened by another key."""

import io
import stat

import pytest

from data import sealed
from data.errors import DataError

SECRET = b"nama pelapor " * 40_000


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "backup.key"
    sealed.write_keys(path, [sealed.new_key()])
    return path


def seal(path, *recipients):
    with path.open("wb") as file, sealed.sealing(file, recipients) as stream:
        stream.write(SECRET)
    return path


def opened(path, keys):
    target = io.BytesIO()
    with path.open("rb") as source:
        sealed.unseal(source, target, keys, path.name)
    return target.getvalue()


def test_what_is_sealed_is_opened_by_each_recipient_and_by_nobody_else(tmp_path, keys):
    mine, other, stranger = sealed.keys_in(keys)[0], sealed.new_key(), sealed.new_key()
    path = seal(tmp_path / "x.age", sealed.public_of(mine), sealed.public_of(other))
    assert sealed.is_sealed(path) and b"pelapor" not in path.read_bytes()
    assert opened(path, [mine]) == opened(path, [stranger, other]) == SECRET
    with pytest.raises(DataError, match=r"x.age was sealed for another key"):
        opened(path, [stranger])


@pytest.mark.parametrize("harm", [lambda b: b[:-100], lambda b: b[:9000] + b"X" + b[9001:]])
def test_a_cut_or_changed_file_is_refused(tmp_path, keys, harm):
    (mine,) = sealed.keys_in(keys)
    path = seal(tmp_path / "x.age", sealed.public_of(mine))
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(DataError, match="damaged"):
        opened(path, [mine])


def test_a_key_file_is_its_owners_alone_and_holds_earlier_keys(keys):
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    (first,) = sealed.keys_in(keys)
    second = sealed.new_key()
    sealed.write_keys(keys, [second, first])
    assert sealed.keys_in(keys) == [second, first]
    assert f"# public key: {sealed.public_of(second)}" in keys.read_text()


def test_a_missing_or_strange_key_file_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match="no key file"):
        sealed.keys_in(tmp_path / "none")
    for text in ("", "AGE-SECRET-KEY-1XX", "-----BEGIN OPENSSH PRIVATE KEY-----"):
        (tmp_path / "bad").write_text(text)
        with pytest.raises(DataError, match="no key in age format"):
            sealed.keys_in(tmp_path / "bad")


def test_a_file_sealed_anew_is_closed_to_the_key_before(tmp_path, keys):
    (old,) = sealed.keys_in(keys)
    new = sealed.new_key()
    path = seal(tmp_path / "x.age", sealed.public_of(old))
    sealed.seal_anew(path, [new, old], [sealed.public_of(new)])
    assert opened(path, [new]) == SECRET
    with pytest.raises(DataError, match="another key"):
        opened(path, [old])
    before = path.read_bytes()
    with pytest.raises(DataError, match="another key"):
        sealed.seal_anew(path, [old], [sealed.public_of(old)])
    assert path.read_bytes() == before and sorted(tmp_path.iterdir()) == [keys, path]


class Full(io.BytesIO):
    def write(self, data):
        if self.tell() > 100_000:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_said_to_whoever_writes():
    with (
        pytest.raises(OSError, match="No space left"),
        sealed.sealing(Full(), [sealed.public_of(sealed.new_key())]) as stream,
    ):
        for _ in range(10):
            stream.write(SECRET)


def test_a_secret_key_is_no_recipient_and_is_not_quoted():
    secret = sealed.new_key()
    with pytest.raises(DataError, match="public key age1") as told:
        sealed.refuse_recipients([secret])
    assert secret not in str(told.value) and len(told.value.values["given"]) == 12
