"""Verification: whatever is altered, removed or added is found and named, in a folder and in an archive alike."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.provenance import CRATE, MANIFEST, SUMS, holding
from helpers.provenance.command import lines
from helpers.provenance.holding import hold, unsafe
from helpers.provenance.sums import read_sums, write_sums
from helpers.provenance.verify import Verification, verify
from helpers.suite.hashing import file_sha256, files_below

KINDS = (
    "tables/01_a-facts.csv", "figures/02_b plot.svg", "ledger.json", "notebooks/01_a.ipynb", "pages/02_b.html",
    "index.html",
)  # fmt: skip


def check(path: Path, seal: str = "") -> Verification:
    with hold(path) as held:
        return verify(held, seal)


def told(path: Path, seal: str = "") -> set[tuple[str, str]]:
    return {(finding.kind, finding.path) for finding in check(path, seal).findings}


def zipped(folder: Path, to: Path) -> Path:
    return Path(shutil.make_archive(str(to), "zip", folder.parent, folder.name))


def edit(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(params=["folder", "archive"])
def sent(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], Path]:
    """How results reach whoever verifies them."""
    return (lambda folder: folder) if request.param == "folder" else (lambda f: zipped(f, tmp_path / "moved"))


def test_what_was_sent_as_it_was_made_is_whole(results: Path, sent: Callable[[Path], Path]) -> None:
    seal = file_sha256(results / SUMS)
    found = check(sent(results), seal.upper())
    assert found.findings == ()
    assert found.files == len(files_below(results)) == 12
    assert found.seal == seal


@pytest.mark.parametrize("name", KINDS)
def test_one_altered_byte_is_found_in_each_kind_of_file(name: str, results: Path, sent: Callable[[Path], Path]) -> None:
    data = bytearray((results / name).read_bytes())
    data[len(data) // 2] ^= 1
    (results / name).write_bytes(bytes(data))
    (finding,) = check(sent(results)).findings
    assert (finding.kind, finding.path) == ("changed", name)
    assert finding.why == f"its sha256 is not the one in {SUMS}, {MANIFEST} and {CRATE}"


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_is_gone_is_missed(name: str, results: Path, sent: Callable[[Path], Path]) -> None:
    (results / name).unlink()
    assert told(sent(results)) == {("missing", name)}


@pytest.mark.parametrize("name", ["tables/new.csv", ".hidden", "new folder/x", "notebooks/01_a.ipynb.bak"])
def test_a_file_that_was_slipped_in_is_found(name: str, results: Path, sent: Callable[[Path], Path]) -> None:
    (results / name).parent.mkdir(exist_ok=True)
    (results / name).write_text("x")
    assert told(sent(results)) == {("added", name)}


@pytest.mark.parametrize("name", [MANIFEST, CRATE, SUMS])
def test_a_record_that_is_gone_altered_or_nonsense_is_found(name: str, results: Path) -> None:
    good = (results / name).read_bytes()
    (results / name).unlink()
    assert ("missing", name) in told(results)
    (results / name).write_bytes(good.replace(b"0", b"1", 1))
    assert name in {path for _, path in told(results)}
    for nonsense in (b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"@graph": 3, "report": 1}', b"x  y\n"):
        (results / name).write_bytes(nonsense)
        assert ("changed", name) in told(results)


@pytest.mark.parametrize("name", [MANIFEST, CRATE, SUMS])
def test_a_forged_sum_for_a_forged_table_does_not_hide_it(name: str, results: Path) -> None:
    table = results / "tables" / "01_a-facts.csv"
    old = file_sha256(table)
    table.write_text("seed\n8\n")
    record = results / name
    record.write_text(record.read_text(encoding="utf-8").replace(old, file_sha256(table)), encoding="utf-8")
    found = told(results)
    assert ("record", name) in found or ("changed", name) in found
    assert found & {("record", other) for other in {MANIFEST, CRATE, SUMS} - {name}}


def test_records_that_leave_a_file_out_are_named(results: Path) -> None:
    table = "tables/01_a-facts.csv"
    kept = [line for line in (results / SUMS).read_text().splitlines(True) if table not in line]
    (results / SUMS).write_text("".join(kept))
    assert told(results) == {("record", SUMS)}
    edit(results / MANIFEST, lambda m: m["notebooks"]["01_a"]["outputs"].pop(table))  # type: ignore[index]
    write_sums(results)
    assert ("record", MANIFEST) in told(results)


def test_whoever_makes_all_records_anew_is_found_by_the_seal(results: Path) -> None:
    seal = file_sha256(results / SUMS)
    table = results / "tables" / "01_a-facts.csv"
    old = file_sha256(table)
    for name in ("01_a-facts.csv", "02_b-facts.csv"):  # the two are alike, and so are their sums
        (results / "tables" / name).write_text("seed\n8\n")
    for name in (MANIFEST, CRATE):
        text = (results / name).read_text(encoding="utf-8").replace(old, file_sha256(table))
        (results / name).write_text(text, encoding="utf-8")
    text = (results / CRATE).read_text(encoding="utf-8")
    recorded = read_sums((results / SUMS).read_text())[MANIFEST]
    (results / CRATE).write_text(text.replace(recorded, file_sha256(results / MANIFEST)), encoding="utf-8")
    write_sums(results)
    assert [f.path for f in check(results).findings if f.kind != "changed"] == []
    assert ("seal", SUMS) in told(results, seal)


def test_sums_are_those_of_the_common_tool(results: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    assert subprocess.run(command, cwd=results, check=False).returncode == 0
    (results / "ledger.json").write_text("[1]")
    assert subprocess.run(command, cwd=results, check=False, capture_output=True).returncode == 1


def test_results_from_before_there_were_crates_are_told_so(results: Path) -> None:
    (results / CRATE).unlink()
    (results / SUMS).unlink()
    assert told(results) == {("missing", CRATE), ("missing", SUMS)}


def test_paths_in_records_are_never_followed(results: Path) -> None:
    secret = results.parent / "secret"
    secret.write_text("s")
    outputs = {"../secret": file_sha256(secret), str(secret): file_sha256(secret)}
    edit(results / MANIFEST, lambda m: m.update(report=outputs))
    found = told(results)
    assert {("missing", "../secret"), ("missing", str(secret))} <= found


def test_links_are_refused_not_followed(results: Path) -> None:
    table = results / "tables" / "01_a-facts.csv"
    outside = results.parent / "outside.csv"
    table.rename(outside)
    table.symlink_to(outside)
    (results / "more").symlink_to(results.parent)
    os.mkfifo(results / "pipe")
    assert told(results) == {("refused", "tables/01_a-facts.csv"), ("refused", "more"), ("refused", "pipe")}


def test_an_archive_with_hostile_names_is_read_and_writes_nothing(results: Path, tmp_path: Path) -> None:
    archive = zipped(results, tmp_path / "hostile")
    names = ["../../escaped", "/etc/escaped", "zhuo\\..\\escaped", "C:/escaped", "a/../../escaped", "esc\x1b[31m"]
    with zipfile.ZipFile(archive, "a") as opened:
        for name in names:
            opened.writestr(zipfile.ZipInfo(name), "x")
        link = zipfile.ZipInfo(f"{results.name}/tables/link.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(link, "/etc/passwd")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    found = check(archive)
    assert {(f.kind, f.path) for f in found.findings} == {("refused", n) for n in [*names, "tables/link.csv"]}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert "\x1b" not in "".join(lines(found))


def test_an_archive_that_holds_one_name_twice_hides_nothing(results: Path, tmp_path: Path) -> None:
    archive = zipped(results, tmp_path / "twice")
    with zipfile.ZipFile(archive, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr(f"{results.name}/ledger.json", "[1]")
    assert told(archive) == {("refused", "ledger.json")}


def test_a_damaged_archive_is_told_of_the_member_it_is_in(results: Path, tmp_path: Path) -> None:
    archive = tmp_path / "damaged.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as opened:
        for path in files_below(results):
            opened.write(path, path.relative_to(results).as_posix())
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"seed\n7\n", b"seed\n8\n", 1))
    (finding,) = check(archive).findings
    assert finding.path.endswith("-facts.csv")
    assert finding.why.startswith("cannot be read: Bad CRC-32")


def test_what_is_no_result_is_refused_in_two_lines(results: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("no archive")
    zipped(tmp_path / "empty", tmp_path / "nothing")
    for path in ("empty", "text.zip", "nothing.zip", "absent"):
        with pytest.raises(InputError) as caught:
            check(tmp_path / path)
        assert len(str(caught.value).splitlines()) == 2


def test_an_archive_that_would_fill_a_disk_is_refused_unread(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = zipped(results, tmp_path / "bomb")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(f"{results.name}/zeros", bytes(3 * 2**20))
    assert archive.stat().st_size < 2**20
    monkeypatch.setattr(holding, "MAX_BYTES", 2 * 2**20)
    with pytest.raises(InputError, match="larger than results are"):
        check(archive)
    monkeypatch.setattr(holding, "MAX_BYTES", 2**30)
    monkeypatch.setattr(holding, "MAX_MEMBERS", 3)
    with pytest.raises(InputError, match="larger than results are"):
        check(archive)


def test_what_an_operating_system_adds_is_left_out_and_said(results: Path, sent: Callable[[Path], Path]) -> None:
    (results / ".DS_Store").write_bytes(b"\0")
    (results / "__MACOSX").mkdir()
    (results / "__MACOSX" / "x").write_text("x")
    found = check(sent(results))
    assert found.findings == ()
    assert found.notes == ("left out, as operating systems add them: .DS_Store, __MACOSX",)


def test_points_of_sweeps_are_verified_as_results_of_their_own(results: Path, sent: Callable[[Path], Path]) -> None:
    point = results / "sweeps" / "seed" / "seed=7"
    shutil.copytree(results, point)
    (results / "sweeps" / "seed" / "index.html").write_text("compared")
    whole = check(sent(results))
    assert (whole.findings, whole.files) == ((), 24)
    assert whole.notes == ("no record covers the 1 file that compares the points of sweeps",)
    (point / "ledger.json").write_text("[1]")
    (point / MANIFEST).unlink()
    assert told(sent(results)) == {
        ("changed", "sweeps/seed/seed=7/ledger.json"), ("missing", f"sweeps/seed/seed=7/{MANIFEST}"),
    }  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_altered_byte_of_any_file_is_found(data: st.DataObject, results: Path) -> None:
    path = data.draw(st.sampled_from(sorted(files_below(results))))
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    mask = data.draw(st.integers(1, 255))
    try:
        path.write_bytes(good[:place] + bytes([good[place] ^ mask]) + good[place + 1 :])
        assert check(results).findings
    finally:
        path.write_bytes(good)


@given(st.text(min_size=1))
def test_no_safe_name_leads_out(name: str) -> None:
    if not unsafe(name):
        joined = os.path.normpath(os.path.join("/results", name))
        assert joined == "/results" or joined.startswith("/results/")
