def count(upto):
    found = [1]
    while found[-1] < upto:
        found.append(found[-1] + 1)
    return found
