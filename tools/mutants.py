"""What a mutant is: one small change of the syntax tree of a module.

Changed are comparisons, arithmetic, ``and``/``or``/``not``, numbers by one, conditions and filters,
``min``/``max``, ``any``/``all``, ``ceil``/``floor``, members of sets, what is caught, returned
values, statements left out, ``break``/``continue``. Texts, types and imports are left as they are.
"""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ROOT", "Mutant", "file_of", "mutants_of"]

ROOT = Path(__file__).parent.parent
#: one number of so many is changed in a table of more than this many numbers
TABLE, ONE_OF = 20, 10

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {"min": "max", "any": "all", "ceil": "floor", "bisect_left": "bisect_right"}
_NAMES |= {new: old for old, new in _NAMES.items()}


_Path: TypeAlias = "tuple[tuple[str, int | None], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One place of one module, and what stands there instead."""

    module: str
    #: what tells it from all others of the module, and stays when lines move
    name: str
    line: int
    #: from the module down: the field, and the position where the field is a list
    path: _Path
    replacement: ast.AST
    #: the class and function that it stands in, with dots; empty in the module itself
    scope: str
    #: whether it stands in the body of a function, so that new code for the function is enough
    quick: bool

    def tree(self) -> ast.Module:
        """Return the syntax tree of the module with the change in it."""
        whole = ast.parse(file_of(self.module).read_text(encoding="utf-8"))
        node: ast.AST = whole
        for field, index in self.path[:-1]:
            node = _child(node, field, index)
        field, index = self.path[-1]
        if index is None:
            setattr(node, field, self.replacement)
        else:
            getattr(node, field)[index] = self.replacement
        return ast.fix_missing_locations(whole)


def file_of(module: str) -> Path:
    """Return the file of a module, named without the package."""
    return ROOT / "igate" / (module.replace(".", "/") + ".py")


def _child(node: ast.AST, field: str, index: int | None) -> ast.AST:
    found = getattr(node, field)
    chosen = found if index is None else found[index]
    if not isinstance(chosen, ast.AST):
        raise TypeError(field)
    return chosen


# What is changed: each of these gives what may stand in the place of a node.


def _comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            changed = copy.deepcopy(node)
            changed.ops[place] = other()
            yield changed
    for place, operand in enumerate(node.comparators):
        if isinstance(operand, ast.Tuple):
            for shorter in _without_one(operand):
                changed = copy.deepcopy(node)
                changed.comparators[place] = shorter
                yield changed


def _without_one(node: ast.Set | ast.Tuple) -> Iterator[ast.expr]:
    for place in range(len(node.elts) if len(node.elts) > 1 else 0):
        shorter = copy.deepcopy(node)
        del shorter.elts[place]
        yield shorter


