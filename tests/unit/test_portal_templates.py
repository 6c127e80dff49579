"""What holds for every template: the strict content security policy, and icons that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A mail carries its styles itself: no sheet of ours reaches it, and no policy governs it.
MAILS = ROOT / "templates/mail"
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if MAILS not in path.parents)
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons/icons.svg").read_text()))
NAMED = re.compile(r'{% icon "([^"]+)"|\sicon="([a-z0-9-]+)"')


def test_there_are_templates_and_icons() -> None:
    assert len(TEMPLATES) > 40 and len(ICONS) > 60


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_needs_nothing_inline(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|[\"']js:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/json" in script


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_icon_of_a_template_is_in_the_sprite(template: Path) -> None:
    named = {first or second for first, second in NAMED.findall(template.read_text())}
    assert named <= ICONS


def test_every_icon_named_in_code_is_in_the_sprite() -> None:
    """Memo lines, places and steps name icons as their first or an `icon=` argument."""
    named = set()
    for path in sorted((ROOT / "apps").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            given = [word.value for word in call.keywords if word.arg == "icon"]
            given += call.args[:1] if call.func.id == "MemoLine" else call.args[1:2] if call.func.id == "Place" else []
            named |= {node.value for node in given if isinstance(node, ast.Constant)}
    assert len(named) > 8
    assert named <= ICONS
