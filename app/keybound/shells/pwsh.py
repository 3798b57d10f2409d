"""PowerShell; its hook stands in front of its ``prompt`` function. Written from its documentation and checked by reading:
it could not be run where Keybound is tested."""

from keybound.domain.errors import BadInputError
from keybound.shells.base import HookedShell
from keybound.shells.checked import checked
from keybound.shells.step import GONE, ONCE, EnvUpdate
from keybound.shells.step_json import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


_HOOK = r"""
if (-not $global:_keybound) {
    $global:_keybound = @{ Ready = $false; Prior = @{}; Pinned = $false; Last = ''; At = [DateTime]::MinValue
        Folder = "@STATE@/hooks/$PID-pwsh" }
}
$global:_keybound.Ready = $false
function global:_keybound_call($more, $words) {
    $saved = @{}
    foreach ($pair in $more.GetEnumerator()) {
        $saved[$pair.Key] = [Environment]::GetEnvironmentVariable($pair.Key)
        [Environment]::SetEnvironmentVariable($pair.Key, $pair.Value)
    }
    try { & @PYTHON@ -I -m keybound.cli @words }
    finally { foreach ($name in $saved.Keys) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) } }
}
function global:_keybound_stamp($path) {
    if ($path -and (Test-Path -LiteralPath $path)) { (Get-Item -Force -LiteralPath $path).LastWriteTimeUtc.Ticks } else { -1 }
}
function global:_keybound_text($link) { "$((Get-Item -Force -LiteralPath $link -ErrorAction SilentlyContinue).Target)" }
function global:_keybound_place { "$($PWD.Path):$env:KEYBOUND_PROFILE" }
function global:_keybound_same {
    $k = $global:_keybound
    $now = [DateTime]::UtcNow
    if (-not $k.Ready -or $now -lt $k.Since -or $now -ge $k.Until -or (_keybound_place) -cne $k.Place) { return $false }
    foreach ($one in $k.Files) {
        if ((_keybound_stamp $one[0]) -ne (_keybound_stamp $one[1])) { return $false }
    }
    foreach ($one in $k.Links) {
        if ((_keybound_text $one[0]) -cne $one[1]) { return $false }
    }
    foreach ($name in $k.Saw.Keys) {
        if ([Environment]::GetEnvironmentVariable($name) -cne $k.Saw[$name]) { return $false }
    }
    return $true
}
function global:_keybound_tried {
    $k = $global:_keybound
    $now = [DateTime]::UtcNow
    if ((_keybound_place) -ceq $k.Last -and $now -ge $k.At -and $now -lt $k.At.AddSeconds(10)) { return $true }
    $k.Last = _keybound_place; $k.At = $now
    return $false
}
function global:_keybound_there {
    if (Test-Path -LiteralPath @PYTHON@) { return $true }
    [Console]::Error.WriteLine('keybound: ' + @PYTHON@ + ' @GONE@')
    return $false
}
function global:_keybound_keep($name) {
    $before = [Environment]::GetEnvironmentVariable($name)
    $global:_keybound.Prior.Remove($name)
    if ($null -ne $before) { $global:_keybound.Prior[$name] = $before }
}
function global:_keybound_drop($name) {
    [Environment]::SetEnvironmentVariable($name, $global:_keybound.Prior[$name])
    $global:_keybound.Prior.Remove($name)
}
function global:_keybound_step($how = @()) {
    if ((_keybound_same) -or (_keybound_tried)) { return }
    if (-not (_keybound_there)) { return }
    $k = $global:_keybound
    $k.Ready = $false
    $text = _keybound_call @HOME@ (@('hook-step', 'pwsh', $k.Folder) + $how) | Out-String
    if ($LASTEXITCODE -ne 0) { return }
    $answer = ConvertFrom-Json $text
    foreach ($name in $answer.drop) { _keybound_drop $name }
    $held = if ($answer.held) { $answer.held } else { $null }
    [Environment]::SetEnvironmentVariable('KEYBOUND_HELD', $held)
    foreach ($pair in $answer.put.PSObject.Properties) {
        if ($answer.keep -ccontains $pair.Name) { _keybound_keep $pair.Name }
        [Environment]::SetEnvironmentVariable($pair.Name, $pair.Value)
    }
    $global:KEYBOUND_PROMPT_PROFILE = $answer.profile
    $global:KEYBOUND_PROMPT_STATE = $answer.state
    $k.Files = @($answer.files); $k.Links = @($answer.links); $k.Saw = @{}
    foreach ($name in $answer.names) { $k.Saw[$name] = [Environment]::GetEnvironmentVariable($name) }
    $k.Place = _keybound_place; $k.Last = ''
    $k.Since = [DateTime]::UtcNow; $k.Until = $k.Since.AddSeconds($answer.seconds); $k.Ready = $true
}
function global:_keybound_pin($name) {
    $k = $global:_keybound
    if (-not $k.Pinned) { _keybound_keep 'KEYBOUND_PROFILE'; $k.Pinned = $true }
    $env:KEYBOUND_PROFILE = $name
}
function global:keybound {
    $k = $global:_keybound
    $use = $args.Count -eq 2 -and $args[0] -ceq 'use'
    if ($use -and $args[1] -ceq '-') {
        _keybound_drop 'KEYBOUND_PROFILE'; $k.Pinned = $false
    } elseif (-not (_keybound_there)) {
        $global:LASTEXITCODE = 127
    } elseif ($use -and -not "$($args[1])".StartsWith('-')) {
        _keybound_call @HOME@ @('use', '--shell', 'pwsh', $args[1]) | Out-Null
        if ($LASTEXITCODE -eq 0) { _keybound_pin $args[1] }
    } elseif ($args.Count -gt 0) {
        _keybound_call @{} $args
    } else {
        $switch = "$($k.Folder)/switch"
        _keybound_call (@HOME@ + @{ KEYBOUND_SWITCH_FILE = $switch }) @()
        $chosen = if (Test-Path -LiteralPath $switch) { Get-Content -LiteralPath $switch -TotalCount 1 }
        if ($chosen) { Clear-Content -LiteralPath $switch; _keybound_pin $chosen }
    }
}
if (-not $global:_keybound_prompt) {
    $global:_keybound_prompt = $function:prompt
    function global:prompt {
        $before = $global:LASTEXITCODE
        _keybound_step
        $global:LASTEXITCODE = $before
        & $global:_keybound_prompt
    }
}
if ([Environment]::GetCommandLineArgs().Count -gt 1) { _keybound_step @('@ONCE@') }
"""
_QUOTES = "'\u2018\u2019\u201a\u201b"  # PowerShell's tokenizer reads all of these as a single quote


