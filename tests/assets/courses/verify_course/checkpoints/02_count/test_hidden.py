from grader.checks import Draw, Project, check, expect, expect_observed


@check(points=1, core=True)
def test_counts(project: Project, draw: Draw) -> None:
    """Counting gives every number once."""
    upto = draw.number(3, 9)
    seen = expect_observed(project.ask("count", upto=upto), "count()")
    short = seen == list(range(1, upto))
    expect(not short, "The last number is missing.", pitfall="off-by-one")
    expect(seen == list(range(1, upto + 1)), "It gave something else.")


@check(points=1, after=test_counts)
def test_counts_nothing(project: Project) -> None:
    """There is nothing to count below the first number."""
    seen = expect_observed(project.ask("count", upto=-1), "count()")
    expect(seen == [], "It gave something.", pitfall="counts-nothing")
