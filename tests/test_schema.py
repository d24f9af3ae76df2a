"""The published schemas say what the program means."""

from __future__ import annotations

import json
import os
from typing import Any, get_args

import jsonschema
import pytest

from envtui.commands import COMMANDS
from envtui.model import ENVIRONMENT_KINDS, INTERPRETER_KINDS, Health, Link
from tests.homes import SCHEMAS
from tests.tools import CHECKOUT

FOLDER = os.path.join(CHECKOUT, "envtui", "schema")


def load(name: str) -> Any:
    with open(os.path.join(FOLDER, name)) as file:
        return json.load(file)


@pytest.mark.parametrize("name", sorted(os.listdir(FOLDER)))
def test_it_is_a_schema_that_names_its_version(name: str) -> None:
    schema = load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    for answer in schema.get("oneOf", [schema]):
        assert answer["properties"]["schema"]["const"] == 1
        assert "schema" in answer["required"]


def test_every_command_with_json_has_one() -> None:
    has = {c.name for c in COMMANDS if any("--json" in one.names for one in c.arguments)}
    assert has == set(SCHEMAS)
    assert set(SCHEMAS.values()) == {name.removesuffix(".json") for name in os.listdir(FOLDER)}


def test_what_tells_of_one_tells_what_the_list_does() -> None:
    listed = load("list.json")["properties"]
    for answer, name in zip(
        load("show.json")["oneOf"], ("environments", "interpreters"), strict=True
    ):
        assert listed[name]["items"]["properties"].items() <= answer["properties"].items()


def test_every_object_of_the_list_requires_all_of_its_keys() -> None:
    properties = load("list.json")["properties"]
    for name in ("interpreters", "environments", "projects", "warnings"):
        item = properties[name]["items"]
        assert set(item["required"]) == set(item["properties"])


def test_kinds_health_and_link_are_those_of_the_model() -> None:
    listed = load("list.json")["properties"]
    environment = listed["environments"]["items"]["properties"]
    assert environment["kind"]["enum"] == list(ENVIRONMENT_KINDS)
    assert listed["interpreters"]["items"]["properties"]["kind"]["enum"] == list(INTERPRETER_KINDS)
    assert set(environment["health"]["enum"]) == set(get_args(Health))
    assert set(environment["link"]["enum"]) == set(get_args(Link))
