"""Find what titles, hints and kits give away, in sources of a few lines."""

from pathlib import Path

import pytest

from grader.catalog import Pitfall
from grader.checks import CheckFacts
from grader.plugin import Expected
from grader.verifying.secrecy import giveaway_gaps, mention_gaps, values_in

PITFALL = Pitfall("wrong", "", "", "", "Answer `4711`.", "", "crud")
SUITE = '''
LIMIT = 86


@check(points=7)
def test_answers(service):
    """{title}"""
    expect(service.get() == 4711, "It saw 4711.", hint="{hint}")
    expect(service.word() == "opaque", "No.")
    expect(service.limit() < LIMIT, "No.")
'''


def gaps(title: str, hint: str = "", known: frozenset[str] = frozenset()) -> list[str]:
    """Return what a suite with these words gives away."""
    source = SUITE.format(title=title, hint=hint)
    return [gap.sentence for gap in giveaway_gaps("count", source, known, {})]


@pytest.mark.parametrize(
    "title",
    ["It answers 4711.", "It says `opaque`.", "It stays below 86."],
)
def test_a_title_with_an_expected_value_is_a_gap(title: str) -> None:
    """Numbers, quoted words and the suite's own constants count."""
    (told,) = gaps(title)

    assert "count.answers" in told


@pytest.mark.parametrize(
    "title",
    [
        "It answers.",
        "It is opaque to students.",
        "It is worth 7 points.",
        "It works in v4711.",
    ],
)
def test_a_title_in_plain_words_is_none(title: str) -> None:
    """Ordinary words, points and parts of other words are no answers."""
    assert gaps(title) == []


def test_a_hint_with_an_expected_value_is_a_gap() -> None:
    """A hint is shown to students as a title is."""
    assert len(gaps("It answers.", hint="Try 4711.")) == 1


def test_what_students_hold_already_is_no_secret() -> None:
    """A status code that the lab text asks for may be named."""
    assert gaps("It answers 4711.", known=values_in("Answer 4711 to all.")) == []


def test_a_way_out_is_a_hint_too() -> None:
    """A failure without a hint of its own shows the pitfall's."""
    source = (
        "def test_answers(service):\n"
        "    '''It answers.'''\n"
        "    expect(service.get() == 4711, 'No.', pitfall='wrong')\n"
    )

    assert (
        len(list(giveaway_gaps("count", source, frozenset(), {"wrong": PITFALL}))) == 1
    )


def expected(name: str, visibility: str, after: tuple[str, ...] = ()) -> Expected:
    """Make a collected check."""
    return Expected(
        f"count.{name}", "count", visibility, CheckFacts(1, "", after=after)
    )


@pytest.mark.parametrize("text", ["see test_secret()", "count.secret checks it"])
def test_a_kit_that_names_a_hidden_check_is_a_gap(text: str) -> None:
    """Neither its function nor its id may be in what students receive."""
    checks = {"count.secret": expected("secret", "hidden")}

    (gap,) = mention_gaps(checks, {"labs/README.md": text})

    assert gap.subject == "count.secret"


def test_a_visible_check_after_a_hidden_one_is_a_gap() -> None:
    """The visible suite would name it."""
    checks = {
        "count.open": expected("open", "visible", after=("secret",)),
        "count.secret": expected("secret", "hidden"),
    }

    (gap,) = mention_gaps(checks, {})

    assert gap.subject == "count.secret"


def test_a_kit_may_name_a_visible_check() -> None:
    """Students hold its suite."""
    checks = {"count.open": expected("open", "visible")}

    assert list(mention_gaps(checks, {str(Path("README.md")): "test_open"})) == []
