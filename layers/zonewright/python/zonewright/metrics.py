"""Metrics of a process: lines of its log in CloudWatch's embedded metric format (EMF).

CloudWatch makes the metrics of the lines, so a function needs no call and no right for them. Every metric has the
dimension `service`, and some have a second set with one dimension more. Each distinct set is a metric that AWS charges
for in each hour in which it has values. So a dimension has few values: names of errors, of steps and of routes. It
never has names of zones or projects. And nothing is recorded while nothing happens.
"""

from collections.abc import Mapping, Sequence

Values = float | Sequence[float]

UNITS = {
    "SyncsBegun": "Count",
    "SyncsFinished": "Count",
    "SyncsFailed": "Count",
    "SyncFaults": "Count",
    "SyncSeconds": "Seconds",
    "SyncRecords": "Count",
    "StepSeconds": "Seconds",
    "Deliveries": "Count",
    "DeliverySeconds": "Seconds",
    "DeliveryErrors": "Count",
    "RecordChanges": "Count",
    "RecordChangeSeconds": "Seconds",
    "RecordChangesFailed": "Count",
    "Looks": "Count",
    "ZonesLeft": "Count",
    "OldestDueSeconds": "Seconds",
    "ZonesBehind": "Count",
    "SerialLag": "Count",
    "Faults": "Count",
    "Refusals": "Count",
}
"""All metrics, and the unit of each. `docs/operations.md` explains them."""

DIMENSIONS = {"SyncsFailed": "Error", "StepSeconds": "Step", "Faults": "Route", "Refusals": "Route"}
"""The second dimension of the metrics that have one."""


def record(values: Mapping[str, Values], **dimension: str) -> None:
    """Record the values of metrics (`UNITS`) in one line. `dimension` is the one of `DIMENSIONS`, or none.

    The namespace and the service are variables of the function. At most 100 values of a metric fit into a line.
    """
    from aws_lambda_powertools.metrics import EphemeralMetrics

    line = EphemeralMetrics()
    for name, given in values.items():
        for value in given if isinstance(given, Sequence) else (given,):
            line.add_metric(name, UNITS[name], value)
    if dimension and line.service:
        line.add_dimensions(service=line.service, **dimension)
    line.flush_metrics()
