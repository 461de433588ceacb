"""Read the body of a new or changed record set (contract `designate.md`, section 9)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from zonewright.errors import Reason
from zonewright.http.designate.bodies import MISSING, READ_ONLY, Body, Description, Ttl, read, read_only, wrong_name
from zonewright.http.designate.requests import cut, json_object, short
from zonewright.http.message import Request
from zonewright.http.schema import Schema
from zonewright.model.recordset import Content, RecordSet
from zonewright.protocol import names, placement, records, types
from zonewright.protocol.notes import Written


def _owner_name(text: str) -> str:
    try:
        names.owner(text)
    except ValueError as error:
        raise wrong_name(text, "Host name", "hostname", str(error)) from error
    return text


def known_type(text: str) -> str:
    """Return the text of a type. Raise PydanticCustomError if no zone holds the type."""
    try:
        types.type_of(text)
    except ValueError as error:
        message = f"'{cut(text)}' is not a valid record type: it {error}"
        raise PydanticCustomError("value", "{message}", {"message": message, "expected": "type"}) from error
    return text


def _type(text: str) -> str:
    why = placement.wrong_type(types.type_of(known_type(text)))
    if why:
        message = f"'{cut(text)}' is not a valid record type: {why}"
        raise PydanticCustomError("value", "{message}", {"message": message, "expected": "type"})
    return text


def _a_list(value: Any) -> Any:
    if not isinstance(value, list):
        message = f"'{cut(value) if isinstance(value, str) else short(value)}' is not a valid list of records"
        raise PydanticCustomError("type", "{message}", {"message": message, "expected": "array"})
    return value


def _not_empty(texts: list[str]) -> list[str]:
    if not texts:
        raise PydanticCustomError("minItems", "is too short: a record set has a record", {"expected": 1})
    return texts


Name = Annotated[
    str,
    AfterValidator(_owner_name),
    Schema(
        "OwnerName",
        pattern=names.OWNER,
        maxLength=names.LONGEST_TEXT,
        description="An absolute name in the zone, as a master file has it (RFC 1035 section 5.1): of labels of up to "
        "63 octets. The first label may be `*` (RFC 4592). Blanks, quotes and parentheses are escaped",
        examples=["www.example.org.", "*.example.org.", "0/26.example.org.", r"a\.b.example.org."],
    ),
]
Type = Annotated[
    str,
    AfterValidator(_type),
    Schema(
        pattern="^[A-Za-z][A-Za-z0-9_-]*$",
        description="A mnemonic, or `TYPE` and a number (RFC 3597 section 5)",
        examples=["A", "TYPE65280"],
    ),
]
Records = Annotated[list[str], BeforeValidator(_a_list), AfterValidator(_not_empty), Schema(minItems=1)]


class _Shown(Body):
    """The read-only fields of a record set. A PUT may have them as they are, because clients send what they read."""

    id: Any = None
    zone_id: Any = None
    zone_name: Any = None
    project_id: Any = None
    status: Any = None
    action: Any = None
    version: Any = None
    created_at: Any = None
    updated_at: Any = None
    links: Any = None


class RecordSetChange(_Shown):
    """The body of a PUT. Every field is optional."""

    name: str = MISSING
    type: str = MISSING
    records: Records = MISSING
    ttl: Ttl | None = None
    description: Description | None = None


class NewRecordSet(Body):
    """The body of a POST."""

    name: Name
    type: Type
    records: Records
    ttl: Ttl | None = None
    description: Description | None = None


def new_recordset(request: Request) -> tuple[str, int, Content]:
    """Return the name, type number and content of the record set in a POST. Raise Invalid with all reasons."""
    sent = json_object(request, "recordset")
    body = read(NewRecordSet, sent, "recordset", list(wrong_records(sent, sent.get("type"))))
    rdtype = types.type_of(body.type)
    return body.name, rdtype, _content(rdtype, body.records, body.ttl, body.description)


def recordset_content(request: Request, found: RecordSet, shown: Mapping[str, Any]) -> Content:
    """Return the new content of a record set, which is `shown` so. An omitted field keeps its value.

    A read-only field may be sent as it is. Raise Invalid with all reasons.
    """
    sent = json_object(request, "recordset")
    fixed = {name: shown[name] for name in _Shown.model_fields}
    rdtype = found.rrset.type
    wrong = [
        *wrong_records(sent, found.rrset.type_text(), found.rrset.covers),
        *_immutable(sent, found),
        *read_only(sent, fixed),
    ]
    body = read(RecordSetChange, sent, "recordset", wrong)
    given, notes = body.model_fields_set, found.rrset.notes
    ttl = body.ttl if "ttl" in given else found.rrset.ttl
    description = body.description if "description" in given else notes.description
    if "records" in given:
        return _content(rdtype, body.records, ttl, description)
    return Content(found.rrset.rdatas, ttl, description, notes.written)


def wrong_records(sent: Mapping[str, Any], kind: object, covers: int | None = None) -> Iterator[Reason]:
    """Yield what is wrong with each record. Yield nothing for an unknown type.

    `covers` is the type that signatures must cover.
    """
    texts = sent.get("records")
    if not (isinstance(kind, str) and isinstance(texts, list)):
        return
    try:
        rdtype = types.type_of(kind)
    except ValueError:
        return
    yield from records.wrong_records(rdtype, texts, covers)


def _immutable(sent: Mapping[str, Any], found: RecordSet) -> Iterator[Reason]:
    """Yield a reason if the body changes name or type. Another text of the same name or type is no change."""
    for field, value, meaning in (("name", found.name, names.owner), ("type", found.rrset.type_text(), types.type_of)):
        text = sent.get(field)
        if isinstance(text, str) and names.fold(text) != names.fold(value) and not _same(text, value, meaning):
            yield Reason(f"'{field}' is immutable: it is {short(value)}", (field,), READ_ONLY, value)


def _same(text: str, other: str, meaning: Callable[[str], object]) -> bool:
    try:
        return meaning(text) == meaning(other)
    except ValueError:
        return False


def _content(rdtype: int, texts: list[str], ttl: int | None, description: str | None) -> Content:
    read = records.read(rdtype, texts)
    return Content(tuple(read), ttl, description, Written.of(rdtype, read))
