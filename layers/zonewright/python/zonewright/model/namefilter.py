"""The filter of VinylDNS's lists of zones by name (contract `vinyldns.md`, section 4.2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameFilter:
    """A filter in any case of letters. `*` stands for any text; without one, names that begin with the text match.

    A filter with `whole` matches a whole name.
    """

    text: str
    whole: bool

    @classmethod
    def of_zones(cls, text: str) -> "NameFilter":
        """Return the filter of zone names. A text with `*`, or a dot at its end, is of whole names."""
        whole = "*" in text or text.endswith(".")
        return cls(text if text.endswith(".") or not whole else f"{text}.", whole)

    @classmethod
    def of_groups(cls, text: str) -> "NameFilter":
        """Return the filter of group names."""
        return cls(text, "*" in text)

    @property
    def prefix(self) -> str:
        """Return how each name that matches begins, in lower case."""
        return self.text.lower().partition("*")[0] if self.whole else self.text.lower()

    @property
    def exact(self) -> bool:
        """Return whether one name at most matches."""
        return self.whole and "*" not in self.text

    def matches(self, name: str) -> bool:
        """Return whether a name matches. The time grows with the name only."""
        name = name.lower()
        if not self.whole:
            return name.startswith(self.prefix)
        first, *others = self.text.lower().split("*")
        if not others:
            return name == first
        last = others.pop()
        if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
            return False
        at, end = len(first), len(name) - len(last)
        for part in others:
            found = name.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True
