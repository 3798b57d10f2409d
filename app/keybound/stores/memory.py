"""Keep this process's memory to itself, before a secret is in it."""

import sys

_DUMPABLE = 4  # PR_SET_DUMPABLE, prctl(2)
_is_private = False


def keep_private() -> None:
    """Nobody but root may read this process's memory, and no core dump holds it; a program that it becomes starts anew.

    Sources: prctl(2), core(5). Where the system offers only a limit on core dumps, that is set.
    """
    global _is_private
    if _is_private:
        return
    _is_private = True
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
