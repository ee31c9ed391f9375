WELCOME = "Hello"
