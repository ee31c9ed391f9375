class Loud(Exception):
    def __str__(self):
        return "\x1b[2J\x1b]8;;http://x\x07[/x][link=file:///]\ud800\u202e\x00" + "\r\n=1+1" * 90_000


Loud.__name__ = "[bold]\x1b[31m\ud800" * 2_000


def greet(name):
    print("\x1b[2J[/x]\x00" * 100_000)
    raise Loud


count = greet
