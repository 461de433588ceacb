"""From whom increments may be taken."""

from dataclasses import replace

import pytest
from zonewright.model.source import Source, unfit
from zonewright.model.zone import Primary

OURS, OTHER = Primary("192.0.2.1", 5300), Primary("192.0.2.1")
SOURCE = Source("192.0.2.1:5300", 7, address="192.0.2.1", signer="key#1")
STORED_BEFORE = "it is not known which server of 192.0.2.1:5300 the last contents came from"


@pytest.mark.parametrize(
    ("source", "primary", "serial", "why"),
    [
        pytest.param(SOURCE, OURS, 7, None, id="its own"),
        pytest.param(None, OURS, 7, "it is not known from which primary the last contents came", id="unknown"),
        pytest.param(SOURCE, OTHER, 7, "the last contents came from 192.0.2.1:5300", id="of another port"),
        pytest.param(
            SOURCE,
            Primary("192.0.2.1", 5300, tls=True),
            7,
            "the last contents came from 192.0.2.1:5300",
            id="over TLS from now on",
        ),
        pytest.param(
            SOURCE.seen_older(5), OURS, 7, "192.0.2.1:5300 was seen with an older serial, 5", id="that went back"
        ),
        pytest.param(
            SOURCE.among([OTHER]).among([OURS]), OURS, 7, "192.0.2.1:5300 was taken out of the masters", id="that left"
        ),
        pytest.param(
            SOURCE.asked_by("key#2"), OURS, 7, "192.0.2.1:5300 is asked with another TSIG key than before", id="by key"
        ),
        pytest.param(replace(SOURCE, address=None), OURS, 7, STORED_BEFORE, id="without an address"),
        pytest.param(replace(SOURCE, signer=None).asked_by("key#1"), OURS, 7, STORED_BEFORE, id="without a signer"),
        pytest.param(replace(SOURCE, signer="").asked_by(""), OURS, 7, None, id="unsigned"),
        pytest.param(SOURCE, OURS, 8, "the contents are no longer those of 192.0.2.1:5300", id="of another serial"),
    ],
)
def test_increments_fit_from_the_source_alone(source, primary, serial, why):
    assert unfit(source, primary, serial) == why


def test_the_first_reason_stays():
    broken = SOURCE.seen_older(5)

    assert broken.seen_older(4) == broken.among([]) == broken.asked_by("key#2") == broken


def test_a_source_that_stays_among_the_primaries_is_not_broken():
    assert SOURCE.among([OTHER, OURS]) == SOURCE
