"""What the catalogue says of a secret that is being typed or pasted, for the add dialog."""

from datetime import datetime

from keybound.catalogue.recognise import Fault
from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.providers.catalogue import read_catalogue
from keybound.custody.recognition.proposal import Offer, Proposal, propose
from keybound.custody.view_models.adding import Recognised, Suggestion
from keybound.domain.text.secret import Secret
from keybound.domain.values.moments import moment_words


def recognised(context: Context, profile: str, secret: Secret, near: str) -> Recognised:
    """What is known of the secret as a token of the profile. Raises NotFoundError, BadInputError."""
    catalogue = read_catalogue(context.home)
    told = propose(context, catalogue, Library(context.home).load(profile).profile, secret, near)
    return _shown(told)._replace(notes=catalogue.notes)


def _shown(told: Proposal) -> Recognised:
    found = told.found
    if found is None:
        return Recognised()
    return Recognised(
        f"{found.provider.name}: {found.kind.name}",
        found.words,
        found.fault.words if found.fault else "",
        found.fault is Fault.CHECKSUM,
        told.name,
        told.kind,
        told.env,
        told.scopes,
        moment_words(datetime.fromisoformat(told.expires)) if told.expires else "",
        tuple(map(_suggestion, told.offers)),
    )


def _suggestion(offer: Offer) -> Suggestion:
    return Suggestion(offer.key, offer.rule, offer.bind, offer.outside, offer.certain, offer.why)
