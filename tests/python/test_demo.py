"""The demo, from the simulated badge to the CRM, as a program."""

import json
import os
import subprocess
import unittest

from support import PATIENCE, TALK


class Demo(unittest.TestCase):
    def test_the_talk_of_the_badge_reaches_the_crm_and_the_webhook(self):
        command = [os.environ["CONFEE_BIN"], "demo", "--json"]
        run = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
        told = json.loads(run.stdout)
        capture = told["capture"]
        self.assertEqual((capture["lost_ms"], capture["marked"]), (0, True))
        spoken = TALK["segments"][-1]["end_ms"]
        self.assertAlmostEqual(capture["duration_ms"], spoken, delta=3_000)
        self.assertEqual(told["card"]["id"], capture["recording"])
        self.assertEqual(told["card"]["headline"], "Owen Hartnell, Fenland Berry Farms")
        self.assertEqual((told["segments"], told["waiting"]), (len(TALK["segments"]), 0))
        events = [event for hook in told["webhooks"].values() for event in hook["events"]]
        self.assertEqual([event["valid"] for event in events], [True])


if __name__ == "__main__":
    unittest.main()
