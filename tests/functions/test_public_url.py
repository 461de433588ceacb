"""Links behind a proxy that changes the host of requests (`PublicUrl`)."""

import pytest
from support.calls import HOST, call, event
from zonewright import service as surroundings

from functions.designate import list_zones
from functions.edge.service import routes


@pytest.mark.parametrize(
    ("variable", "base"),
    [
        ("", HOST),
        ("https://dns.example.org", "https://dns.example.org"),
        ("https://example.org/dns/", "https://example.org/dns"),
    ],
)
def test_links_begin_with_the_public_url(service, monkeypatch, variable, base):
    monkeypatch.setenv("PUBLIC_URL", variable)
    surroundings.current.cache_clear()

    answer = call(list_zones.handler, event("designate_list_zones"))
    assert answer.json["links"]["self"].startswith(f"{base}/v2/zones")

    versions = call(routes.handler, event("edge_versions"), documented=False)
    assert f"{base}/v2" in versions.body
