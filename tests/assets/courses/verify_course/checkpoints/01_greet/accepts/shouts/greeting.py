def greet(name):
    return "HELLO " + name + "!"
