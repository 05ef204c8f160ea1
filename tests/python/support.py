"""What the tests share: a talk, engines that are closed again, the sandbox, an observer."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
import urllib.request
import weakref
from pathlib import Path

import confee_domain as domain
import confee_ffi as confee

ROOT = Path(__file__).resolve().parents[2]
STORY = (ROOT / "core/cli/src/demo/story.json").read_text(encoding="utf-8")
TALK = json.loads(STORY)

ONLINE = domain.NetworkState(online=True, metered=False, low_data=False)
OFFLINE = domain.NetworkState(online=False, metered=False, low_data=False)

# A test that waits longer has failed; none of them is about speed.
PATIENCE = 120


class Sandbox:
    """The fake CRMs, as a process of their own."""

    def __init__(self):
        command = [os.environ["CONFEE_BIN"], "sandbox", "serve", "--port", "0", "--json"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        place = json.loads(self._process.stdout.readline())
        self.base_url = place["base_url"]
        self.hubspot_url = place["hubspot_url"]
        self.hubspot_token = place["hubspot_token"]
        self.webhook_url = place["webhook_url"]
        self.webhook_secret = place["webhook_secret"]

    def state(self):
        with urllib.request.urlopen(f"{self.base_url}/_sandbox/state", timeout=PATIENCE) as answer:
            return json.load(answer)

    def counts(self):
        return self.state()["portal"]["counts"]

    def faults(self, *rules):
        self._post("/_sandbox/faults", {"rules": list(rules)})

    def reset(self):
        self.faults()
        self._post("/_sandbox/reset", {})

    def close(self):
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)
        self._process.stdout.close()

    def _post(self, path, body):
        request = urllib.request.Request(
            self.base_url + path,
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
            method="POST",
        )
        urllib.request.urlopen(request, timeout=PATIENCE).close()


class Observer(confee.EventObserver):
    """Keeps the events and lets a test wait for one."""

    def __init__(self):
        self._events = []
        self._news = threading.Condition()

    def on_event(self, event):
        with self._news:
            self._events.append(event)
            self._news.notify_all()

    def events(self):
        with self._news:
            return list(self._events)

    async def until(self, wanted):
        """The first event, past ones included, that `wanted` says yes to."""
        return await asyncio.to_thread(self._until, wanted)

    def _until(self, wanted):
        def find():
            return next((event for event in self._events if wanted(event)), None)

        with self._news:
            self._news.wait_for(find, timeout=PATIENCE)
            found = find()
        if found is None:
            raise AssertionError("the event did not come")
        return found


class EngineTest(unittest.IsolatedAsyncioTestCase):
    """Gives every test a folder of its own and shuts its engines down."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="confee-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    async def asyncSetUp(self):
        # unittest runs asyncio in its debug mode, which complains of slow machines.
        asyncio.get_running_loop().slow_callback_duration = PATIENCE

    def open(self):
        engine = confee.ConfeeEngine.open(confee.EngineConfig(data_dir=self.folder))
        # An engine that nobody holds any more has let go of its folder.
        self.addCleanup(lambda held=weakref.ref(engine): held() and held().shutdown())
        return engine

    async def approved(self, engine):
        card = await engine.add_conversation_json(STORY)
        return await engine.review(card.id, domain.ReviewAction.APPROVE())


def talk(number):
    """A short talk of its own."""
    said = f"We have {number + 10},000 euros for it, and we need it by the end of June."
    segment = domain.Segment(start_ms=0, end_ms=4000, speaker=domain.Speaker.PROSPECT, text=said)
    return confee.Conversation(
        id=f"talk-{number:03}",
        captured_at="2026-03-18T10:12:00+01:00",
        rep=domain.Rep(name="Mira Kohl", company="Kaltwerk"),
        segments=[segment],
    )


def field(card, key):
    return next(each for each in card.fields if each.key == key)
