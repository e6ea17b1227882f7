"""YAML text as plain values, each with the line on which it stands; all but plain data is refused."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml

from helpers.errors import Problem, shorten

Path = tuple[str | int, ...]
MAX_DEPTH = 12
MAX_TEXT = 10_000
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "value")}
_REFUSALS = (yaml.YAMLError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


@dataclass
class YamlTree:
    """Plain values of one document, and for each path in it the line (from 1) and the text of a scalar."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of a path, or of the nearest part above it; None for what is missing at the top."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path) if path else None


def dotted(path: Path) -> str:
    """A path as a person writes it: ``endpoints.OS.name``, list entries counted from 1."""
    return shorten(".".join(str(part + 1) if isinstance(part, int) else part for part in path), 200)


def read_yaml(text: str, file: str) -> YamlTree:
    """Read one YAML document with `yaml.SafeLoader`.

    Refused, each as a `Problem` with its line: a syntax error, more than one document, anchors and aliases
    (by which a few lines could stand for gigabytes), tags, keys that are no text, repeated keys, deep
    nesting, very long texts, control characters.
    """
    tree = YamlTree()
    try:
        problem = _survey(text, file)
        if problem is not None:
            tree.problems.append(problem)
            return tree
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        tree.problems.append(_not_yaml(error.problem or "it cannot be parsed", file, line))
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError) as error:
        tree.problems.append(_not_yaml(str(error).splitlines()[0] if str(error) else "it cannot be parsed", file, None))
    else:
        if node is not None:
            tree.value = _Builder(tree, file).build(node, ())
    return tree


def _not_yaml(reason: str, file: str, line: int | None) -> Problem:
    return Problem(
        f"the file is not valid YAML: {shorten(reason, 120)}",
        "check the indentation (blanks, no tabs), the blank after each colon, and the quotation marks nearby",
        file,
        line,
    )


def _survey(text: str, file: str) -> Problem | None:
    """Look through the events of the parser, without building anything, for aliases and for deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            return Problem(
                "anchors and aliases are not allowed",
                "write the value out where it is needed",
                file,
                line,
                found=f"{sign}{event.anchor}",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return Problem(
                f"the values are nested more than {MAX_DEPTH} deep",
                "use only the keys of the template",
                file,
                line,
            )
    return None


class _Builder:
    """Turns nodes into plain values."""

    def __init__(self, tree: YamlTree, file: str) -> None:
        self.tree, self.file = tree, file
        self.constructor = yaml.SafeLoader("")

    def build(self, node: yaml.Node, path: Path) -> Any:
        """The value of a node; faults go into the tree's problems."""
        line = node.start_mark.line + 1
        self.tree.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _PLAIN_TAGS:
            return self._scalar(node, path)
        self.fault(path, "tags are not allowed", "write the plain value, without the part after `!`", node.tag)
        return None

    def fault(self, path: Path, message: str, remedy: str, found: str, line: int | None = None) -> None:
        """Note a problem at a path."""
        where = line if line is not None else self.tree.line(path)
        self.tree.problems.append(Problem(message, remedy, self.file, where, dotted(path), found))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str) or key_node.tag != "tag:yaml.org,2002:str" or len(key) > 200:
                found = key if isinstance(key, str) else "a list or mapping"
                self.fault(path, "a key must be a short text", "put the key into quotation marks", found, line)
                continue
            if bad := _unprintable(key):
                self.fault(path, f"the key holds the character U+{ord(bad):04X}", "delete it", key, line)
                continue
            here = (*path, key)
            if key in result:
                first = self.tree.lines[here]
                self.fault(here, f"the key stands twice, first in row {first}", "delete one of the two", key, line)
                continue
            self.tree.lines[here] = line
            result[key] = self.build(value_node, here)
        return result

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        text = node.value
        self.tree.texts[path] = text
        if len(text) > MAX_TEXT:
            self.fault(path, f"the text has {len(text):,} characters", f"write at most {MAX_TEXT:,}", text)
            return None
        if bad := _unprintable(text):
            self.fault(path, f"the text holds the character U+{ord(bad):04X}", "delete it", text)
            return None
        try:
            return self.constructor.construct_object(node)
        except _REFUSALS:
            date = node.tag.endswith(":timestamp")
            message = "there is no such date" if date else "this is no value YAML knows"
            self.fault(path, message, "correct it, or put it into quotation marks as text", text)
            return None


def _unprintable(text: str) -> str | None:
    """The first control character or lone surrogate of a text, if any."""
    return next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n"), None)
