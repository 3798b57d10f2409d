"""``terraform:workspace``: the workspace that terraform works in.

``TF_WORKSPACE``, else what the file ``environment`` in ``TF_DATA_DIR`` (else ``.terraform``) names, else ``default``.
https://developer.hashicorp.com/terraform/cli/config/environment-variables and ``internal/command/meta.go``.

OpenTofu does the same. Whether the backend has such a workspace is not looked at, and ``-chdir`` is not seen.
"""

import os
import re

from keybound.domain.values.readings import Found, Origin
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool


class Terraform(Tool):
    """Reads ``terraform:workspace``."""

    def _read(self, name: str) -> Answer:
        if given := self.variable("TF_WORKSPACE"):
            if not re.fullmatch(r"[\w.~$&+:=@-]+", given, re.ASCII):
                raise ParseError("TF_WORKSPACE is not the name of a workspace: it has characters that a URL escapes")
            return Answer(Found(given), Origin("TF_WORKSPACE"))
        folder = self.variable("TF_DATA_DIR")
        path = os.path.join(self.caller.cwd, folder or ".terraform", "environment")
        content = self.content(path)
        try:
            chosen = content.data.decode().strip() if content else ""
        except UnicodeDecodeError:
            raise ParseError(f"{path}: it is not UTF-8 text") from None
        by = "TF_DATA_DIR" if folder else ""
        return Answer(Found(chosen), Origin(by, path, 1)) if chosen else Answer(Found("default"))
