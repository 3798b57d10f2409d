"""kube-credential: serve a token to kubectl and its kin, as their exec credential plugin."""

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.verbs.use.credential import one_secret, put_answer
from keybound.domain.text import credential_forms as forms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def kube_credential_parser() -> "ArgumentParser":
    """What ``kube-credential`` takes."""
    parse = parser(
        "kube-credential",
        "keybound kube-credential cluster",
        "keybound kube-credential staging/cluster",
        more="In a kubeconfig, the exec block of a user names it; `keybound import ~/.kube/config --replace` writes one.",
    )
    add_token(parse)
    return parse


def kube_credential(argv: list[str]) -> int:
    """Answer as an exec credential plugin."""
    options = kube_credential_parser().parse_args(argv)
    served = one_secret(options.token, "kube-credential")
    if served.secret is not None:
        put_answer(forms.kube_answer(served.secret, served.renew_at))
    return served.status
