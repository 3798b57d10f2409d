"""The caller's variables that git's configuration depends on."""

STEERING = (
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
)
GIT_VARIABLES = frozenset({*STEERING, "HOME", "XDG_CONFIG_HOME"})
