"""A stand-in for Slack, on this machine only, for tests and for trying: see README.md here."""

from playground.calls import ApiCall
from playground.deliveries import Ack, Delivery, Kind, Mode
from playground.errors import NothingOpened, NotOnScreen, SlackRefusal, UnknownMethodCalled
from playground.faults import Fault, FaultKind
from playground.http_delivery import Signature
from playground.messages import Channel, Message
from playground.parts import Reply
from playground.people import User
from playground.person import Person
from playground.screen import Screen
from playground.stand_in import SlackStandIn
from playground.submissions import Outcome, Submission

__all__ = [
    "Ack",
    "ApiCall",
    "Channel",
    "Delivery",
    "Fault",
    "FaultKind",
    "Kind",
    "Message",
    "Mode",
    "NotOnScreen",
    "NothingOpened",
    "Outcome",
    "Person",
    "Reply",
    "Screen",
    "Signature",
    "SlackRefusal",
    "SlackStandIn",
    "Submission",
    "UnknownMethodCalled",
    "User",
]