def _arithmetic(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        changed = copy.deepcopy(node)
        changed.op = other()
        yield changed


def _either(node: ast.BoolOp) -> Iterator[ast.AST]:
    changed = copy.deepcopy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield changed


def _sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield copy.deepcopy(node.operand)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _named(node: ast.Name) -> Iterator[ast.AST]:
    if node.id in _NAMES and isinstance(node.ctx, ast.Load):
        yield ast.Name(_NAMES[node.id], ast.Load())


def _attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr in _NAMES and isinstance(node.ctx, ast.Load):
        yield ast.Attribute(copy.deepcopy(node.value), _NAMES[node.attr], ast.Load())


def _negated(test: ast.expr) -> ast.expr | None:
    """Negate a condition, unless another change does the same."""
    if isinstance(test, ast.UnaryOp) or (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return None
    return ast.UnaryOp(ast.Not(), copy.deepcopy(test))


def _condition(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    negated = _negated(node.test)
    if negated is not None and not isinstance(node.test, ast.Constant):
        changed = copy.copy(node)
        changed.test = negated
        yield changed


def _filter(node: ast.comprehension) -> Iterator[ast.AST]:
    for place, test in enumerate(node.ifs):
        changed = copy.deepcopy(node)
        changed.ifs[place] = ast.Constant(True)  # noqa: FBT003 - the value of a constant
        yield changed
        negated = _negated(test)
        if negated is not None:
            other = copy.deepcopy(node)
            other.ifs[place] = negated
            yield other


def _handler(node: ast.ExceptHandler) -> Iterator[ast.AST]:
    if isinstance(node.type, ast.Tuple):
        for shorter in _without_one(node.type):
            changed = copy.deepcopy(node)
            changed.type = shorter
            yield changed


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))


def _left_out(node: ast.stmt) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    yield ast.Pass()


def _assigned(node: ast.Assign) -> Iterator[ast.AST]:
    """Leave out what changes a thing; a name without its value is missed by every test."""
    if isinstance(node.targets[0], ast.Attribute | ast.Subscript):
        yield ast.Pass()


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    yield from _arithmetic(node)
    yield ast.Pass()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


_CHANGES: dict[type[ast.AST], Callable[..., Iterator[ast.AST]]] = {
    ast.Compare: _comparison,
    ast.BinOp: _arithmetic,
    ast.BoolOp: _either,
    ast.UnaryOp: _sign,
    ast.Set: _without_one,
    ast.Constant: _constant,
    ast.Name: _named,
    ast.Attribute: _attribute,
    ast.If: _condition,
    ast.While: _condition,
    ast.IfExp: _condition,
    ast.comprehension: _filter,
    ast.ExceptHandler: _handler,
    ast.Return: _returned,
    ast.Expr: _left_out,
    ast.Raise: _left_out,
    ast.Assign: _assigned,
    ast.AugAssign: _augmented,
    ast.Break: lambda _: iter([ast.Continue()]),
    ast.Continue: lambda _: iter([ast.Break()]),
}
#: parts of a syntax tree that say nothing about what is computed
_SILENT_FIELDS = frozenset({"annotation", "returns", "decorator_list", "format_spec"})


def _is_silent(node: ast.AST) -> bool:
    """Return whether nothing inside a node is changed: types, names exported, texts of errors."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            alias = name[:1].isupper() and not name.isupper()
            return alias or name.startswith("__")
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name == "Label"
    return False


def _scope(node: ast.AST, scope: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return f"{scope}.{node.name}".lstrip(".")
    return scope


def _places(
    node: ast.AST, path: _Path, scope: str, *, quick: bool
) -> Iterator[tuple[ast.AST, _Path, str, bool]]:
    """Walk a syntax tree: each node, the way to it, and the function whose body it stands in."""
    for field, value in ast.iter_fields(node):
        if field in _SILENT_FIELDS or (isinstance(node, ast.Raise) and field == "exc"):
            continue
        inner = value if isinstance(value, list) else [value]
        body = quick or (isinstance(node, ast.FunctionDef) and field == "body")
        for index, child in enumerate(inner):
            if isinstance(child, ast.AST) and not _is_silent(child):
                here = (*path, (field, index if isinstance(value, list) else None))
                yield child, here, scope, body
                yield from _places(child, here, _scope(child, scope), quick=body)


def _in_table(tree: ast.Module) -> set[int]:
    """Return the numbers of large tables that are left as they are, by identity."""
    left: set[int] = set()
    for statement in tree.body:
        numbers = [
            node
            for node in ast.walk(statement)
            if isinstance(node, ast.Constant) and isinstance(node.value, int)
        ]
        if isinstance(statement, ast.Assign | ast.AnnAssign) and len(numbers) > TABLE:
            left |= {id(node) for n, node in enumerate(numbers) if n % ONE_OF}
    return left


def mutants_of(module: str) -> Iterator[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    source = file_of(module).read_text(encoding="utf-8")
    lines, tree = source.splitlines(), ast.parse(source)
    left, seen = _in_table(tree), Counter[str]()
    line = 0
    for node, path, scope, quick in _places(tree, (), "", quick=False):
        line = getattr(node, "lineno", line)
        if id(node) in left or type(node) not in _CHANGES:
            continue
        for replacement in _CHANGES[type(node)](node):
            said = f"{_text(node)} -> {_text(replacement)}"
            name = f"{scope}: {said} | {lines[line - 1].strip()}"
            seen[name] += 1
            name += f" #{seen[name]}" if seen[name] > 1 else ""
            yield Mutant(
                module=module, name=name, line=line, path=path, replacement=replacement,
                scope=scope, quick=quick,
            )  # fmt: skip


def _text(node: ast.AST) -> str:
    """Write a node in one short line."""
    if isinstance(node, ast.comprehension):
        return " ".join(f"if {ast.unparse(test)}" for test in node.ifs)
    if isinstance(node, ast.ExceptHandler):
        return f"except {ast.unparse(node.type)}" if node.type else "except"
    if isinstance(node, ast.If | ast.While):
        return f"{type(node).__name__.lower()} {ast.unparse(node.test)}"
    text = re.sub(r"\s+", " ", ast.unparse(node))
    return text if len(text) <= 90 else text[:89] + "…"  # noqa: PLR2004 - the width of a line
