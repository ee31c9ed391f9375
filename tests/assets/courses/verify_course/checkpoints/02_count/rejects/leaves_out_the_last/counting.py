def count(upto):
    return list(range(1, upto))
