"""Break a module in one place at a time and see whether its tests notice.

`python -m bench.mutants geo/grid.py --sample 60 --seed 1` copies the tree, draws mutants of the
module (operators of Cosmic Ray: `pip install cosmic-ray`, for this bench only) and runs the
module's tests (TESTS, or `--tests`) on each, in a fork that already has the large libraries. It
prints each survivor with its change, then killed / drawn with a 95 % interval (Wilson 1927). One
process at a time; the tree itself is never changed.

Left out are changes that no test could see: inside annotations, and such as give the same syntax
tree. Each place is changed once per operator of OPERATORS; `<` becomes `<=` and `>=` but not the
other four, so that easy kills do not flatter the share.
"""

import argparse
import ast
import contextlib
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("pandas", "geopandas", "scipy.optimize", "scipy.stats", "scipy.sparse", "sklearn.ensemble",
         "h3", "h3ronpy", "sqlalchemy", "hypothesis", "pyogrio", "openpyxl", "rapidfuzz", "pytest",
         "sklearn.linear_model", "scipy.spatial", "pyarrow.parquet")  # fmt: skip
_SWAPS = {
    "Binary": ["Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_Mul", "Pow_Mul",
               "BitAnd_BitOr", "BitOr_BitAnd", "BitXor_BitAnd", "LShift_RShift", "RShift_LShift"],
    "Comparison": ["Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt",
                   "Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"],
    "Unary": ["Delete_Not", "Delete_USub", "Delete_Invert", "USub_UAdd"],
}  # fmt: skip
OPERATORS = [
    *(f"core/Replace{kind}Operator_{swap}" for kind, swaps in _SWAPS.items() for swap in swaps),
    *(f"core/{name}" for name in (
        "AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
        "ReplaceFalseWithTrue", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
        "ZeroIterationForLoop", "RemoveDecorator",
    )),
]  # fmt: skip
_GATE = "tests/data/gate"
#: Tests that concern a module, the quickest first; a folder stands for all modules in it.
TESTS = {
    "geo/naming.py": ["tests/geo/test_naming.py"],
    "geo/": ["tests/geo/test_by_hand.py", "tests/geo", "--deselect=tests/geo/test_naming.py"],
    "risk/hotspots.py": ["tests/risk/test_hotspots.py"],
    "risk/scores/": ["tests/risk/scores", "--deselect=tests/risk/scores/test_proving.py"],
    "risk/engine/pool.py": ["tests/risk/engine/test_pool.py", "tests/risk/engine/test_windows.py"],
    "risk/engine/totals.py": ["tests/risk/engine/test_totals.py"],
    "risk/engine/interval.py": ["tests/risk/engine/test_interval.py"],
    "data/gate/access.py": [f"{_GATE}/test_gate_by_hand.py", f"{_GATE}/test_access.py"],
    "data/gate/": [
        f"{_GATE}/test_gate_by_hand.py",
        f"{_GATE}/test_declared_and_published.py",
        f"{_GATE}/test_disclose.py",
        "tests/test_scopes.py",
    ],
    "data/store/audit.py": ["tests/data/store/test_audit.py"],
    "data/link/compare.py": ["tests/data/link/test_compare.py", "tests/data/link/test_link.py"],
    "data/link/": ["tests/data/link/test_match_by_hand.py", "tests/data/link/test_link.py"],
}


@dataclass(frozen=True)
class Mutant:
    """One change of a module: the operator, the number of its place, and the code after it."""

    operator: str
    occurrence: int
    code: str


def mutants(code: str) -> list[Mutant]:
    """Every mutant of a module's code that can be told from it, in the order of OPERATORS."""
    plugins, mutating, tree = (
        importlib.import_module(f"cosmic_ray.{name}") for name in ("plugins", "mutating", "ast")
    )
    nodes = list(tree.ast_nodes(tree.get_ast(code)))
    found, seen = [], {_shape(code)}
    for name in OPERATORS:
        operator = plugins.get_operator(name)()
        for number in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
            changed = mutating.mutate_code(code, operator, number)
            shape = changed and _shape(changed)
            if shape and shape not in seen:
                seen.add(shape)
                found.append(Mutant(name.removeprefix("core/"), number, changed))
    return found


