def greet(name):
    return f"Hello {name}"


def count(upto):
    return list(range(1, upto + 1))
