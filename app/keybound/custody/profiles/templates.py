"""What a new profile file begins with, and the JSON Schemas that it points editors at."""

import os

from keybound.custody.context.context import Context
from keybound.domain.profile.json_schema import SHAPES, json_schema, schema_file
from keybound.sources.editing.edit_toml import as_toml
from keybound.stores.atomic import write_atomic
from keybound.stores.private_dir import make_private_dir

FOLDER = "schema"


def new_profile(description: str, parent: str = "") -> str:
    """The text of a new profile."""
    lines = [f"#:schema ../{FOLDER}/{schema_file('profile')}", "schema = 1", f"description = {as_toml(description)}"]
    return "\n".join([*lines, *([f"extends = {as_toml(parent)}"] if parent else []), ""])


def write_schemas(context: Context) -> None:
    """Put the schemas of this version beside the profiles, where ``#:schema`` looks for them."""
    folder = os.path.join(context.home.config, FOLDER)
    make_private_dir(folder)
    for name in SHAPES:
        write_atomic(os.path.join(folder, schema_file(name)), json_schema(name).encode())
