"""The pool of name servers below /v2."""
