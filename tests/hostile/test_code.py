"""Nothing in the code can turn a user's file into a program: no pickle, no eval, no shell, no unsafe YAML."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.paths import PROJECT

MODULES = {"pickle", "_pickle", "cPickle", "shelve", "marshal", "dill", "cloudpickle", "joblib", "jsonpickle"}
CALLS = {"read_pickle", "to_pickle", "eval", "exec", "execfile", "__import__", "unsafe_load", "full_load", "system",
         "popen", "read_hdf", "runpy", "run_path", "literal_eval_unsafe"}  # fmt: skip
LOADERS = {"SafeLoader", "CSafeLoader"}
FILES = sorted((PROJECT / "helpers").rglob("*.py"))


def dangers(source: str) -> Iterator[str]:
    """What could run what a file holds."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (f"import {a.name}" for a in node.names if a.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield f"from {node.module} import"
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
            words = {word.arg: word.value for word in node.keywords}
            if name in CALLS and owner not in ("platform", "page"):
                yield f"{owner}.{name}()" if owner else f"{name}()"
            if "allow_pickle" in words or (name == "load" and owner in ("np", "numpy")):
                yield "numpy.load or allow_pickle"
            if isinstance(words.get("shell"), ast.Constant) and words["shell"].value:  # type: ignore[union-attr]
                yield "a shell"
            if owner == "yaml" and name in ("load", "load_all", "compose", "parse", "scan"):
                loader = words.get("Loader") or (node.args[1] if len(node.args) > 1 else None)
                if getattr(loader, "attr", "") not in LOADERS:
                    yield f"yaml.{name} without SafeLoader"


@pytest.mark.parametrize(
    "bad",
    ["import pickle", "from joblib import load", "pd.read_pickle(x)", "np.load(x)", "np.load(x, allow_pickle=True)",
     "eval(x)", "exec(x)", "os.system(x)", "subprocess.run(x, shell=True)", "yaml.load(x)", "yaml.unsafe_load(x)",
     "yaml.load(x, Loader=yaml.Loader)"],
)  # fmt: skip
def test_the_search_finds_each(bad: str) -> None:
    assert list(dangers(bad))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_module_runs_what_a_file_holds(path: Path) -> None:
    assert not list(dangers(path.read_text(encoding="utf-8")))
