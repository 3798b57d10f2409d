"""How each shell says the few things that the hook's tests say in all of them."""

SET = {
    "bash": "export {}='{}'",
    "zsh": "export {}='{}'",
    "fish": "set -gx {} '{}'",
    "nu": "$env.{} = '{}'",
    "elvish": "set-env {} '{}'",
    "xonsh": "${} = '{}'",
}
UNSET = {
    "bash": "unset {}",
    "zsh": "unset {}",
    "fish": "set -e {}",
    "nu": "hide-env {}",
    "elvish": "unset-env {}",
    "xonsh": "del ${}",
}
# a line that starts no process
NOTHING = {"bash": ":", "zsh": ":", "fish": "true", "nu": "null", "elvish": "nop", "xonsh": "pass"}
PROMPT = {
    "bash": 'echo "<$KEYBOUND_PROMPT_PROFILE $KEYBOUND_PROMPT_STATE>"',
    "zsh": 'echo "<$KEYBOUND_PROMPT_PROFILE $KEYBOUND_PROMPT_STATE>"',
    "fish": 'echo "<$KEYBOUND_PROMPT_PROFILE $KEYBOUND_PROMPT_STATE>"',
    "nu": '$"<($env._KEYBOUND.prompt.profile) ($env._KEYBOUND.prompt.state)>"',
    "elvish": "var profile state = ($keybound-prompt); echo '<'$profile' '$state'>'",
    "xonsh": "print('<' + $PROMPT_FIELDS['keybound_profile']() + ' ' + $PROMPT_FIELDS['keybound_state']() + '>')",
}
