def count(upto):
    found = []
    while len(found) < upto:
        found.append(len(found) + 1)
    return found
