"""What is said to people is written in all five languages, about the same facts; nothing is said that nobody wrote."""

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps

from apps.common.legal_texts import LANGUAGES
from apps.common.wording import ENGLISH, files, names_in, texts

KEPT = "notice.plain"  # for rows of before notices had kinds
OTHERS = [language for language in LANGUAGES if language != ENGLISH]


@dataclass(frozen=True)
class Call:
    """One call in our code; `words` are its literal arguments, None where something is computed."""

    where: str
    words: list[str | None]
    names: set[str | None]


def calls_of(name: str, *, module: str = "apps.common.wording") -> list[Call]:
    """Every call, in the apps, of the function or class that a file imports from this module under this name."""
    found = []
    for app in apps.get_app_configs():
        for file in Path(app.path).rglob("*.py") if app.name.startswith("apps.") else []:
            tree = ast.parse(file.read_text("utf-8"))
            if not any(_imports(node, name, module) for node in ast.walk(tree)):
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                    words = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
                    where = f"{file.relative_to(Path(app.path).parent)}:{node.lineno}"
                    found.append(Call(where, words, {keyword.arg for keyword in node.keywords}))
    return found


def _imports(node: ast.AST, name: str, module: str) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == module and name in {each.name for each in node.names}


def written(language: str) -> tuple[dict[str, dict], dict[str, dict[str, str]]]:
    """What stands in the files of one language itself, without the English that fills gaps."""
    kinds, codes = {}, {}
    for file in files(language):
        for group, rows in tomllib.loads(file.read_text("utf-8")).items():
            if group == "words":
                codes |= rows
            else:
                kinds |= {f"{group}.{name}": of for name, of in rows.items()}
    return kinds, codes


def test_whatever_is_said_was_written_about_exactly_these_facts() -> None:
    """A kind is spelled out where it is said, so that this test and a reader can follow it."""
    kinds = texts(ENGLISH).kinds
    calls = calls_of("say")
    assert len(calls) >= 60, "the calls are not where this test looks for them"
    wrong = [
        call.where
        for call in calls
        if call.words not in [[kind] for kind in kinds] or call.names != names_in(kinds[str(call.words[0])])
    ]
    assert wrong == []


def test_nothing_is_written_that_nobody_says() -> None:
    said = {call.words[0] for call in calls_of("say")}
    assert set(texts(ENGLISH).kinds) - said == {KEPT}
    grouped = {call.words[0] for name in ("Code", "word") for call in calls_of(name)}
    assert set(texts(ENGLISH).codes) <= grouped


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_the_same_with_the_same_facts(language: str) -> None:
    english, codes = written(ENGLISH)
    here, called = written(language)
    assert len(english) >= 60 and len(codes) >= 5
    assert {kind: names_in(of) for kind, of in here.items()} == {kind: names_in(of) for kind, of in english.items()}
    assert {group: set(of) for group, of in called.items()} == {group: set(of) for group, of in codes.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    english, codes = written(ENGLISH)
    here, called = written(language)
    only_facts = {kind for kind, of in english.items() if kind == KEPT}
    same = [kind for kind, of in here.items() if kind not in only_facts and of["title"] == english[kind]["title"]]
    assert same == []
    whole = [code for group in ("after_check", "may", "mail") for code, text in codes[group].items()
             if called[group][code] == text]  # fmt: skip
    assert whole == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_has_a_title_and_no_part_that_nobody_shows(language: str) -> None:
    kinds, _ = written(language)
    assert kinds
    assert [kind for kind, of in kinds.items() if not set(of) <= {"title", "body"} or not of.get("title")] == []
    forms = [text for of in kinds.values() for text in of.values() if isinstance(text, dict)]
    assert all(set(text) == {"one", "other"} for text in forms)


def test_nobody_but_the_letters_makes_a_mail() -> None:
    """So that every mail has HTML and text, one look, and the language of its reader."""
    names = ("EmailMessage", "EmailMultiAlternatives", "send_mail", "send_mass_mail", "mail_admins")
    makers = [call.where for name in names for call in calls_of(name, module="django.core.mail")]
    assert len(makers) == 1 and makers[0].startswith("common/letters.py")


def test_a_saying_is_made_by_say_or_read_from_where_it_was_kept() -> None:
    """`say` alone looks whether its kind and facts were written."""
    made = {call.where.partition(":")[0] for call in calls_of("Saying")}
    assert made == {"notifications/models.py", "accounts/tasks.py"}
