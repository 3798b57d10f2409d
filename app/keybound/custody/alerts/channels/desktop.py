"""A notification on the desktop, by the session bus, as the Desktop Notifications Specification 1.2 describes."""

from collections.abc import Mapping, Sequence
from html import escape

from jeepney import DBusAddress, new_method_call

from keybound.custody.alerts.channels.base import SECONDS, ChannelError
from keybound.custody.alerts.words import body, title
from keybound.domain.errors import StoreAwayError
from keybound.stores.alert_table import Alert
from keybound.stores.bounded import Deadline
from keybound.stores.keyring.secret_bus import BusError, Conversation, bus_address

_SERVICE = DBusAddress(
    "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
)
_NOTIFY = "susssasa{sv}i"
_ICON = "dialog-password"
_SERVERS_CHOICE = -1  # how long it is shown


class Desktop:
    """The notification service of whoever has this environment."""

    name = "desktop"
    grouped = True

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def send(self, alerts: Sequence[Alert]) -> None:
        """One notification. Raises ChannelError."""
        try:
            address = bus_address(self._environ)
        except StoreAwayError:
            raise ChannelError("there is no session bus") from None
        try:
            bus = Conversation(address, Deadline(SECONDS))
        except (OSError, StopIteration, ValueError):
            raise ChannelError("the session bus does not answer") from None
        try:
            _notify(bus, alerts)
        except BusError as fault:
            raise ChannelError(f"no notification service answers ({fault.name})") from None
        except (OSError, ValueError):
            raise ChannelError("the notification service does not answer") from None
        finally:
            bus.close()


def _notify(bus: Conversation, alerts: Sequence[Alert]) -> None:
    (capabilities,) = bus.call(new_method_call(_SERVICE, "GetCapabilities"))
    text = escape(body(alerts), quote=False) if "body-markup" in capabilities else body(alerts)
    content: tuple[object, ...] = ("Keybound", 0, _ICON, title(alerts), text, [], {}, _SERVERS_CHOICE)
    bus.call(new_method_call(_SERVICE, "Notify", _NOTIFY, content))
