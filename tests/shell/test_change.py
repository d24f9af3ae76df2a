"""Activation as pure data: leaving always gives back what entering found."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envtui.errors import Negative
from envtui.model import Activation
from envtui.shell import change
from envtui.shell.state import KEYS

A = Activation("a", "venv", "/a", "/a/bin", {"VIRTUAL_ENV": "/a", "VIRTUAL_ENV_PROMPT": "a"})
B = Activation("b", "poetry", "/b", "/b/bin", {"VIRTUAL_ENV": "/b", "POETRY_ACTIVE": "1"})
V = Activation("3.9.1", "pyenv", "/v/3.9.1", "/v/3.9.1/bin", {"PYENV_VERSION": "3.9.1"})

entries = st.sampled_from(
    ["/a/bin", "/b/bin", "/v/3.9.1/bin", "/usr/bin", "", ".", "/é", "/\udcff"]
)
paths = st.none() | st.lists(entries, min_size=1, max_size=6).map(":".join)
activations = st.sampled_from([A, B, V])


def applied(environ, made):
    """The variables after a shell has done what the change says."""
    result = {**environ, **made.set}
    for name in made.unset:
        result.pop(name, None)
    return result


@st.composite
def environs(draw):
    """Variables of a shell in which nothing is active."""
    names = [name for name in KEYS if name != "VIRTUAL_ENV"]
    result = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(["x", "3.9.1", "1"])))
    path = draw(paths)
    return result if path is None else {**result, "PATH": path}


@given(environs(), st.lists(activations, min_size=1, max_size=4))
def test_after_any_switches_leaving_restores_the_start(environ, steps):
    now = environ
    for step in steps:
        now = applied(now, change.activate(step, now))
        assert now["PATH"].split(":")[0] == step.path_entry
        assert step.variables.items() <= now.items() or step.variables.get("VIRTUAL_ENV_PROMPT")
    assert applied(now, change.deactivate(now)) == environ


@given(environs(), activations, activations)
def test_a_switch_is_the_same_as_leaving_and_entering(environ, one, other):
    inside = applied(environ, change.activate(one, environ))
    assert applied(inside, change.activate(other, inside)) == applied(
        environ, change.activate(other, environ)
    )


@given(paths, entries, entries, entries)
def test_edits_of_path_survive_leaving(path, entry, front, back):
    inside = change.prepend(path, entry)
    assert change.without(inside, entry) == path
    if front != entry:
        edited = f"{front}:{inside}:{back}"
        expected = front if path is None else f"{front}:{path}"
        assert change.without(edited, entry) == f"{expected}:{back}"


def test_an_empty_prompt_variable_of_the_user_comes_back_empty():
    environ = {"PATH": "/bin", "VIRTUAL_ENV_PROMPT": ""}
    inside = applied(environ, change.activate(A, environ))
    assert applied(inside, change.deactivate(inside)) == environ


def test_control_characters_do_not_reach_the_prompt():
    name = "a\x1b]0;x\x07\n\udcffé"
    made = change.activate(A._replace(variables={"VIRTUAL_ENV_PROMPT": name}), {"PATH": "/bin"})
    assert made.set["VIRTUAL_ENV_PROMPT"] == "a?]0;x???é"


@pytest.mark.parametrize("path", ["/x:y", "/x\0y"])
def test_a_prefix_that_path_cannot_hold_is_refused(path):
    with pytest.raises(Negative, match="can't be activated"):
        change.activate(A._replace(prefix=path, path_entry=path + "/bin"), {"PATH": "/bin"})


def test_nothing_active():
    with pytest.raises(Negative, match="nothing to deactivate"):
        change.deactivate({"PATH": "/bin"})


def tampered(**changes):
    """A state as we write it, with something else in it."""
    text = change.activate(A, {"PATH": "/bin"}).set["ENVTUI_STATE"]
    record = {**json.loads(urlsafe_b64decode(text)), **changes}
    return urlsafe_b64encode(json.dumps(record).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "é",
        "e30=",
        urlsafe_b64encode(b"[" * 100_000).decode(),
        tampered(v=2),
        tampered(path="/a/bin"),
        tampered(path=[1]),
        tampered(path=["/a\0"]),
        tampered(name="\ud800"),
        tampered(set={"LD_PRELOAD": [None, None]}),
        tampered(set={"PATH": ["/evil", "/a/bin:/bin"]}),
        tampered(set={"VIRTUAL_ENV": ["x"]}),
        tampered(set={"VIRTUAL_ENV": [1, 2]}),
        tampered(set=[]),
    ],
)
def test_a_state_that_is_not_ours_is_no_state_and_cleaned_up(text):
    environ = {
        "PATH": "/a/bin:/bin",
        "ENVTUI_BIN": "/a/bin",
        "VIRTUAL_ENV": "/a",
        "LD_PRELOAD": "x",
    }
    environ["ENVTUI_STATE"] = text
    made = change.deactivate(environ)
    assert applied(environ, made) == {"PATH": "/bin", "LD_PRELOAD": "x"}
    assert made.notes
    assert change.activate(B, environ).set["PATH"] == "/b/bin:/bin"


@given(st.text(), st.text())
def test_any_state_at_all(state, entry):
    environ = {"PATH": "/bin", "ENVTUI_STATE": state, "ENVTUI_BIN": entry}
    made = change.activate(A, environ)
    assert made.set["PATH"] == "/a/bin:/bin"


def test_variables_of_the_call_are_not_the_users():
    environ = {
        "PATH": "/bin",
        "ENVTUI_OUT": "/x",
        "ENVTUI_PROTO": "1",
        "ENVTUI_SHELL": "zsh",
        "PYTHONHOME": "",
        "PYTHONPATH": "",
        "ENVTUI_CALLER_PYTHONHOME": "/home",
        "ENVTUI_CALLER_PYTHONPATH": "",
    }
    assert change.caller(environ) == {"PATH": "/bin", "PYTHONHOME": "/home"}


def test_an_adapter_may_set_known_variables_only():
    with pytest.raises(ValueError, match="LD_PRELOAD"):
        change.activate(A._replace(variables={"LD_PRELOAD": "x"}), {})


def test_no_heavy_import():
    import subprocess
    import sys

    code = (
        "import sys; from envtui.shell import answer, change, init, quote, setup, state, subshell;"
        "print([m for m in ('textual', 'psutil', 'subprocess', 'json') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-ISc", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_several_directories_come_and_go_together():
    both = V._replace(more=("/v/3.11.7/bin",), variables={"PYENV_VERSION": "3.9.1:3.11.7"})
    environ = {"PATH": "/bin", "PYENV_VERSION": "x:y"}
    inside = applied(environ, change.activate(both, environ))
    assert inside["PATH"] == "/v/3.9.1/bin:/v/3.11.7/bin:/bin"
    edited = {**inside, "PATH": "/front:" + inside["PATH"]}
    assert applied(edited, change.deactivate(edited)) == {**environ, "PATH": "/front:/bin"}


def conda(name, **variables):
    """A conda environment, as its adapter describes it."""
    prefix = f"/c/envs/{name}"
    known = {"CONDA_PREFIX": prefix, "CONDA_DEFAULT_ENV": name}
    return Activation(name, "conda", prefix, f"{prefix}/bin", {**known, **variables})


def test_conda_counts_its_levels_from_what_the_shell_has():
    base = {"PATH": "/bin", "CONDA_SHLVL": "1", "CONDA_PREFIX": "/c"}
    inside = applied(base, change.activate(conda("ml"), base))
    assert (inside["CONDA_SHLVL"], inside["CONDA_PREFIX_1"]) == ("2", "/c")
    switched = applied(inside, change.activate(conda("etl"), inside))
    assert (switched["CONDA_SHLVL"], switched["CONDA_PREFIX_1"]) == ("2", "/c")
    assert switched["CONDA_PREFIX"] == "/c/envs/etl"
    assert applied(switched, change.deactivate(switched)) == base


def test_variables_of_an_environments_own_come_and_go():
    environ = {"PATH": "/bin", "MODEL": "mine"}
    inside = applied(environ, change.activate(conda("ml", MODEL="big", DATA_DIR="/d"), environ))
    assert (inside["MODEL"], inside["DATA_DIR"]) == ("big", "/d")
    edited = {**inside, "DATA_DIR": "/elsewhere"}
    left = applied(edited, change.deactivate(edited))
    assert left == {"PATH": "/bin", "MODEL": "mine", "DATA_DIR": "/elsewhere"}


@pytest.mark.parametrize(
    "name",
    ["LD_PRELOAD", "BASH_ENV", "PROMPT_COMMAND", "PS1", "PYTHONPATH", "ENVTUI_OUT", "IFS", "a b"],
)
def test_no_state_changes_how_a_shell_works(name):
    environ = {"PATH": "/bin"}
    inside = applied(environ, change.activate(conda("ml", MODEL="big"), environ))
    record = json.loads(urlsafe_b64decode(inside["ENVTUI_STATE"]))
    record["set"][name] = ["evil", record["set"]["MODEL"][1]]
    forged = urlsafe_b64encode(json.dumps(record).encode()).decode()
    now = {**inside, "ENVTUI_STATE": forged, name: "big"}
    assert change.deactivate(now).set.get(name) is None


def test_what_conda_itself_activated_is_left_to_conda():
    with pytest.raises(Negative, match="conda deactivate"):
        change.deactivate({"PATH": "/bin", "CONDA_PREFIX": "/c", "CONDA_SHLVL": "1"})
