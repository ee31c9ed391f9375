def greet(name):
    return ""


def count(upto):
    return []
