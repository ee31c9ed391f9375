def count(box, upto):
    import counting

    return counting.count(upto)
