"""What is stored of an executed notebook: nothing that differs between two runs, nothing of this machine."""

from __future__ import annotations

import copy
import json

import pytest

from helpers.suite.tidy import graft, scrub, show_parameters, tidy, without_injected
from tests.suite.stubs import cell, notebook


def executed() -> dict[str, object]:
    first = cell("seed: int = 1", tags=["parameters"], execution={"t": 1}, papermill={"duration": 2})
    injected = cell("# Parameters\nseed = 2\nresults_dir = '/place/x/r'", tags=["injected-parameters"])
    second = cell("print(seed)", collapsed=False, tags=[])
    for number, made in enumerate((first, injected, second)):
        made["execution_count"] = 4 + number
    second["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "a"},
        {"output_type": "stream", "name": "stdout", "text": "b /place/x/r/f.csv\n"},
        {"output_type": "stream", "name": "stderr", "text": "c"},
        {
            "output_type": "execute_result",
            "execution_count": 6,
            "data": {"text/plain": "/place/x"},
            "metadata": {},
        },
    ]
    return notebook(
        first,
        injected,
        second,
        papermill={"start": 1},
        widgets={"state": {}},
        language_info={"version": "3.11.7"},
    )


def test_nothing_volatile_remains_and_cells_count_from_one() -> None:
    result = tidy(executed())
    assert [c["execution_count"] for c in result["cells"]] == [1, 2, 3]
    assert result["cells"][2]["outputs"][-1]["execution_count"] == 3
    text = json.dumps(result)
    for word in ("papermill", '"execution"', "widgets", "collapsed", "3.11.7"):
        assert word not in text
    assert result["metadata"]["kernelspec"]["name"] == "python3"
    assert tidy(copy.deepcopy(result)) == result


def test_pieces_of_one_stream_are_one_but_stdout_and_stderr_stay_apart() -> None:
    outputs = tidy(executed())["cells"][2]["outputs"]
    assert [(o.get("name"), o.get("text")) for o in outputs[:2]] == [
        ("stdout", "ab /place/x/r/f.csv\n"),
        ("stderr", "c"),
    ]


def test_a_cell_that_was_not_executed_keeps_no_count() -> None:
    result = tidy(notebook(cell("1")))
    assert result["cells"][0]["execution_count"] is None


def test_paths_of_this_machine_are_replaced_longest_first_and_images_left_alone() -> None:
    made = executed()
    made["cells"][2]["outputs"].append(
        {"output_type": "display_data", "data": {"image/png": "/place/x"}, "metadata": {}}
    )
    assert scrub(made, {"/place/x": "~", "/place/x/r": "results/s"}) == ["/place/x", "/place/x/r"]
    outputs = made["cells"][2]["outputs"]
    assert outputs[1]["text"] == "b results/s/f.csv\n"
    assert outputs[3]["data"]["text/plain"] == "~"
    assert outputs[4]["data"]["image/png"] == "/place/x"


def test_the_injected_cell_shows_values_but_no_path() -> None:
    made = executed()
    show_parameters(made, {"seed": 2, "results_dir": ""})
    assert made["cells"][1]["source"] == "# Parameters of this run\nseed = 2\nresults_dir = ''"
    assert len(without_injected(made)["cells"]) == 2


def test_outputs_are_grafted_onto_new_prose_with_the_injected_cell() -> None:
    source = notebook(cell("# New title", "markdown"), cell("seed: int = 1", tags=["parameters"]), cell("print(seed)"))
    before = copy.deepcopy(source)
    result = graft(source, executed())
    assert [c["source"][:8] for c in result["cells"]] == ["# New ti", "seed: in", "# Parame", "print(se"]
    assert result["cells"][3]["outputs"][0]["text"].startswith("ab")
    assert source == before


def test_outputs_are_never_put_under_other_code() -> None:
    source = notebook(cell("seed: int = 1", tags=["parameters"]), cell("print(seed + 1)"))
    with pytest.raises(ValueError, match="differ"):
        graft(source, executed())
