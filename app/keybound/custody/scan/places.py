"""The usual places: where shells, tools, editors and their agents keep what a person typed or pasted once."""

import glob
import os
from collections.abc import Iterator, Mapping

_HISTORY = """
.bash_history .zsh_history .zhistory .local/share/fish/fish_history .config/nushell/history.txt .xonsh_history.json
.local/share/xonsh/xonsh_history.json .local/share/powershell/PSReadLine/*.txt .python_history .node_repl_history
.psql_history .mysql_history .rediscli_history .irb_history .lesshst
"""
_SHELLS = """
.bashrc .bash_profile .bash_login .bash_aliases .profile .zshrc .zprofile .zshenv .zlogin .config/fish/*.fish
.config/fish/conf.d/*.fish .config/fish/fish_variables .config/nushell/*.nu .xonshrc .config/xonsh/*.xsh
.config/elvish/*.elv .config/powershell/*.ps1 .config/environment.d/*.conf .pam_environment .xprofile .envrc
.config/direnv/direnvrc .env .env.*
"""
_TOOLS = """
.npmrc .yarnrc .yarnrc.yml .pypirc .netrc _netrc .config/gh/hosts.yml .config/glab-cli/config.yml .config/hub
.docker/config.json .config/containers/auth.json .kube/config .aws/credentials .aws/config .terraformrc
.terraform.d/credentials.tfrc.json .cargo/credentials .cargo/credentials.toml .config/pip/pip.conf .pip/pip.conf
.condarc .gitconfig .config/git/config .git-credentials .config/git/credentials .gem/credentials
.config/composer/auth.json .composer/auth.json .m2/settings.xml .gradle/gradle.properties .nuget/NuGet/NuGet.Config
.config/rclone/rclone.conf .s3cfg .boto .databrickscfg .config/doctl/config.yaml .config/hcloud/cli.toml .vault-token
.config/sops/age/keys.txt .fly/config.yml .config/heroku/config.json .sentryclirc .config/stripe/config.toml
.config/ngrok/ngrok.yml .ngrok2/ngrok.yml .my.cnf .pgpass .jira.d/config.yml .config/openai/*.json
.cache/huggingface/token .huggingface/token .config/fnox/config.toml
"""
_EDITORS = """
.config/Code/User/settings.json .config/Code/User/mcp.json .config/VSCodium/User/settings.json .cursor/mcp.json
.config/Cursor/User/settings.json .claude.json .claude/settings.json .claude/settings.local.json
.config/Claude/claude_desktop_config.json .codeium/windsurf/mcp_config.json .config/zed/settings.json
.gemini/settings.json .codex/config.toml .codex/auth.json .continue/config.json .continue/config.yaml .aider.conf.yml
.config/goose/config.yaml .config/opencode/opencode.json .local/share/opencode/auth.json
.config/github-copilot/apps.json .config/github-copilot/hosts.json .emacs.d/init.el .emacs .config/emacs/init.el
.vimrc .config/nvim/init.lua .authinfo Library/Application?Support/Claude/claude_desktop_config.json
Library/Application?Support/Code/User/settings.json Library/Application?Support/Code/User/mcp.json
"""
_NAMED = """
KUBECONFIG NPM_CONFIG_USERCONFIG npm_config_userconfig AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE NETRC
PIP_CONFIG_FILE TF_CLI_CONFIG_FILE GIT_CONFIG_GLOBAL HISTFILE GOOGLE_APPLICATION_CREDENTIALS PGPASSFILE
"""


def usual_places(environ: Mapping[str, str], home: str) -> list[str]:
    """The files that are there, each once. Variables that move them are followed."""
    found: dict[str, None] = {}
    for path in _candidates(environ, home):
        if os.path.isfile(path):
            found.setdefault(os.path.realpath(path))
    return list(found)


def _candidates(environ: Mapping[str, str], home: str) -> Iterator[str]:
    config = environ.get("XDG_CONFIG_HOME", "")
    for pattern in " ".join((_HISTORY, _SHELLS, _TOOLS, _EDITORS)).split():
        yield from sorted(glob.glob(os.path.join(glob.escape(home), pattern)))
        if config.startswith("/") and pattern.startswith(".config/"):
            yield from sorted(glob.glob(os.path.join(glob.escape(config), pattern.removeprefix(".config/"))))
    for name in _NAMED.split():
        yield from filter(os.path.isabs, environ.get(name, "").split(os.pathsep))
    for name, file in (
        ("DOCKER_CONFIG", "config.json"),
        ("GH_CONFIG_DIR", "hosts.yml"),
        ("CARGO_HOME", "credentials.toml"),
    ):
        if folder := environ.get(name):
            yield os.path.join(folder, file)
