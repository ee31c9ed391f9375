class Deep(list):
    pass


def double(number):
    value = []
    for _ in range(5_000):
        value = [value]
    return value
