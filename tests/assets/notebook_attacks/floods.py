for _ in range(100):
    print("x" * 1_000_000)
print("y" * 100_000_000)
