from grader.checks import Draw, Project, check, expect, expect_observed


@check(points=3, core=True)
def test_greets_by_name(project: Project, draw: Draw) -> None:
    """The greeting names whom it greets."""
    name = draw.word()
    seen = expect_observed(project.ask("greet", name=name), "greet()")
    expect(name in str(seen), "The name is missing.", pitfall="greets-nobody")
