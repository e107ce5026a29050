"""The function that AWS's Python client runs: it answers with its event."""


def handle(event, context):
    return event
