"""The doctor for the application: a look, and a look after what is safe was mended."""

from keybound.custody.context.context import Context
from keybound.custody.health.examine import Found, examine, mend
from keybound.custody.view_models.health import Examination, HealthRow


def examination(context: Context) -> Examination:
    """Everything that was found. Writes nothing."""
    return Examination(tuple(map(_row, _found(context))))


def mended(context: Context) -> Examination:
    """Mend what is safe, and look again."""
    done = [one.line for one in mend(_found(context))]
    return Examination(tuple(map(_row, _found(context))), tuple(done))


def _found(context: Context) -> list[Found]:
    return examine(context.environ, context.caller.cwd)


def _row(one: Found) -> HealthRow:
    return HealthRow(one.check, one.status, one.message, one.fix, one.mend is not None)
