"""The stack on one machine: MiniStack as AWS, the real template deployed to it, a front at one port, credentials.

home        where things are: paths, ports, environment
install     the pinned dependencies (run by any python3, before anything else)
lock        which versions those are
daemon      programs left running, known by their pid files
emulator    MiniStack, with what it lacks for us
indexes     its DynamoDB's indexes, in order
deployment  sam build, sam deploy
routes      the HTTP API's routes, which MiniStack does not read from the template
front       the API at the root of one host and port
credentials two users, for trying things
logs        what the functions say
"""
