import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.emerging import CLASSES, classify, gi_star, mann_kendall, significant


def test_gi_star_by_hand(seven):
    """Seven cells, one event in the centre: the formula worked out with n = 7."""
    panel = np.zeros((1, 7))
    panel[0, 0] = 7
    near = seven.neighbours(1, inside=True)
    z = gi_star(panel, near)
    mean, s = 1.0, np.sqrt(49 / 7 - 1)
    ring = (7 - mean * 4) / (s * np.sqrt((7 * 4 - 16) / 6))
    assert z[0, 1:] == pytest.approx(ring)
    assert z[0, 0] == 0  # every cell is its neighbour: nothing to compare with


def test_gi_star_equals_pysal(disk):
    esda = pytest.importorskip("esda")
    libpysal = pytest.importorskip("libpysal")
    values = np.random.default_rng(0).poisson(1.0, len(disk)).astype(float)
    ring = disk.neighbours(1)
    neighbours = {i: ring[[i]].indices.tolist() for i in range(len(disk))}
    weights = libpysal.weights.W(neighbours, silence_warnings=True)
    weights.transform = "B"
    theirs = esda.G_Local(values, weights, star=True, transform="B", permutations=0).Zs
    ours = gi_star(values[None], disk.neighbours(1, inside=True))[0]
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_equal_values_have_no_clusters(disk):
    z = gi_star(np.ones((3, len(disk))), disk.neighbours(1, inside=True))
    assert (z == 0).all() and (significant(z) == 0).all()


def test_a_planted_cluster_is_found_and_noise_is_not(disk):
    rng = np.random.default_rng(1)
    panel = rng.poisson(1.0, (1, len(disk))).astype(float)
    near = disk.neighbours(1, inside=True)
    assert (significant(gi_star(panel, near)) != 0).mean() < 0.03
    middle = int(np.argmin(np.hypot(*(disk.xy_km - disk.xy_km.mean(axis=0)).T)))
    panel[0, near[[middle]].indices] += 6
    assert significant(gi_star(panel, near))[0, middle] == 1


@given(values=st.lists(st.integers(0, 5), min_size=3, max_size=12))
def test_a_trend_turns_with_its_sign_and_its_time(values):
    column = np.array(values, float)[:, None]
    z = mann_kendall(column)
    assert mann_kendall(-column) == pytest.approx(-z)
    assert mann_kendall(column[::-1]) == pytest.approx(-z)
    assert mann_kendall(np.exp(column)) == pytest.approx(z)


def test_mann_kendall_by_hand():
    """1 2 2 3: five pairs up, one tie; var = (4 3 13 - 2 1 9) / 18."""
    z = mann_kendall(np.array([[1.0], [2], [2], [3]]))
    assert z[0] == pytest.approx((5 - 1) / np.sqrt((4 * 3 * 13 - 2 * 1 * 9) / 18))


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        ("0000000000", "none"),
        ("0000000001", "new"),
        ("0000000111", "consecutive"),
        ("0010100101", "sporadic"),
        ("1111111110", "historical"),
        ("1111111111", "persistent"),
        ("0-00100001", "oscillating"),
    ],
)
@pytest.mark.parametrize("side", [1, -1])
def test_classes(history, kind, side):
    signs = {"0": 0, "1": side, "-": -side}
    sign = np.array([[signs[letter]] for letter in history])
    z = sign * 3.0
    name = "none" if kind == "none" else f"{kind}_{'hot' if side == 1 else 'cold'}"
    assert classify(z, sign).tolist() == [name]


@pytest.mark.parametrize("side", [1, -1])
def test_a_lasting_cluster_rises_or_fades(side):
    sign = np.full((10, 1), side)
    stronger = side * np.linspace(2, 6, 10)[:, None]
    name = "hot" if side == 1 else "cold"
    assert classify(stronger, sign).tolist() == [f"intensifying_{name}"]
    assert classify(stronger[::-1], sign).tolist() == [f"diminishing_{name}"]


def test_there_are_seventeen_classes():
    assert len(CLASSES) == len(set(CLASSES)) == 17


def test_the_false_discovery_rate_is_a_rate():
    with pytest.raises(ValueError, match="between 0 and 1"):
        significant(np.zeros(3), 5)
