"""Handing a zone to another project below /v2: requests to do so, and their acceptances."""
