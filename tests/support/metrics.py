"""Read the metrics that a handler printed."""

import json


def recorded(capsys):
    """Return the metrics printed since the last call: for each line, its values by name, and its sets of dimensions.

    Assert that every line is in CloudWatch's embedded metric format, of one namespace.
    """
    found = []
    for line in capsys.readouterr().out.splitlines():
        entry = json.loads(line)
        if "_aws" not in entry:
            continue
        (directive,) = entry["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "zonewright"
        sets = [{name: entry[name] for name in names} for names in directive["Dimensions"]]
        values = {each["Name"]: (entry[each["Name"]], each["Unit"]) for each in directive["Metrics"]}
        found.append((values, sets))
    return found


def counts(capsys):
    """Return the sum of each metric that was printed since the last call, and by its second dimension if it has one."""
    sums = {}
    for values, sets in recorded(capsys):
        assert sets[0] == {"service": "zonewright"}
        for name, (each, _) in values.items():
            sums[name] = sums.get(name, 0) + sum(each)
            for more in sets[1:]:
                (dimension,) = set(more) - {"service"}
                sums[name, more[dimension]] = sums.get((name, more[dimension]), 0) + sum(each)
    return sums
