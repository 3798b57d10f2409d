"""The JSON Schemas of profile and policy files, from the shapes that check them."""

import json

from keybound.domain.profile.config import CONFIG
from keybound.domain.profile.policy import POLICY
from keybound.domain.profile.schema import PROFILE

SHAPES = {"profile": PROFILE, "policy": POLICY, "config": CONFIG}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(name: str) -> str:
    """The schema of "profile", "policy" or "config" files as JSON text; the same bytes every time."""
    told = {"$schema": DIALECT, "title": f"Keybound {name}", **SHAPES[name].schema()}
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def schema_file(name: str) -> str:
    """The name of its file."""
    return f"{name}.schema.json"
