"""The AWS command line: the library that it is made of, started by its own interpreter."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from random import Random

from support.oracles.base import REFUSED, Answers, Oracle, Setting, new_home, put, run

_ASK = """
import json, sys
try:
    import awscli.botocore.session as session, awscli.botocore.credentials as credentials
    import awscli.botocore.configprovider as provider
except ImportError:
    import botocore.session as session, botocore.credentials as credentials, botocore.configprovider as provider
own = session.Session()
said = {}
def ask(key, get):
    try:
        said[key] = get()
    except Exception as fault:
        said[key] = ["refused", repr(fault)]
def url(service):
    config = own.get_scoped_config()
    if own.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    return provider.ConfiguredEndpointProvider(own.full_config, config, service).provide()
def sso(name):
    config = own.get_scoped_config()
    if "sso_account_id" not in config and "sso_role_name" not in config:
        return None
    resolve = credentials.SSOProvider(None, None, None)._resolve_sso_session_reference
    return resolve(config, own.full_config.get("sso_sessions", {}))[0].get(name)
ask("aws:profile", lambda: own.get_scoped_config() and own.profile or own.profile or "default")
ask("aws:region", lambda: own.get_scoped_config() and own.get_config_variable("region") or own.get_config_variable("region"))
ask("aws:role_arn", lambda: own.get_scoped_config().get("role_arn"))
if hasattr(credentials.SSOProvider, "_resolve_sso_session_reference"):
    for name in ("sso_account_id", "sso_role_name"):
        ask("aws:" + name, lambda: sso(name))
if hasattr(provider, "ConfiguredEndpointProvider"):
    ask("aws:endpoint_url", lambda: url("sts"))
    ask("aws:s3.endpoint_url", lambda: url("s3"))
json.dump(said, sys.stdout)
"""
_PROFILES = ("default", "dev", "prod", "a b", "ümlaut")
_REGIONS = ("eu-west-1", "us-east-2", "ap-south-1")


@cache
def _interpreter(program: str) -> str:
    """The Python that a script is started by; of pyenv's shim, of what it stands for."""
    text = Path(program).read_text(errors="replace")
    if "pyenv" in text and (pyenv := shutil.which("pyenv")):
        found = subprocess.run([pyenv, "which", "aws"], capture_output=True, text=True, check=True).stdout.strip()
        text = Path(found).read_text()
    return text.splitlines()[0].removeprefix("#!").split()[0]


@cache
def _reads_aws_region(program: str) -> bool:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return "aws-cli/2" in done.stdout + done.stderr


def _options(random: Random, *, nested: bool = True) -> list[str]:
    lines = []
    if random.random() < 0.6:
        lines.append(f"region {random.choice('=:')} {random.choice(_REGIONS)}")
    if random.random() < 0.5:
        lines.append(f"role_arn = arn:aws:iam::12345678901{random.randint(0, 3)}:role/r")
        lines.append("source_profile=default")
    if random.random() < 0.5:
        lines.append(f"sso_account_id = {random.randint(1, 3)}11122223333")
    if random.random() < 0.5:
        lines.append(f"SSO_Role_Name = {random.choice(('admin', 'reader'))}")
    if random.random() < 0.3:
        lines.append(f"sso_session = {random.choice(('s1', 's1', 's1', 's2'))}")
    if random.random() < 0.5:
        lines.append(f"endpoint_url = http://localhost:{random.randint(1, 3)}000")
    if random.random() < 0.3:
        lines.append(f"services = {random.choice(('v1', 'v1', 'v1', 'v2'))}")
    if nested and random.random() < 0.2:
        lines.append("s3 =\n    max_concurrent_requests = 20\n    endpoint_url = http://localhost:9")
    if random.random() < 0.05:
        lines.append("ignore_configured_endpoint_urls = True")
    if random.random() < 0.1:
        lines.append("# a comment\n; another")
    if random.random() < 0.01:
        lines.append(random.choice(("region = a\nregion = b", "nonsense", "role_arn =")))
    return lines


