from grader.checks import Draw, Project, check, expect, expect_observed


@check(points=1, core=True, after="greet.greets_by_name")
def test_counts(project: Project, draw: Draw) -> None:
    """Counting gives every number once."""
    upto = draw.number(3, 9)
    seen = expect_observed(project.ask("count", upto=upto), "count()")
    expect(seen == list(range(1, upto + 1)), "It left out a number.")


@check(points=1, after=test_counts)
def test_counts_nothing(project: Project) -> None:
    """Counting to zero gives nothing."""
    seen = expect_observed(project.ask("count", upto=0), "count(0)")
    expect(seen == [], "Counting to zero gave something.")
