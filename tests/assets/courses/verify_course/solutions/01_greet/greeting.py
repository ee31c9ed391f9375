from words import WELCOME


def greet(name):
    return f"{WELCOME} {name}"
