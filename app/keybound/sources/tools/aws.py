"""``aws:`` keys, as version 2 of the AWS command line resolves them.

The profile is ``AWS_PROFILE``, else ``AWS_DEFAULT_PROFILE``, else ``default``. Its settings stand in ``AWS_CONFIG_FILE`` (else
``~/.aws/config``) as ``[profile NAME]``; those in ``AWS_SHARED_CREDENTIALS_FILE`` (else ``~/.aws/credentials``) as ``[NAME]``
come before them. ``AWS_REGION``, ``AWS_DEFAULT_REGION`` and ``AWS_ENDPOINT_URL`` come before the profile. A service's endpoint:
``AWS_ENDPOINT_URL_SERVICE``, ``AWS_ENDPOINT_URL``, the profile's ``services`` section, its ``endpoint_url``.
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html,
https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html; botocore's ``configprovider.py``.

Where the tools disagree (two variables for one thing that differ, or an empty one), nothing is read. Credentials, and
with them the account, are not looked at: a role is the one that the profile names.
"""

import os
import re
import shlex
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

from keybound.domain.values.readings import Absent, Found, Origin
from keybound.sources.parse_fault import ParseError
from keybound.sources.tools.base import Answer, Tool
from keybound.sources.tools.ini import Sections, line_of, parse_ini, text_of

_Value: TypeAlias = "str | Mapping[str, str]"
_SSO = ("sso_account_id", "sso_role_name")


class _Setting(NamedTuple):
    value: _Value
    path: str
    section: str


_Settings: TypeAlias = dict[str, _Setting]


class _Files(NamedTuple):
    """The profiles, and the sections that they may refer to."""

    profiles: Mapping[str, _Settings]
    sessions: Mapping[str, _Settings]
    services: Mapping[str, _Settings]


