"""The table of the tools whose effective keys can be bound: what the tool itself would use from here, now.

Places are modules of ``keybound.sources.tools``, imported only where such a key is read.
"""

from typing import NamedTuple


class ToolKeys(NamedTuple):
    """``reader``: where its class stands; ``names``: its keys; ``pattern``: of further ones, which ``more`` shows."""

    reader: str
    names: tuple[str, ...]
    pattern: str = ""
    more: str = ""


TOOLS = {
    "kube": ToolKeys(".kube:Kube", ("context", "cluster", "server", "user", "namespace")),
    "aws": ToolKeys(
        ".aws:Aws",
        ("profile", "region", "endpoint_url", "role_arn", "sso_account_id", "sso_role_name"),
        r"[a-z][a-z0-9_]*\.endpoint_url",
        "SERVICE.endpoint_url",
    ),
    "npm": ToolKeys(".npm:Npm", ("registry",), r"@[^/:\s]+:registry", '"@SCOPE:registry"'),
    "docker": ToolKeys(".docker:Docker", ("context", "host")),
    "gcloud": ToolKeys(".gcloud:Gcloud", ("configuration", "account", "project")),
    "terraform": ToolKeys(".terraform:Terraform", ("workspace",)),
    "pip": ToolKeys(".pip:Pip", ("index-url", "extra-index-url")),
    "cargo": ToolKeys(".cargo:Cargo", ("registry",)),
    "gh": ToolKeys(".gh:Gh", ("host", "user")),
}
