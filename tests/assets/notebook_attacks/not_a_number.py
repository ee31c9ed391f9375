def double(number):
    return float("nan")
