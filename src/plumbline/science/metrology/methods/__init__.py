"""The verification methods, found by listing this package: a new method is one new module that offers `METHOD`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType

from plumbline.errors import InputError, say
from plumbline.science.metrology.evaluation import Evaluation, Task


@dataclass(frozen=True)
class Method:
    """One method: what rule data it needs by code, and the pure function that evaluates a task.

    numbers, formulas, columns, standard: codes the regulation must define; options: words it must choose from.
    """

    name: str
    numbers: tuple[str, ...]
    formulas: tuple[str, ...]
    columns: tuple[str, ...]
    standard: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    evaluate: Callable[[Task], Evaluation]


@cache
def all_methods() -> Mapping[str, Method]:
    """Return every method by its name, the name of its module."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    found: dict[str, Method] = {name: import_module(f"{__name__}.{name}").METHOD for name in names}
    return MappingProxyType(found)


def method(name: str) -> Method:
    """Return one method. Raises InputError when there is none of that name."""
    if name not in all_methods():
        raise InputError(
            say("没有名为 {name} 的检定方法", name=name),
            remedy=say("写成其中之一：{allowed}", allowed="、".join(all_methods())),
            field="method",
        )
    return all_methods()[name]
