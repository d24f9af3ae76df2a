"""The commands that tell of one thing: why, config."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from envtui import document
from envtui.document import print_json
from envtui.host import Host
from envtui.table import paint, plain


def why(arguments: Namespace, host: Host) -> int:
    """`envtui why`: 0, or 1 where no Python would run."""
    from envtui import verbs

    found = verbs.scan(host)
    answer = verbs.why(host, found, arguments.directory)
    if arguments.json:
        print_json(document.decision(answer))
        return 0 if answer.python or answer.path else 1
    version = f"Python {answer.version}" if answer.version else "no Python"
    print(f"{host.short(plain(answer.directory))} gets {paint(version, 'bold')}", end="")
    print(f"  {plain(answer.python)}" if answer.python else "")
    print(f"  decided by {plain(host.short(answer.source))}: {plain(answer.rule)}")
    for one in answer.overruled:
        print(f"  over       {plain(host.short(one.source))}: {plain(one.said)}")
    for word in answer.pyenv_missing:
        from shlex import quote

        print(f"  missing    {plain(word)}: `envtui install {quote(plain(word))}` may get it")
    return 0 if answer.python or answer.path else 1


def config(arguments: Namespace, host: Host) -> int:
    """`envtui config`: the settings and where they come from."""
    from envtui import config as settings
    from envtui import keymap

    if arguments.path:
        from envtui import places

        print(places.config("config.toml"))
        return 0
    loaded = settings.load(host)
    roots = settings.roots_for(host)
    source = loaded.path if loaded.roots is not None else "default"
    keymap.of(loaded)
    values: dict[str, dict[str, Any]] = {"roots": {"value": list(roots), "source": source}}
    for name, value in (("theme", loaded.theme), ("keys", dict(loaded.keys))):
        values[name] = {"value": value or None, "source": loaded.path if value else "default"}
    limits = {name: value for name, value in loaded.trash._asdict().items() if value}
    values["trash"] = {"value": limits or None, "source": loaded.path if limits else "default"}
    if arguments.json:
        print_json({"path": loaded.path, "settings": values})
        return 0
    there = "" if loaded.exists else " (not there; defaults hold)"
    print(f"{plain(loaded.path)}{there}")
    for name, setting in values.items():
        if setting["value"] is None:
            print(f"# {name}: default")
        else:
            print(_as_toml(name, setting["value"]), f" # {plain(setting['source'])}")
    return 0


def _as_toml(name: str, value: Any) -> str:
    """A setting as the file would have it, for copying."""
    import tomlkit

    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        if "max_size" in value:
            inline["max_size"] = _exact(value["max_size"])
        value = inline
    return plain(f"{name} = {tomlkit.item(value).as_string()}")


def _exact(size: int) -> str:
    """Bytes as `max_size` takes them, none lost: 5G, 1536M."""
    for power, unit in ((4, "T"), (3, "G"), (2, "M")):
        if size % 1024**power == 0:
            return f"{size // 1024**power}{unit}"
    return f"{size / 1024}K"
