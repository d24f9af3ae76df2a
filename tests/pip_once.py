"""`ensurepip` of a grafted Python: what the real one put into an environment, once more.

It takes five seconds of a processor each time, most of them to compile pip twice, and what comes
out differs in the first line of the scripts alone. So the first outcome for a Python, and for a
kind of first line, is kept in STORE and copied from then on. Whatever else is asked of it is for
the real one. `tools.graft` puts this in the place of `ensurepip/__main__.py`; Python 3.6 runs it too.
"""

import base64
import ensurepip
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

STORE = ""


def main():
    """Exit status, as the real one's."""
    site = glob.glob(os.path.join(sys.prefix, "lib", "python*", "site-packages"))
    if sys.argv[1:] != ["--upgrade", "--default-pip"] or len(site) != 1 or os.listdir(site[0]):
        return ensurepip._main()
    # pip writes `#!/bin/sh` and an `exec` into a script whose first line would be long or split.
    python = os.fsencode(sys.executable)
    line = "split" if b" " in python else "long" if len(python) > 124 else "plain"
    kept = os.path.join(STORE, f"{sys.version.split()[0]}-{line}")
    if not os.path.isdir(kept):
        status = ensurepip._main()
        if not status:
            _keep(site[0], kept)
        return status
    subprocess.check_call(
        ["cp", "-a", os.path.join(kept, "site-packages"), os.path.dirname(site[0])]
    )
    _scripts(site[0], kept)
    return 0


def _keep(site, kept):
    """Move in at once what another process may want at the same moment."""
    os.makedirs(STORE, exist_ok=True)
    new = tempfile.mkdtemp(dir=STORE)
    subprocess.check_call(["cp", "-a", site, new])
    os.mkdir(os.path.join(new, "bin"))
    for name in os.listdir(os.path.join(sys.prefix, "bin")):
        if name.startswith(("pip", "easy_install")):
            shutil.copy2(os.path.join(sys.prefix, "bin", name), os.path.join(new, "bin"))
    with open(os.path.join(new, "python"), "wb") as file:
        file.write(os.fsencode(sys.executable))
    try:
        os.rename(new, kept)
    except OSError:
        shutil.rmtree(new)


def _scripts(site, kept):
    """Each script for this environment, and its hash in the list of what was installed."""
    with open(os.path.join(kept, "python"), "rb") as file:
        there = file.read()
    hashes = {}
    for name in os.listdir(os.path.join(kept, "bin")):
        target = os.path.join(sys.prefix, "bin", name)
        shutil.copy2(os.path.join(kept, "bin", name), target)
        with open(target, "rb") as file:
            old = file.read()
        new = old.replace(there, os.fsencode(sys.executable))
        with open(target, "wb") as file:
            file.write(new)
        hashes[_recorded(old)] = _recorded(new)
    for path in glob.glob(os.path.join(glob.escape(site), "*.dist-info", "RECORD")):
        with open(path, "rb") as file:
            text = file.read()
        for old, new in hashes.items():
            text = text.replace(old, new)
        with open(path, "wb") as file:
            file.write(text)


def _recorded(content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
    return b"sha256=" + digest + b"," + str(len(content)).encode()


if __name__ == "__main__":
    sys.exit(main())
