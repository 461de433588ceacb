"""GET /recordsets: look for record sets in all zones, by name."""

from zonewright.actions import recordset_pages
from zonewright.http.message import Request, Response
from zonewright.http.vinyldns import dialect
from zonewright.http.vinyldns.recordsets import query, view
from zonewright.service import Service


@dialect.endpoint(query=query.searched)
def handler(service: Service, request: Request) -> Response:
    """Return a page of the record sets that the query describes."""
    listed = query.searched(request)
    page = recordset_pages.everywhere(service, listed.wanted)
    return view.searched(request, listed, page, recordset_pages.group_names(service, page.items))
