"""A public function with three or more parameters says what each of them is."""

import ast
import re

from tests.test_types import HOUSE, Function, modules, parameters, public_functions

MANY = 3


def unnamed(function: Function) -> list[str]:
    """The parameters that the docstring neither lists ("name : ...") nor names in backticks."""
    text = ast.get_docstring(function) or ""
    listed = re.findall(r"^\s*((?:\w+, )*\w+) :", text, flags=re.MULTILINE)
    named = {name for names in listed for name in names.split(", ")}
    named |= set(re.findall(r"`(\w+)[^`]*`", text))
    names = [parameter.arg for parameter in parameters(function)]
    return [name for name in names if name not in named] if len(names) >= MANY else []


def test_every_parameter_is_named():
    lacking = {
        f"{module}: {name}": left
        for module in modules()
        for name, function in public_functions(HOUSE / module)
        if (left := unnamed(function))
    }
    assert not lacking
