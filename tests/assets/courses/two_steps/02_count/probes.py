def count(box, upto):
    import hello

    return hello.count(upto)
