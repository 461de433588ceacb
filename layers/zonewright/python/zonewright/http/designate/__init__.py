"""The API of OpenStack Designate v2, below /v2. One folder a subject: body, view, filters and doc."""
