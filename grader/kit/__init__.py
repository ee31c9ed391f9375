"""Make what students receive, with nothing in it that they are not to see."""