def _shape(code: str) -> str | None:
    """The syntax tree without annotations as text; None where it is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                setattr(node, name, ast.Constant(0))
    return ast.dump(tree)


def tests_of(module: str) -> list[str]:
    """The tests of a module: those of its own name in TESTS, else of its folder."""
    keys = [key for key in TESTS if module == key or (key.endswith("/") and module.startswith(key))]
    if not keys:
        raise SystemExit(f"no tests known for {module}; name some with --tests")
    return TESTS[max(keys, key=len)]


def passes(tree: Path, tests: list[str], seconds: int) -> tuple[bool | None, float]:
    """Whether the tests pass in a tree, in a fork of this process, and its processor time, s.

    seconds : processor time they may take, so that a busy machine kills no mutant; None if they
        took more, or twenty times as long by the clock (they wait for what never comes)
    """
    child = os.fork()
    if child == 0:
        os.setsid()
        os.chdir(tree)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        quiet = os.open(tree / "mutant.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.path[:] = [str(tree), *(p for p in sys.path if p not in ("", str(ROOT)))]
        sys.dont_write_bytecode = True
        options = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(tree)]
        code = 1
        with contextlib.suppress(BaseException):
            code = int(importlib.import_module("pytest").main([*options, *tests]))
        os._exit(code)
    until = time.monotonic() + 20 * seconds
    while time.monotonic() < until:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            spent = used.ru_utime + used.ru_stime
            return (None if -code in (signal.SIGKILL, signal.SIGXCPU) else code == 0), spent
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None, 0.0


def wilson(killed: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z, p = 1.96, killed / n
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def change_of(code: str, mutant: str) -> list[str]:
    """The lines that a mutant changes, without what stands around them."""
    lines = unified_diff(code.splitlines(), mutant.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def run(module: str, sample: int, seed: int, tests: list[str], before: dict | None = None) -> dict:
    """Draw, break, test and tell; {module, mutants, drawn, killed, slow, survivors}.

    before : what an earlier run of the module found; then only its survivors are tried again,
        and those whose line is no longer there are left out
    """
    code = (ROOT / module).read_text(encoding="utf-8")
    every = mutants(code)
    drawn = random.Random(seed).sample(every, min(sample, len(every)))
    if before:
        known = [(one["operator"], one["change"]) for one in before["survivors"]]
        drawn = [one for one in every if (one.operator, change_of(code, one.code)) in known]
    survivors, slow = [], 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        left_out = shutil.ignore_patterns(".*", "var", "img", "__pycache__", "*.egg-info")
        shutil.copytree(ROOT, tree, ignore=left_out)
        passed, spent = passes(tree, tests, 900)
        if not passed:
            raise SystemExit(f"{' '.join(tests)} must pass before anything is broken\n"
                             f"{(tree / 'mutant.log').read_text()[-2000:]}")  # fmt: skip
        limit = max(20, int(5 * spent))
        for one in drawn:
            (tree / module).write_text(one.code, encoding="utf-8")
            passed, _ = passes(tree, tests, limit)
            slow += passed is None
            if passed:
                change = change_of(code, one.code)
                survivors.append({"operator": one.operator, "change": change})
                print(module, one.operator, *change, sep="\n    ", flush=True)
    gone = len(before["survivors"]) - len(drawn) if before else 0
    n = before["drawn"] - gone if before else len(drawn)
    killed = n - len(survivors)
    low, high = wilson(killed, n)
    share = f"{killed / n:.2f} ({low:.2f} to {high:.2f})"
    print(f"| {module} | {len(every)} | {n} | {killed} | {share} |", flush=True)
    return {"module": module, "mutants": len(every), "drawn": n, "killed": killed,
            "slow": slow, "seed": seed, "survivors": survivors}  # fmt: skip


def main() -> None:
    """Modules one after the other; `--json FILE` keeps what was found, a line a module."""
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("modules", nargs="+")
    read.add_argument("--sample", type=int, default=60)
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--tests", nargs="+")
    read.add_argument("--json", type=Path)
    read.add_argument("--again", type=Path, help="a file of --json, whose survivors are tried")
    given = read.parse_args()
    os.environ |= {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    os.nice(10)
    for name in HEAVY:
        importlib.import_module(name)
    lines = given.again.read_text("utf-8").splitlines() if given.again else []
    earlier = {found["module"]: found for found in map(json.loads, lines)}
    for module in given.modules:
        tests = given.tests or tests_of(module)
        found = run(module, given.sample, given.seed, tests, earlier.get(module))
        if given.json:
            with given.json.open("a", encoding="utf-8") as file:
                file.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
