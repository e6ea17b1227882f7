"""What reaches a notebook: alt text, caption, the same bytes each time, and files where they were asked for."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from helpers.figures import display, style


def drawn() -> Figure:
    with style.use_style():
        figure, axes = style.canvas(3.5, 2)
        axes.plot([0, 1], [0, 1], color=style.OS, label="curve")
        axes.fill_between([0, 1], [0, 1], color=style.BAND, hatch="//")
        axes.legend()
    return figure


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], dict[str, Any]]]:
    outputs: list[tuple[dict[str, str], dict[str, Any]]] = []
    monkeypatch.setattr(display, "publish", lambda data, metadata: outputs.append((data, metadata)))
    return outputs


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_rendering_twice_gives_the_same_bytes(kind: str) -> None:
    assert display.render(drawn(), kind, "alt") == display.render(drawn(), kind, "alt")


def test_style_outside_does_not_change_the_bytes() -> None:
    import matplotlib as mpl

    plain = display.render(drawn(), "png")
    with mpl.rc_context({"savefig.dpi": 50, "font.size": 20, "savefig.bbox": "tight"}):
        assert display.render(drawn(), "png") == plain


def test_show_publishes_png_alt_and_caption(published: list[tuple[dict[str, str], dict[str, Any]]]) -> None:
    display.show(drawn(), name="curve", alt="A rising\n line.", caption="A line.")
    (image, metadata), (caption, _) = published
    assert base64.b64decode(image["image/png"]).startswith(b"\x89PNG")
    assert metadata == {"image/png": {"alt": "A rising line.", "width": 336}}
    assert image["text/plain"] == "A rising line."
    assert caption["text/markdown"] == "**Figure.** A line."


@pytest.mark.parametrize(
    ("change", "message"),
    [({"alt": "  "}, "alt text"), ({"caption": ""}, "caption"), ({"name": "../up"}, "plain name")],
)
def test_show_refuses_what_cannot_be_read(change: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        display.show(drawn(), **{"name": "curve", "alt": "A line.", "caption": "A line.", **change})


def test_show_writes_three_files_only_when_asked(
    published: list[tuple[dict[str, str], dict[str, Any]]], tmp_path: Path
) -> None:
    display.show(drawn(), name="curve", alt="A <b> line.", caption="A.", results_dir=tmp_path, notebook="01_cohort")
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert names == {"01_cohort-curve.png", "01_cohort-curve.svg", "01_cohort-curve.pdf"}
    assert "A &lt;b&gt; line." in (tmp_path / "figures" / "01_cohort-curve.svg").read_text(encoding="utf-8")


def test_words_of_a_study_are_never_markup() -> None:
    assert display.literal("*a* <script> [x](y) `c` $5$") == r"\*a\* &lt;script&gt; \[x\](y) \`c\` \$5\$"