def _config(random: Random) -> str:
    blocks = []
    for name in random.sample(_PROFILES, random.choice((2, 4, 5, 5, 5))):
        quoted = f'"{name}"' if " " in name or random.random() < 0.2 else name
        head = "default" if name == "default" and random.random() < 0.8 else f"profile {quoted}"
        blocks.append("\n".join([f"[{head}]", *_options(random)]))
    if random.random() < 0.7:
        kept = (
            "sso_start_url = https://x.awsapps.com/start",
            "sso_region = eu-west-1",
            "sso_account_id = 111122223333",
        )
        blocks.append("\n".join(["[sso-session s1]", *random.sample(kept, 2)]))
    if random.random() < 0.7:
        blocks.append(
            "[services v1]\ns3 =\n  endpoint_url = http://localhost:4566\nec2 =\n  endpoint_url = http://localhost:7"
        )
    if random.random() < 0.08:
        blocks.append("[DEFAULT]\nregion = us-west-1")
    random.shuffle(blocks)
    return "\n\n".join(blocks) + "\n"


def _credentials(random: Random) -> str:
    blocks = [
        "\n".join([f"[{name}]", "aws_access_key_id = AKIAEXAMPLE", *_options(random, nested=False)[:1]])
        for name in random.sample(_PROFILES, random.randint(1, 3))
    ]
    return "\n".join(blocks) + "\n"


def make(random: Random, folder: Path) -> Setting:
    """Files at their places and elsewhere, named with and without variables; each variable set, empty, or not."""
    setting = new_home(folder)
    environ, home = setting.environ, setting.home
    environ["AWS_EC2_METADATA_DISABLED"] = "true"
    for path, chance in ((home / ".aws/config", 0.9), (home / "other/config", 0.8), (setting.cwd / "config", 0.5)):
        if random.random() < chance:
            put(path, _config(random), random)
    for path, chance in ((home / ".aws/credentials", 0.6), (home / "other/credentials", 0.5)):
        if random.random() < chance:
            put(path, _credentials(random), random)
    for name, chance, values in (
        (
            "AWS_CONFIG_FILE",
            0.35,
            ("~/other/config", "$HOME/other/config", "${HOME}/other/config", "", "config"),
        ),
        ("AWS_SHARED_CREDENTIALS_FILE", 0.25, ("~/other/credentials", "~/other/credentials", "/nonexistent", "")),
        ("AWS_PROFILE", 0.5, (*_PROFILES * 3, "nobody", "")),
        ("AWS_DEFAULT_PROFILE", 0.04, _PROFILES[:3]),
        ("AWS_DEFAULT_REGION", 0.25, _REGIONS),
        ("AWS_REGION", 0.25, _REGIONS),
        ("AWS_ENDPOINT_URL", 0.2, ("http://localhost:1", "")),
        ("AWS_ENDPOINT_URL_S3", 0.2, ("http://localhost:2",)),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", 0.1, ("true", "TRUE", "false", "")),
    ):
        if random.random() < chance:
            environ[name] = random.choice(values)
    return setting


def ask(program: str, setting: Setting) -> Answers:
    """One process for all keys. What tools disagree on (two variables that differ, an empty one) is refused on purpose."""
    environ = setting.environ
    if not _reads_aws_region(program):
        environ.pop("AWS_REGION", None)
    done = run(setting, _interpreter(program), "-c", _ASK)
    assert done.returncode == 0, done.stderr
    said = {key: REFUSED if isinstance(value, list) else value for key, value in json.loads(done.stdout).items()}
    profiles = {environ[name] for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if name in environ}
    if len(profiles) > 1 or "" in profiles:
        return dict.fromkeys(said, REFUSED)
    regions = {environ[name] for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if name in environ}
    if len(regions) > 1:
        said["aws:region"] = REFUSED
    return said


KEYS = (
    "aws:profile", "aws:region", "aws:role_arn", "aws:sso_account_id", "aws:sso_role_name", "aws:endpoint_url",
    "aws:s3.endpoint_url",
)  # fmt: skip
ORACLE = Oracle("aws", KEYS, make, ask)
