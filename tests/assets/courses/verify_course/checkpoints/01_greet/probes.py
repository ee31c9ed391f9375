def greet(box, name):
    import greeting

    return greeting.greet(name)
