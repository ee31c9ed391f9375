def greet(box, name):
    import hello

    return hello.greet(name)
