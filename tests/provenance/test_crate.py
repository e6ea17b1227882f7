"""The crate: complete, closed, telling of nobody and nowhere, and the same for the same results."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from helpers.paths import PROJECT
from helpers.provenance import CRATE, MANIFEST, SUMS, licences
from helpers.provenance.crate import crate
from helpers.provenance.formats import OTHER, media_type
from helpers.study import load_study
from helpers.suite.hashing import file_sha256, files_below
from helpers.suite.manifest import Manifest, read_manifest

STUDY = load_study("zhuo2024")


def graph(folder: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    found = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(found) == len(content["@graph"])
    return found


def references(value: object) -> Iterator[str]:
    """Every ``{"@id": …}`` anywhere in a value."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def manifest_of(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    assert manifest is not None
    return manifest


def test_every_file_is_described_with_its_sum_size_and_format(results: Path) -> None:
    entities = graph(results)
    files = {unquote(i): e for i, e in entities.items() if e["@type"] == "File"}
    actual = {path.relative_to(results).as_posix() for path in files_below(results)}
    assert "figures/02_b plot.svg" in actual  # a name that an identifier cannot hold as it is
    assert files.keys() | {CRATE} == actual
    assert {unquote(part["@id"]) for part in entities["./"]["hasPart"]} == files.keys()
    for name, entity in files.items():
        assert entity["encodingFormat"] == media_type(name) != OTHER
        if name != SUMS:
            assert entity["sha256"] == file_sha256(results / name)
            assert entity["contentSize"] == str((results / name).stat().st_size)


def test_every_reference_resolves_and_every_entity_is_referred_to(results: Path) -> None:
    entities = graph(results)
    referred = set(references(list(entities.values())))
    known_elsewhere = {"https://w3id.org/ro/crate/1.2", "http://schema.org/CompletedActionStatus"}
    assert referred - entities.keys() == known_elsewhere
    assert entities.keys() - referred == {CRATE}


def test_the_root_says_what_a_catalogue_asks(results: Path) -> None:
    root, manifest = graph(results)["./"], manifest_of(results)
    assert root["datePublished"] == manifest.made
    assert "zhuo2024" in root["name"]
    assert "reconstructed" in root["description"]
    assert {licence["@id"] for licence in root["license"]} == {licences.MIT, licences.CC0}


def test_actions_lead_from_the_inputs_to_every_output(results: Path) -> None:
    entities, manifest = graph(results), manifest_of(results)
    run = entities["#run"]
    outputs = {unquote(i) for i in references(run["result"])}
    recorded = set(manifest.report).union(*(entry.outputs for entry in manifest.notebooks.values()))
    assert outputs == recorded
    given = [entities[i] for i in references(run["object"])]
    sums = {e["sha256"] for e in given if "sha256" in e}
    assert sums == {file_sha256(STUDY.folder / name) for name in ("study.yaml", "claims.csv", "SOURCES.md")}
    assert {(e["name"], e["value"]) for e in given if e["@type"] == "PropertyValue"} >= {("seed", 7)}
    for name, entry in manifest.notebooks.items():
        act = entities[f"#run/{name}"]
        assert {unquote(i) for i in references(act["result"])} == set(entry.outputs)
        assert entities[act["instrument"]["@id"]]["sha256"] == entry.source
    steps = [entities[i] for i in references(entities["#sequence"]["step"])]
    assert [step["name"] for step in steps] == list(manifest.notebooks)
    assert entities["#unrounded"]["version"] == manifest.version


def test_nobody_is_invented_and_no_place_is_told(results: Path) -> None:
    text = (results / CRATE).read_text(encoding="utf-8")
    entities = graph(results)
    assert not [e for e in entities.values() if "Person" in e["@type"] or "Organization" in e["@type"]]
    assert not {"author", "creator", "agent", "contributor"}.intersection(*map(set, entities.values()))
    assert all(not {"author", "creator", "agent", "contributor"} & e.keys() for e in entities.values())
    paper = entities[entities["./"]["citation"]["@id"]]
    assert paper["creditText"] == STUDY.citation["authors"]
    for leak in (str(PROJECT), str(Path.home()) + "/", "/tmp/", "file:"):
        assert leak not in text


def test_rows_are_told_by_their_sum_alone_and_no_terms_are_granted(results: Path) -> None:
    manifest = manifest_of(results)
    data = {**manifest.inputs["data"], "cohort": "a" * 64, "adverse events": "b" * 64}
    found = crate(results, STUDY, replace(manifest, inputs={**manifest.inputs, "data": data}))
    entities = {entity["@id"]: entity for entity in found["@graph"]}
    assert entities["./"]["license"] == {"@id": licences.OWN} or entities["./"]["license"] == [{"@id": licences.OWN}]
    assert licences.OWN in entities
    assert "reconstructed" not in entities["./"]["description"]
    cohort = entities["#input/cohort"]
    assert (cohort["name"], cohort["sha256"]) == ("Patient-level rows", "a" * 64)
    assert "license" not in cohort
    assert entities["#input/adverse%20events"]["sha256"] == "b" * 64


def test_a_study_folder_of_somebody_else_gets_no_licence_of_ours(results: Path) -> None:
    found = crate(results, replace(STUDY, folder=results.parent / "hospital"), manifest_of(results))
    assert licences.CC0 not in json.dumps(found)
    assert "hospital" not in json.dumps(found)


def test_it_is_the_same_for_the_same_results(results: Path) -> None:
    stored = json.loads((results / CRATE).read_text(encoding="utf-8"))
    assert crate(results, STUDY, manifest_of(results)) == stored


def test_the_library_reads_it_back(results: Path) -> None:
    from rocrate.rocrate import ROCrate

    read = ROCrate(results)
    assert read.root_dataset["datePublished"] == manifest_of(results).made.replace("Z", "+00:00")
    assert {entity.id for entity in read.data_entities} >= {MANIFEST, "index.html", "figures/02_b%20plot.svg"}
    action = read.dereference("#run")
    assert action["instrument"].id == "#unrounded"


@pytest.mark.parametrize("name", ["ash2019", "freireich1963", "ari0001"])
def test_other_studies_cite_their_papers(name: str, results: Path) -> None:
    study = load_study(name)
    found = crate(results, study, replace(manifest_of(results), study=name))
    entities = {entity["@id"]: entity for entity in found["@graph"]}
    paper = entities[entities["./"]["citation"]["@id"]]
    assert paper["name"] in (study.title, study.title_original)
    assert paper["creditText"]
    assert set(references(found)) >= {"#run"}


def test_the_tables_of_the_stubs_are_tables(results: Path) -> None:
    with (results / "tables" / "01_a-facts.csv").open(encoding="utf-8") as stream:
        assert list(csv.reader(stream)) == [["seed"], ["7"]]
