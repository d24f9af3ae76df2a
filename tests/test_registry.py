"""Who has a method of a capability has all of them, as `capabilities` writes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from envtui.adapters import capabilities, registry

DERIVED = [
    (registry.REMOVERS, capabilities.Removes),
    (registry.REBUILDERS, capabilities.Rebuilds),
    (registry.HOLDERS, capabilities.Holds),
    (registry.ACTIVATORS, capabilities.Activates),
    (registry.GLOBAL_PINNERS, capabilities.PinsGlobally),
]


def called(method: Callable[..., Any]) -> list[str]:
    """Its parameters and what it gives, without `self`."""
    signature = inspect.signature(method)
    takes = [str(one) for name, one in signature.parameters.items() if name != "self"]
    return [*takes, str(signature.return_annotation)]


@pytest.mark.parametrize(
    ("adapter", "capability"),
    [(adapter, capability) for table, capability in DERIVED for adapter in table.values()],
)
def test_an_adapter_found_by_one_method_can_do_all_of_the_capability(
    adapter: Any, capability: type
) -> None:
    """mypy cannot: the tables are filled by what an adapter has."""
    methods = {n: m for n, m in vars(capability).items() if n[0] != "_" and inspect.isfunction(m)}
    assert methods
    for name, method in methods.items():
        assert called(getattr(adapter, name)) == called(method), name
