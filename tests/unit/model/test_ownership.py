"""Transfers of record sets to other owner groups, as a table (contract `vinyldns-writes.md`, section 7)."""

import pytest
from zonewright import errors
from zonewright.model.ownership import Asked, Outcome, Status, Transfer, decide
from zonewright.model.users import Caller

OWNER, STRANGER, ROOT = (
    Caller("o", "o", frozenset({"mine"})),
    Caller("s", "s", frozenset({"theirs"})),
    Caller("r", "r", is_super=True),
)
PENDING = Transfer(Status.PENDING_REVIEW, "theirs")
NONE = Transfer()


def asked(caller, sent, stored=NONE, **changed):
    fields = {"shared": True, "owner": "mine", "wanted": "mine", "only": True} | changed
    return Asked(caller=caller, sent=sent, stored=stored, **fields)


def sent(status, group="theirs"):
    return Transfer(status, group)


OUTCOMES = {
    "nothing sent": (asked(STRANGER, None, PENDING, wanted="x"), Outcome("x", PENDING)),
    "none sent": (asked(STRANGER, NONE, PENDING), Outcome("mine", PENDING)),
    "the stored one sent": (asked(STRANGER, PENDING, PENDING), Outcome("mine", PENDING)),
    "none stored in a zone that is not shared": (
        asked(OWNER, sent("AutoApproved"), None, shared=False),
        Outcome("mine", None),
    ),
    "requested": (asked(STRANGER, sent("Requested")), Outcome("mine", PENDING)),
    "requested without owner": (
        asked(STRANGER, sent("Requested"), owner=None, wanted=None),
        Outcome("theirs", sent("AutoApproved")),
    ),
    "approved": (
        asked(OWNER, sent("ManuallyApproved", "other"), PENDING),
        Outcome("theirs", sent("ManuallyApproved")),
    ),
    "rejected": (asked(OWNER, sent("ManuallyRejected"), PENDING), Outcome("mine", sent("ManuallyRejected"))),
    "approved at once": (asked(OWNER, sent("AutoApproved"), PENDING), Outcome("theirs", sent("AutoApproved"))),
    "cancelled": (asked(STRANGER, sent("Cancelled"), PENDING), Outcome("mine", sent("Cancelled"))),
    "cancelled by root": (asked(ROOT, sent("Cancelled", "x"), PENDING), Outcome("mine", sent("Cancelled"))),
    "requested again": (asked(STRANGER, sent("Requested"), sent("Cancelled")), Outcome("mine", PENDING)),
}


@pytest.mark.parametrize(("case", "outcome"), OUTCOMES.values(), ids=OUTCOMES)
def test_what_becomes_of_owner_and_transfer(case, outcome):
    assert decide(case) == outcome


REFUSALS = {
    "unknown": (asked(OWNER, sent("Maybe")), errors.OwnershipStatusRefused),
    "a stranger changes more": (asked(STRANGER, sent("Requested"), only=False), errors.OwnershipRequestsOnly),
    "cancelled before": (asked(OWNER, sent("ManuallyApproved"), sent("Cancelled")), errors.OwnershipCancelled),
    "not shared": (asked(OWNER, sent("ManuallyApproved"), shared=False), errors.OwnershipUnshared),
    "nothing asked": (asked(OWNER, sent("ManuallyApproved")), errors.OwnershipUnasked),
    "nothing ever asked": (asked(OWNER, sent("AutoApproved"), None), errors.OwnershipUnasked),
    "cancelled, by root": (asked(ROOT, sent("ManuallyRejected"), sent("Cancelled")), errors.OwnershipUnasked),
    "by a stranger": (asked(STRANGER, sent("ManuallyApproved"), PENDING), errors.OwnershipForbidden),
    "review": (asked(OWNER, sent("PendingReview", "x"), PENDING), errors.OwnershipStatusRefused),
    "by its owner": (asked(OWNER, sent("Requested", "mine")), errors.OwnedAlready),
    "by nobody": (asked(OWNER, sent("Requested", None), owner=None), errors.OwnedAlready),
    "not pending": (asked(STRANGER, sent("Cancelled"), sent("ManuallyRejected")), errors.OwnershipNotPending),
    "cancelled by others": (asked(OWNER, sent("Cancelled"), PENDING), errors.OwnershipCancelForbidden),
}


@pytest.mark.parametrize(("case", "refusal"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused(case, refusal):
    with pytest.raises(refusal):
        decide(case)
