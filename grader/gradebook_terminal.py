"""Show a gradebook: the class, its criteria and mistakes, and who has no grade."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .catalog import Pitfall
from .gradebook.standing import Standing
from .gradebook.standings import Class
from .report import Outcome, Report
from .terminal import number, plain

MARKS = {True: Text("✓", "green"), False: Text("✗", "red"), None: Text("·", "dim")}
MINUTES = "%Y-%m-%d %H:%M"


def show_class(
    console: Console, graded: Class, pitfalls: Mapping[str, Pitfall]
) -> None:
    """Show a whole class."""
    console.print(_title(graded))
    console.print(_scores(graded))
    for line in _summary(graded):
        console.print(line, soft_wrap=True)
    frequent = count_pitfalls(graded.standings)
    if frequent:
        console.print(Text("\nMistakes, by how many have them", "bold"))
        console.print(_mistakes(frequent, pitfalls))
    _list(console, "Without a grade", list(_without(graded.standings)))
    nobodys = [f"{each.place}: {each.reason}" for each in graded.unmatched]
    _list(console, "Belongs to nobody", nobodys)
    strangers = [f"{key} is in course.toml alone" for key in graded.strangers]
    _list(console, "Named by the policy, and not in the class", strangers)


def show_student(console: Console, standing: Standing) -> None:
    """Show all that is kept of one student."""
    student = standing.student
    console.print(Text(f"{student.key}  ", "bold") + plain(student.name))
    console.print(plain(f"Score {_score(standing)}. {standing.state}."))
    if standing.due:
        console.print(plain(f"Due {standing.due:{MINUTES}} {standing.due.tzname()}."))
    table = _table("No.", "Score", "Late", "Handed in", "Graded", "Where")
    for attempt in standing.attempts:
        late = f"-{number(attempt.penalty)}" if attempt.late_by else ""
        counts = "bold" if attempt == standing.counted else ""
        table.add_row(
            Text(str(attempt.number), counts),
            Text(number(attempt.score), counts),
            Text(late),
            Text(_time(attempt.submitted_at)),
            Text(_time(attempt.graded_at)),
            plain(attempt.place),
        )
    if standing.attempts:
        console.print(table)
    for change in standing.adjustments:
        sign = f"{change.points:+g}: " if change.points else ""
        told = f"{_time(change.made_at)} {change.author}: {sign}{change.reason}"
        console.print(plain(told), soft_wrap=True)


def count_pitfalls(standings: Sequence[Standing]) -> list[tuple[str, int]]:
    """Count how many students have each mistake, the most frequent first."""
    counted: Counter[str] = Counter()
    for standing in standings:
        if standing.report is not None:
            counted.update(_pitfalls_of(standing.report))
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _pitfalls_of(report: Report) -> set[str]:
    return {
        check.pitfall
        for step in report.steps
        for check in step.checks
        if check.pitfall and check.outcome is Outcome.FAILED
    }


def _title(graded: Class) -> Text:
    due = f"due {graded.due:{MINUTES}} {graded.due.tzname()}" if graded.due else ""
    people = f"{len(graded.standings)} students"
    rest = ", ".join(part for part in (people, due) if part)
    return plain(graded.title, "bold") + plain(f": {rest}.")


def _scores(graded: Class) -> Table:
    names = _criteria(graded.standings)
    table = _table("Student", "Name", "Score", "Late", "By hand", *names)
    for standing in graded.standings:
        table.add_row(
            plain(standing.student.key, "bold"),
            plain(_name(standing)),
            Text(_score(standing)),
            Text(f"-{number(standing.penalty)}" if standing.penalty else ""),
            Text(f"{standing.adjusted:+g}" if standing.adjusted else ""),
            *(_mark(standing, name) for name in names),
        )
    return table


def _name(standing: Standing) -> str:
    """Give a name, unless it only repeats the key."""
    student = standing.student
    return "" if student.name == student.key else student.name


def _mark(standing: Standing, name: str) -> Text:
    return MARKS[standing.criteria.get(name)] if standing.counted else Text()


def _summary(graded: Class) -> Iterator[Text]:
    scores = sorted(s.score for s in graded.standings if s.score is not None)
    if not scores:
        return
    middle = number(scores[len(scores) // 2])
    yield plain(
        f"Middle score {middle}, from {number(scores[0])} to {number(scores[-1])}."
    )
    reported = [standing for standing in graded.standings if standing.counted]
    for name in _criteria(graded.standings):
        met = sum(standing.criteria.get(name) is True for standing in reported)
        yield plain(f"{name}: {met} of {len(reported)} met it.")


def _criteria(standings: Sequence[Standing]) -> list[str]:
    return list(dict.fromkeys(name for one in standings for name in one.criteria))


def _mistakes(
    frequent: Sequence[tuple[str, int]], pitfalls: Mapping[str, Pitfall]
) -> Table:
    table = _table("Students", "Mistake", "What it is")
    for slug, count in frequent:
        known = pitfalls.get(slug)
        told = plain(known.diagnosis if known else "")
        table.add_row(str(count), plain(slug, "bold"), told)
    return table


def _without(standings: Sequence[Standing]) -> Iterator[str]:
    for standing in standings:
        if standing.score is None:
            why = "excused" if standing.excused else standing.state
            yield f"{standing.student.key}: {why}"


def _score(standing: Standing) -> str:
    if standing.score is None:
        return "excused" if standing.excused else "none"
    most = "" if standing.max_score is None else f" of {number(standing.max_score)}"
    return f"{number(standing.score)}{most}"


def _time(time: datetime | None) -> str:
    return f"{time:{MINUTES}}" if time else ""


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        right = name in {"Score", "Late", "By hand", "Students", "No."}
        table.add_column(name, justify="right" if right else "left")
    return table


def _list(console: Console, title: str, lines: Sequence[str]) -> None:
    if lines:
        console.print(Text(f"\n{title} ({len(lines)})", "bold"))
    for line in lines:
        console.print(plain(f"  {line}"), soft_wrap=True)
