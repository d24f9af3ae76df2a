"""What switching to a prefix of conda or pixi means, worked out without running conda.

The variables are those of conda's activate.py; CONDA_SHLVL counts from what the shell has and is
set where the switch itself is worked out. Scripts in etc/conda/activate.d are code: whether they
are run is said by `Activation.scripts`.
"""

from __future__ import annotations

import os

from envtui.host import Host
from envtui.model import Activation, Environment, Interpreter
from envtui.project import read_json

# conda's own mark, in `conda-meta/state`, for a variable that is to be unset.
_UNSET = "***unset***"


def conda_activation(
    host: Host, item: Environment | Interpreter, name: str, **more: str
) -> Activation:
    """The variables of `conda activate`; `name` is what conda calls it, its path if it has none."""
    prefix = item.prefix
    # conda's shell function puts the modifier into PS1, where a shell would run what it holds.
    prompt = "".join(c if c.isalnum() or c in "-_.+@~/ " else "_" for c in name)
    known = {
        **own_variables(host, prefix),
        "CONDA_PREFIX": prefix,
        "CONDA_DEFAULT_ENV": name,
        "CONDA_PROMPT_MODIFIER": f"({prompt}) ",
        # Only the prompt of envtui's own hook shows this one.
        "VIRTUAL_ENV_PROMPT": item.name if isinstance(item, Environment) else prompt,
        **more,
    }
    return Activation(item.name, item.kind, prefix, os.path.join(prefix, "bin"), known)


def own_variables(host: Host, prefix: str) -> dict[str, str]:
    """What `conda env config vars set` and packages want set in an environment.

    `etc/conda/env_vars.d/*.json`, then `conda-meta/state`, which wins. Names that would change how
    the shell itself works are left out, and so is what is not as conda writes it.
    """
    from envtui.shell.state import is_ordinary

    found: dict[str, object] = {}
    folder = os.path.join(prefix, "etc", "conda", "env_vars.d")
    for name in host.names_if(folder):
        if name.endswith(".json"):
            found.update(read_json(host, os.path.join(folder, name)))
    state = read_json(host, os.path.join(prefix, "conda-meta", "state")).get("env_vars")
    if isinstance(state, dict):
        found.update(state)
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, str) and value != _UNSET and "\0" not in value and is_ordinary(name)
    }


def scripts(host: Host, prefix: str) -> list[str]:
    """The scripts that conda would run."""
    names = host.names_if(os.path.join(prefix, "etc", "conda", "activate.d"))
    return [name for name in names if name.endswith((".sh", ".fish"))]
