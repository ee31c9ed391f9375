def count(upto):
    # TODO(count): list the numbers
    return None