class Aws(Tool):
    """Reads ``aws:`` keys."""

    def _read(self, name: str) -> Answer:
        if name == "profile":
            chosen, by = self._profile
            return Answer(Found(chosen), Origin(by))
        if name == "region":
            return self._region()
        if name.endswith("endpoint_url"):
            return self._endpoint(name.partition(".")[0] if "." in name else "")
        if name == "role_arn":
            return self._role()
        return self._sso(name)

    @cached_property
    def _profile(self) -> tuple[str, str]:
        """The profile in use and the variable that says so; it must exist. Raises ParseError."""
        name, by = self._one_of("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
        known = self._files.profiles
        if by and name not in known:
            raise ParseError(f"{by} names {name}, and there is no such profile")
        return name or "default", by

    @property
    def _settings(self) -> _Settings:
        return self._files.profiles.get(self._profile[0], {})

    def _one_of(self, first: str, second: str) -> tuple[str, str]:
        """What either variable says, and which; "" and "" for neither. Raises ParseError where tools would disagree."""
        values = {name: value for name in (first, second) if (value := self.given(name)) is not None}
        if len(set(values.values())) > 1:
            raise ParseError(f"{first} and {second} differ, and tools disagree on which one counts")
        for name, value in values.items():
            if not value:
                raise ParseError(f"{name} is empty, and tools disagree on what that means")
            return value, name
        return "", ""

    def _region(self) -> Answer:
        settings = self._settings
        value, by = self._one_of("AWS_REGION", "AWS_DEFAULT_REGION")
        return Answer(Found(value), Origin(by)) if by else self._answer(settings.get("region"), "region")

    def _role(self) -> Answer:
        setting = self._settings.get("role_arn")
        given = self.variable("AWS_ROLE_ARN") if self.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else ""
        if given and setting and setting.value != given:
            raise ParseError("AWS_ROLE_ARN and the profile's role_arn differ")
        return Answer(Found(given), Origin("AWS_ROLE_ARN")) if given else self._answer(setting, "role_arn")

    def _sso(self, name: str) -> Answer:
        settings = self._settings
        if all(one not in settings for one in _SSO):
            return Answer(Absent("the profile does not sign in by SSO"))
        session = settings.get("sso_session")
        if session is None:
            return self._answer(settings.get(name), name)
        found = self._files.sessions.get(str(session.value))
        if found is None:
            raise ParseError(f"there is no sso-session {session.value}")
        for option, one in found.items():
            if option in settings and settings[option].value != one.value:
                raise ParseError(f"the profile and its sso-session have another {option} each")
        return self._answer({**settings, **found}.get(name), name)

    def _endpoint(self, service: str) -> Answer:
        settings = self._settings
        given = self.given("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        ignored = settings.get("ignore_configured_endpoint_urls")
        if (given if given is not None else str(ignored.value if ignored else "")).lower() == "true":
            return Answer(Absent("configured endpoints are ignored"))
        for variable in [f"AWS_ENDPOINT_URL_{service.upper()}"] * bool(service) + ["AWS_ENDPOINT_URL"]:
            if value := self.variable(variable):
                return Answer(Found(value), Origin(variable))
        own = self._service(settings, service)
        return own or self._answer(settings.get("endpoint_url"), "endpoint_url")

    def _service(self, settings: _Settings, service: str) -> Answer | None:
        """A service's own endpoint; a section that is missing is refused for every service."""
        named = settings.get("services")
        if named is None:
            return None
        section = self._files.services.get(str(named.value))
        if not section:
            raise ParseError(f"there is no services section {named.value}")
        setting = section.get(service)
        if setting is None:
            return None
        if isinstance(setting.value, str):
            raise ParseError(f"{setting.path}: {service} in [{setting.section}] has no settings of its own")
        url = setting.value.get("endpoint_url")
        return self._answer(setting._replace(value=url), service) if url else None

    def _answer(self, setting: _Setting | None, option: str) -> Answer:
        if setting is None:
            return Answer(Absent(f"the profile {self._profile[0]} has no {option}"))
        if not isinstance(setting.value, str):
            raise ParseError(f"{setting.path}: {option} in [{setting.section}] is a table")
        line = line_of(text_of(setting.path, self.content(setting.path)), setting.section, option)
        return Answer(Found(setting.value), Origin(self._profile[1], setting.path, line))

    @cached_property
    def _files(self) -> _Files:
        found = _Files({}, {}, {})
        profiles: dict[str, _Settings] = {}
        sessions: dict[str, _Settings] = {}
        services: dict[str, _Settings] = {}
        path = self._path("AWS_CONFIG_FILE", "config")
        for section, options in self._sections(path).items():
            settings = _settings(path, section, options)
            for word, table in (("profile", profiles), ("sso-session", sessions), ("services", services)):
                if section.startswith(word):
                    table |= {_second(section): settings} if _second(section) else {}
                    break
            else:
                if section == "default":
                    profiles[section] = settings
        path = self._path("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        for section, options in self._sections(path).items():
            profiles[section] = profiles.get(section, {}) | _settings(path, section, options)
        return found._replace(profiles=profiles, sessions=sessions, services=services)

    def _sections(self, path: str) -> Sections:
        return parse_ini(path, self.content(path)) if path else {}

    def _path(self, variable: str, name: str) -> str:
        """The file that the variable names, else the usual one; "" where it names none."""
        given = self.given(variable)
        if given is None:
            return os.path.join(self.home, ".aws", name)
        path = re.sub(r"\$(?:(\w+)|\{([^}]*)\})", self._expanded, given, flags=re.ASCII)
        if path.startswith("~/"):
            return os.path.join(self.home, path[2:])
        if path.startswith("~"):
            raise ParseError(f"{variable}: the home of another user is not looked up")
        return os.path.join(self.caller.cwd, path) if path else ""

    def _expanded(self, found: re.Match[str]) -> str:
        name = found[1] or found[2] or ""
        value = self.given(name) if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else None
        return found[0] if value is None else value


def _second(section: str) -> str:
    """The name in ``profile NAME``, which may be in quotes; "" where there is not exactly one."""
    try:
        words = shlex.split(section)
    except ValueError:
        return ""
    return words[1] if len(words) == 2 else ""


def _settings(path: str, section: str, options: Mapping[str, str]) -> _Settings:
    return {name: _Setting(_nested(path, section, value), path, section) for name, value in options.items()}


def _nested(path: str, section: str, value: str) -> _Value:
    """A value; where it begins on the next line, the table of settings that it is."""
    if not value.startswith("\n"):
        return value
    table: dict[str, str] = {}
    for line in filter(None, (one.strip() for one in value.splitlines())):
        name, equals, rest = line.partition("=")
        if not equals:
            raise ParseError(f"{path}: [{section}] has an indented line without =")
        table[name.strip()] = rest.strip()
    return table
