"""A page of feedback tells a student what happened, and runs nothing."""

from html.parser import HTMLParser
from typing import Any

import pytest

from grader.disclosure import Disclosure
from grader.feedback.pages import Settings, page
from grader.gradebook.standing import Adjustment, Standing
from tests.class_fakes import (
    COURSE,
    NAMES,
    NOON,
    check,
    report,
    standing,
    step,
    student,
)

DRAWN = "Xylo Karima"
VOID = {"meta", "br", "img", "link"}
WORK = report(
    step("models", check("models.one"), check("models.two", visibility="hidden")),
    step(
        "store",
        check(
            "store.kept",
            "failed",
            pitfall="no-commit",
            message="The movie was gone.",
            hint="Call `commit`.",
            evidence=("INSERT INTO movie (title) VALUES (?)", "ROLLBACK"),
        ),
        check("store.listed", "skipped", because=("store.kept",)),
        check("store.sorted", "skipped", because=("store.listed",)),
        check("store.extra", "failed", bonus=True),
    ),
)


class Reader(HTMLParser):
    """Read a page as a browser would: its tags, its text, and whether all close."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Gather the words that people see."""
        if not {"style", "title"} & set(self.open):
            self.text += f" {data}"


def read(who: Standing, disclosure: Disclosure = Disclosure.DIAGNOSES) -> Reader:
    """Write and read a page."""
    reader = Reader()
    reader.feed(page(who, Settings(COURSE, "Persistence", disclosure)))
    assert reader.open == []
    reader.text = " ".join(reader.text.split())
    return reader


def test_a_page_tells_score_criteria_and_why() -> None:
    """What was earned, the diagnosis, the hint and the SQL."""
    text = read(standing("ada", WORK)).text

    for part in (
        "Name ada",
        "4 of 10 points",
        "✓ schema met",
        "✗ crud missed",
        "diagnosis of no-commit",
        "The movie was gone.",
        "why of no-commit",
        "INSERT INTO movie (title) VALUES (?) ROLLBACK",
        "2 checks (4 points) wait until this passes: title of store.kept",
        "Bonus, 2: title of store.extra",
    ):
        assert part in text


def test_a_page_is_self_contained_and_runs_nothing() -> None:
    """No script, no address, and a policy that forbids both."""
    tags = read(standing("ada", WORK)).tags

    assert not {"script", "img", "link", "iframe", "form", "a"} & {t for t, _ in tags}
    assert not {"src", "href", "style", "onclick"} & {n for _, a in tags for n in a}
    policies = [a["content"] for _, a in tags if a.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert any(a.get("name") == "viewport" for _, a in tags)


HOSTILE = (
    *NAMES,
    "</style><script>x</script>",
    "{{ 7*7 }}",
    "a\u202eb\x1b[31m",
    "&lt;b",
)


@pytest.mark.parametrize("foreign", HOSTILE)
def test_foreign_text_stays_text(foreign: str) -> None:
    """Names, messages, SQL and reasons, whatever they hold."""
    plain = read(standing("ada", WORK, adjustments=(change("x"),))).tags
    failed: dict[str, Any] = {"message": foreign, "hint": foreign}
    odd = report(
        WORK.steps[0],
        step(
            "store",
            check("store.kept", "failed", evidence=(f"SELECT {foreign}",), **failed),
            check("store.listed", "skipped", because=("store.kept",)),
        ),
    )
    who = standing(student(name=foreign), odd, adjustments=(change(foreign),))

    reader = read(who)

    assert {tag for tag, _ in reader.tags} <= {tag for tag, _ in plain} | {"code"}
    assert not {"\u202e", "\x1b"} & set(reader.text)
    words = foreign.replace("\u202e", "\ufffd").replace("\x1b", "\ufffd")
    assert reader.text.count(words) == 5


def change(reason: str) -> Adjustment:
    """Change a score for a reason."""
    return Adjustment(-1.5, reason, "Eva", NOON)


def test_adjustments_and_lateness_are_explained() -> None:
    """With their reasons, and by whom."""
    late = {"penalty": 0.4, "lateness": "3 hours late: 10 % less."}
    text = read(standing("ada", WORK, adjustments=(change("copied"),), **late)).text

    assert "\N{MINUS SIGN}0.4 3 hours late: 10 % less." in text
    assert "\N{MINUS SIGN}1.5 copied ( Eva )" in text


@pytest.mark.parametrize("disclosure", Disclosure)
def test_hidden_input_is_on_no_page(disclosure: Disclosure) -> None:
    """Whatever the course discloses."""
    hidden = check(
        "store.kept",
        "failed",
        visibility="hidden",
        message=f"{DRAWN} was gone.",
        evidence=(f"INSERT INTO movie ('{DRAWN}')",),
    )

    assert DRAWN not in read(standing("ada", report(step("store", hidden)))).text


def test_two_runs_of_a_step_are_explained() -> None:
    """One early mistake is paid for once, and the page says how."""
    own = check("store.one", "skipped", because=("models.one",))
    work = report(
        step("models", check("models.one", "failed")),
        step("store", own, again=(check("store.one"),)),
    )

    text = read(standing("ada", work)).text

    assert "0 with your own earlier steps, 2 with right ones in their place" in text


def test_who_was_not_graded_reads_why() -> None:
    """A page for everybody."""
    text = read(standing("bob", None, state="The zip cannot be opened.")).text

    assert "Not graded The zip cannot be opened." in text


def test_a_newer_submission_that_could_not_be_graded_is_told() -> None:
    """Its student thinks that it counts; the words may come from a file's name."""
    odd = standing("ada", WORK, state="graded; could not be: \u202e<b>.zip")

    text = read(odd).text

    assert "graded; could not be: \ufffd<b>.zip" in text
    assert "4 of 10 points" in text


def test_the_same_standing_gives_the_same_page() -> None:
    """So that writing again changes no file."""
    settings = Settings(COURSE, "Persistence", Disclosure.TITLES)

    assert page(standing("ada", WORK), settings) == page(
        standing("ada", WORK), settings
    )


def test_a_page_stays_small() -> None:
    """However much a submission said."""
    noisy = [
        check(f"store.c{n}", "failed", message="m" * 9000, hint="h" * 9000)
        for n in range(40)
    ]

    text = page(
        standing("ada", report(step("store", *noisy))),
        Settings(COURSE, "Persistence", Disclosure.DIAGNOSES),
    )

    assert len(text) < 80_000
