"""The documentation holds together: links lead somewhere, lines are wrapped, the README is short."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "SECURITY.md"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", SECURITY, *sorted((ROOT / "docs").rglob("*.md"))]
every_page = pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def prose(page):
    """The text of a page without its blocks of code."""
    return CODE.sub("", page.read_text())


def anchors(page):
    """The names that links can use for the headings of a page, as GitHub makes them."""
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose(page))}


def missing(page):
    """The links of a page to a file or a heading of this repository that is not there."""
    for link in LINK.findall(prose(page)):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if name.startswith("https://"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@every_page
def test_links_lead_to_files_and_headings(page):
    assert list(missing(page)) == []


def test_a_link_to_nothing_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One\n[a](page.md#one) [b](page.md#two) [c](other.md) [d](#one) [e](#three) [f](https://a.org/#b)\n"
    )

    assert list(missing(page)) == ["page.md#two", "other.md", "#three"]


def test_every_threat_names_tests_that_there_are():
    _, _, threats = prose(SECURITY).partition("## Threats")
    rows = [row for row in threats.partition("\n## ")[0].splitlines() if row.startswith("| ")][2:]
    named = [re.findall(r"`(tests/\S+)::(\w+)`", row) for row in rows]

    assert all(named)
    lost = [name for row in named for file, name in row if f"def {name}(" not in (ROOT / file).read_text()]
    assert lost == []


@every_page
def test_lines_are_wrapped(page):
    lines = page.read_text().splitlines()

    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


@every_page
def test_what_curl_sends_has_a_content_type(page):
    """Without the header, `curl -d` says that it sends a form, which the service refuses."""
    commands = re.findall(r"^\$ curl (?:.*\\\n)*.*", page.read_text(), re.MULTILINE)

    assert [each for each in commands if " -d " in each and "Content-Type: " not in each] == []


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


@every_page
def test_a_page_has_one_title(page):
    titles = re.findall(r"^# .+$", prose(page), re.MULTILINE)

    assert titles == [page.read_text().splitlines()[0]]


def test_every_page_is_linked_from_the_readme():
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in LINK.findall(prose(ROOT / "README.md"))}

    assert [page for page in PAGES[1:] if page not in linked and page.parent not in linked] == []


def test_decisions_are_numbered_without_a_gap():
    names = sorted(page.name for page in (ROOT / "docs/decisions").glob("*.md"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_decision_has_its_date():
    undated = [
        page.name
        for page in (ROOT / "docs/decisions").glob("*.md")
        if not re.match(r"# \d+\. .+\n\n\d{4}-\d\d-\d\d\n\n", page.read_text())
    ]

    assert undated == []
