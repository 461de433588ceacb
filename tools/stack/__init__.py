"""Local stack: MiniStack as AWS, the template deployed to it, the API at one port, and credentials.

home        paths, ports and environment of a stack
install     installs the pinned dependencies; any python3 runs it
lock        pins the dependencies
daemon      programs in the background, with pid files
emulator    MiniStack, with patches
indexes     sorted indexes for its DynamoDB
meter       counts of calls to AWS, for the bench
faults      failures of calls to AWS, at random
deployment  sam build and sam deploy
routes      routes of the HTTP API, which MiniStack does not read from the template
front       the API at the root of one host and port
credentials two users, for the tour and the tests
logs        the logs of functions and emulator
"""
