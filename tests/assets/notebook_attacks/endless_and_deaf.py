import signal

signal.signal = lambda *_: None
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
