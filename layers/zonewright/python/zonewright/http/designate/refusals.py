"""The errors of a request that only this dialect reads: its query, its media type, and the fields of its body."""

from zonewright.errors import Invalid, InvalidJson, MalformedQuery, NotAcceptable, TooLarge, Unsupported


class RepeatedFilters(MalformedQuery):
    """Parameters of the query are there more than once."""

    names: str


class UnknownFilters(MalformedQuery):
    """The list has no filters of these names."""

    names: str


class WrongContentType(Unsupported):
    """The body is of another media type than those in `wanted`."""

    wanted: str


class WrongAccept(NotAcceptable):
    """The route writes none of the media types that the caller accepts, but `wanted`."""

    wanted: str


class BodyTooLarge(TooLarge):
    """The body has more than `most` bytes."""

    most: int


class InvalidImport(InvalidJson):
    """The body of an import is not JSON."""


class InvalidObject(Invalid):
    """The body does not match its schema."""


class InvalidKeys(InvalidObject):
    """The body has keys that are unknown, or whose values a caller cannot choose. `problem` names them."""

    problem: str


class InvalidValue(InvalidObject):
    """A field has a value that it cannot have. `problem` says why, and what else is wrong."""

    problem: str
