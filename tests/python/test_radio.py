"""A radio written in Python, and what the engine asks of it and says about it."""

import threading

import confee_badge as badge
import confee_domain as domain
import confee_ffi as confee
from support import EngineTest

SERVICE = "c0fe0000-b4d6-4e0a-9f1c-7a3d5e2b8c10"
COMMAND = badge.LinkCommand
EVENT = badge.LinkEvent


class Radio(confee.BadgeRadio):
    """Keeps the commands; reports what the test says."""

    def __init__(self):
        self.events = None
        self.commands = []
        self.changed = threading.Condition()

    def attach(self, events):
        self.events = events
        self.report(EVENT.ADAPTER(state=badge.AdapterState.ON))

    def submit(self, command):
        with self.changed:
            self.commands.append(command)
            self.changed.notify_all()

    def report(self, event):
        self.events.on_event(event)

    def wait(self, kind):
        """The newest command of a kind."""
        found = lambda: [c for c in self.commands if isinstance(c, kind)]
        with self.changed:
            self.changed.wait_for(found, timeout=20)
            return found()[-1]


class Watcher(confee.EventObserver):
    """Waits for events."""

    def __init__(self):
        self.seen = []
        self.changed = threading.Condition()

    def on_event(self, event):
        with self.changed:
            self.seen.append(event)
            self.changed.notify_all()

    def wait(self, wanted):
        found = lambda: next((e for e in self.seen if wanted(e)), None)
        with self.changed:
            self.changed.wait_for(found, timeout=20)
            return found()


def lost(problem):
    def wanted(event):
        if not isinstance(event, domain.EngineEvent.CAPTURE):
            return False
        link = event.status.link
        return isinstance(link, domain.LinkState.LOST) and link.problem == problem

    return wanted


class Radios(EngineTest):
    def test_the_radio_is_told_what_to_do_and_its_words_reach_the_app(self):
        engine, radio, watcher = self.open(), Radio(), Watcher()
        subscription = engine.observe(watcher)
        engine.attach_radio(radio)
        engine.scan_badges()
        self.assertIn(SERVICE, [str(uuid) for uuid in radio.wait(COMMAND.SCAN).services])

        name = "Badge\x1b[31m"
        found = EVENT.FOUND(peripheral="p1", name=name, rssi=-60, services=[SERVICE])
        radio.report(found)
        seen = watcher.wait(lambda e: isinstance(e, domain.EngineEvent.BADGE_FOUND))
        self.assertEqual((seen.badge.peripheral, seen.badge.rssi), ("p1", -60))
        self.assertNotIn("\x1b", seen.badge.name)

        engine.connect_badge("p1")
        connect = radio.wait(COMMAND.CONNECT)
        self.assertEqual(connect.peripheral, "p1")
        radio.report(EVENT.CONNECTED(epoch=connect.epoch))
        radio.wait(COMMAND.DISCOVER)
        # A device without any service that is known.
        radio.report(EVENT.DISCOVERED(epoch=connect.epoch, characteristics=[], mtu=185))
        self.assertIsNotNone(watcher.wait(lost(domain.BadgeProblem.UNKNOWN_PROTOCOL)))

        radio.report(EVENT.ADAPTER(state=badge.AdapterState.OFF))
        engine.connect_badge("p1")
        self.assertIsNotNone(watcher.wait(lost(domain.BadgeProblem.BLUETOOTH_OFF)))
        subscription.cancel()
        engine.detach_radio()
        with self.assertRaises(confee.ConfeeError.NotAllowed):
            engine.capture_status()

    def test_error_codes_of_the_systems(self):
        self.assertEqual(confee.fault_of_core_bluetooth(14), badge.LinkFault.PAIRING_LOST)
        self.assertEqual(confee.fault_of_android_gatt(22), badge.LinkFault.BONDED_ELSEWHERE)


if __name__ == "__main__":
    import unittest

    unittest.main()
