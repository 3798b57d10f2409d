"""What is said of a finding: what it is, and how open it lies."""

from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.scan.report import Finding
from keybound.domain.text.sanitize import clean


def finding_words(catalogue: Catalogue, one: Finding) -> str:
    """What it is, and how sure that is."""
    provider = catalogue.recogniser.providers.get(one.provider)
    if provider:
        return f"{provider.name}: {one.kind} ({one.fault.short if one.fault else one.sure.words})"
    return f"{one.kind}: {clean(one.label)}" if one.label else one.kind


def risk_words(one: Finding) -> str:
    """Where else it stands, and who can read it; "" where that is its owner alone."""
    said = []
    if one.commit:
        said.append(f"in git's history, commit {one.commit[:10]}")
    elif one.tracked:
        said.append("tracked by git")
    elif one.ignored:
        said.append("ignored by git")
    if one.mode is not None and one.mode & 0o044:
        said.append(f"others can read it ({one.mode:04o})")
    return ", ".join(said)
