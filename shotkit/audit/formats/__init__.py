"""The forms of a report: JSON, JSON lines, JUnit XML, SARIF, GitHub annotations, Markdown, one HTML page."""

from shotkit.audit.formats.github import to_github, to_summary
from shotkit.audit.formats.junit import to_junit
from shotkit.audit.formats.page import to_html
from shotkit.audit.formats.plain_json import to_json, to_jsonl
from shotkit.audit.formats.sarif import to_sarif
from shotkit.audit.formats.told import seen

__all__ = ["seen", "to_github", "to_html", "to_json", "to_jsonl", "to_junit", "to_sarif", "to_summary"]