class Pwsh(HookedShell):
    """PowerShell: single quotes, in which every character that PowerShell takes for one is doubled."""

    rc_file = "$PROFILE"
    rc_line = "keybound hook pwsh | Out-String | Invoke-Expression"
    text_only = True

    def assign(self, name: str, value: bytes) -> bytes:
        """``$env:NAME = 'value'``. Raises BadInputError for a value that is not UTF-8: PowerShell's strings are text."""
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise BadInputError(f"{name} is not UTF-8, so PowerShell cannot hold it") from None
        return b"$env:" + checked(name) + f" = {_quoted(text)}\n".encode()

    def unset(self, name: str) -> bytes:
        """``Remove-Item Env:NAME``; one that is not there is no error."""
        return b"Remove-Item Env:" + checked(name) + b" -ErrorAction SilentlyContinue\n"

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that ``keybound hook pwsh | Out-String | Invoke-Expression`` evaluates."""
        pairs = "; ".join(f"{name} = {_quoted(value)}" for name, value in home.items())
        text = (
            _HOOK.replace("@GONE@", GONE)
            .replace("@ONCE@", ONCE)
            .replace("@HOME@", f"(@{{ {pairs} }})")
            .replace("@PYTHON@", _quoted(python))
        )
        return text.replace("@STATE@", _quoted(state)[1:-1]).lstrip("\n")

    def render(self, answer: EnvUpdate) -> bytes:
        """One JSON object."""
        return render(answer)


def _quoted(text: str) -> str:
    return f"'{''.join(char * 2 if char in _QUOTES else char for char in text)}'"


SHELL = Pwsh()
