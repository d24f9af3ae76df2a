"""Scripts that conda's packages want run: by a switch that was asked for, and theirs alone."""

import os

import pytest

from envtui.model import Activation
from envtui.shell import change, scripts
from tests.shell.shells import Home
from tests.shell.test_matrix import Snapshots, word

# What a package ships: it sets a variable, and takes it away again.
TEXTS = {
    ".sh": ('export GDAL_DATA="/gdal$CONDA_DEFAULT_ENV"\n', "unset GDAL_DATA\n"),
    ".fish": ("set -gx GDAL_DATA /gdal$CONDA_DEFAULT_ENV\n", "set -e GDAL_DATA\n"),
    ".csh": ('setenv GDAL_DATA "/gdal$CONDA_DEFAULT_ENV"\n', "unsetenv GDAL_DATA\n"),
    ".xsh": ("$GDAL_DATA = '/gdal' + $CONDA_DEFAULT_ENV\n", "del $GDAL_DATA\n"),
}


def conda(folder, name):
    """A prefix with scripts, as far as activation cares."""
    prefix = os.path.join(folder, name)
    for part in ("bin", "conda-meta", "etc/conda/activate.d", "etc/conda/deactivate.d"):
        os.makedirs(os.path.join(prefix, part))
    for suffix, texts in TEXTS.items():
        for which, text in zip(("activate.d", "deactivate.d"), texts, strict=True):
            with open(os.path.join(prefix, "etc/conda", which, f"it's $(gdal){suffix}"), "w") as f:
                f.write(text)
    return prefix


@pytest.mark.parametrize("name", ["bash", "zsh", "fish", "dash", "ksh", "tcsh", "xonsh"])
def test_scripts_come_after_the_variables_and_go_before_them(tmp_path, name):
    place = Home(os.path.join(tmp_path, "home"))
    snap = Snapshots(place)
    one, two = conda(tmp_path, "it's `touch PWNED`"), conda(tmp_path, "two")
    strict = ["-eu"] if name in ("bash", "dash", "ksh") else []
    text = f"{snap.command}\n"
    for prefix in (one, two):
        text += f"envtui activate {word(name, 'conda:' + prefix)}\n{snap.command}\n"
    printed = place.script(name, text + f"envtui deactivate\n{snap.command}\n", *strict)
    assert "not run" not in printed, printed
    (before, _), (first, _), (second, _), (after, _) = snap.read()
    assert first["GDAL_DATA"] == f"/gdal{os.path.basename(one)}"
    assert second["GDAL_DATA"] == "/gdaltwo"
    assert after == before
    assert not [files for _, _, files in os.walk(tmp_path) if "PWNED" in files]


def test_those_of_the_one_below_come_again(tmp_path):
    """As `conda deactivate` does: what the upper one's took away is theirs, too."""
    place = Home(os.path.join(tmp_path, "home"))
    snap = Snapshots(place)
    below, above = conda(tmp_path, "below"), conda(tmp_path, "above")
    text = f"export CONDA_PREFIX={below} CONDA_SHLVL=1 CONDA_DEFAULT_ENV=below\n"
    text += f". {below}/etc/conda/activate.d/*.sh\n{snap.command}\n"
    text += f"envtui activate conda:{above}\n{snap.command}\nenvtui deactivate\n{snap.command}\n"
    # Left by conda itself, it is no longer ours to leave.
    text += f"envtui activate conda:{above}\nexport CONDA_PREFIX={below}\n"
    text += f"envtui deactivate\n{snap.command}\n"
    place.script("bash", text)
    (before, _), (inside, _), (after, _), (last, _) = snap.read()
    assert before["GDAL_DATA"] == "/gdalbelow"
    assert (inside["GDAL_DATA"], inside["CONDA_SHLVL"]) == ("/gdalabove", "2")
    assert after == before
    assert last["GDAL_DATA"] == "/gdalabove"


def activation(prefix, **more):
    return Activation("ml", "conda", prefix, f"{prefix}/bin", {"CONDA_PREFIX": prefix}, **more)


def test_none_is_run_where_nobody_asked_for_it(tmp_path):
    prefix = conda(tmp_path, "ml")
    environ = {"PATH": "/bin", "ENVTUI_SHELL": "bash"}
    asked = activation(prefix, scripts=True)
    assert len(change.activate(asked, environ).entering) == 1
    assert change.activate(asked, environ, auto="/project").entering == ()
    assert change.activate(activation(prefix), environ).entering == ()
    assert change.activate(asked, {**environ, "ENVTUI_SHELL": "nu"}).entering == ()


def test_what_others_may_write_is_not_run_and_said(tmp_path):
    prefix = conda(tmp_path, "ml")
    folder = os.path.join(prefix, "etc/conda/activate.d")
    os.chmod(os.path.join(folder, "it's $(gdal).sh"), 0o666)
    made = change.activate(activation(prefix, scripts=True), {"ENVTUI_SHELL": "bash"})
    assert made.entering == ()
    assert "another's" in made.notes[0]
    os.chmod(folder, 0o777)
    found = scripts.entering(prefix, "fish")
    assert found.paths == ()
    assert "others may write" in found.notes[0]


def test_a_forged_state_leads_to_no_script_outside_of_conda(tmp_path):
    prefix = conda(tmp_path, "evil")
    environ = {"PATH": "/bin", "ENVTUI_SHELL": "bash"}
    state = change.activate(activation(prefix, scripts=True), environ).set["ENVTUI_STATE"]
    environ |= {"ENVTUI_STATE": state, "CONDA_PREFIX": prefix}
    assert len(change.deactivate(environ).leaving) == 1
    os.rmdir(os.path.join(prefix, "conda-meta"))
    assert change.deactivate(environ).leaving == ()
