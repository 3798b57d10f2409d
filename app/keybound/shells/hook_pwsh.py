"""The prompt hook of PowerShell, in front of its ``prompt`` function. Written from its documentation and checked by reading:
it could not be run where Keybound is tested."""

from collections.abc import Mapping

from keybound.shells.pwsh_form import SHELL
from keybound.shells.step_json import render

__all__ = ["hook", "render"]

_HOOK = r"""
$global:_keybound = @{ Ready = $false; Prior = @{}; Folder = "@STATE@/hooks/$PID-pwsh" }
function global:_keybound_call {
    $saved = @{}
    foreach ($pair in @HOME@.GetEnumerator()) {
        $saved[$pair.Key] = [Environment]::GetEnvironmentVariable($pair.Key)
        [Environment]::SetEnvironmentVariable($pair.Key, $pair.Value)
    }
    try { & @PYTHON@ -I -m keybound.cli @args }
    finally { foreach ($name in $saved.Keys) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) } }
}
function global:_keybound_stamp($path) {
    if ([IO.File]::Exists($path)) { [IO.File]::GetLastWriteTimeUtc($path).Ticks } else { -1 }
}
function global:_keybound_changed {
    $k = $global:_keybound
    if (-not $k.Ready -or [DateTime]::UtcNow -ge $k.Until -or $PWD.Path -ne $k.Pwd -or $env:KEYBOUND_PROFILE -ne $k.Pin) {
        return $true
    }
    if ((_keybound_stamp '@STATE@/generation') -ne (_keybound_stamp "$($k.Folder)/generation")) { return $true }
    for ($n = 0; $n -lt $k.Files.Count; $n++) {
        if ((_keybound_stamp $k.Files[$n]) -ne (_keybound_stamp "$($k.Folder)/$n")) { return $true }
    }
    foreach ($name in $k.Saw.Keys) {
        if ([Environment]::GetEnvironmentVariable($name) -cne $k.Saw[$name]) { return $true }
    }
    return $false
}
function global:_keybound_step {
    if (-not (_keybound_changed)) { return }
    $k = $global:_keybound
    $text = _keybound_call hook-step pwsh $k.Folder | Out-String
    if ($LASTEXITCODE -ne 0) { return }
    $answer = ConvertFrom-Json $text
    foreach ($name in $answer.drop) {
        [Environment]::SetEnvironmentVariable($name, $k.Prior[$name])
        $k.Prior.Remove($name)
    }
    foreach ($pair in $answer.put.PSObject.Properties) {
        if ($answer.keep -ccontains $pair.Name) {
            $before = [Environment]::GetEnvironmentVariable($pair.Name)
            if ($null -ne $before) { $k.Prior[$pair.Name] = $before }
        }
        [Environment]::SetEnvironmentVariable($pair.Name, $pair.Value)
    }
    $held = if ($answer.held) { $answer.held } else { $null }
    [Environment]::SetEnvironmentVariable('KEYBOUND_HELD', $held)
    $k.Files = @($answer.files); $k.Saw = @{}
    foreach ($name in $answer.names) { $k.Saw[$name] = [Environment]::GetEnvironmentVariable($name) }
    $k.Pwd = $PWD.Path; $k.Pin = $env:KEYBOUND_PROFILE
    $k.Until = [DateTime]::UtcNow.AddSeconds($answer.seconds); $k.Ready = $true
}
function global:keybound {
    if ($args.Count -eq 2 -and $args[0] -ceq 'use') {
        $text = _keybound_call use --shell pwsh $args[1] | Out-String
        if ($LASTEXITCODE -eq 0) { Invoke-Expression $text }
        return
    }
    _keybound_call @args
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
"""


def hook(shell: str, python: str, home: Mapping[str, str], state: str) -> str:
    """The script that ``keybound hook pwsh | Out-String | Invoke-Expression`` evaluates."""
    pairs = "; ".join(f"{name} = {_quoted(value)}" for name, value in home.items())
    text = _HOOK.replace("@HOME@", f"@{{ {pairs} }}").replace("@PYTHON@", _quoted(python))
    return text.replace("@STATE@", _quoted(state)[1:-1]).lstrip("\n")


def _quoted(text: str) -> str:
    return SHELL.assign("X", text.encode()).decode().partition(" = ")[2].rstrip("\n")
