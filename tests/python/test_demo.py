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
        # Whisper writes the names as it hears them.
        self.assertRegex(told["card"]["headline"], r"^Owen H\w+, Fen+land Berry Farms$")
        values = {str(f["key"]): f["value"] for f in told["card"]["fields"]}
        budget = values["budget"]["budget"]
        self.assertEqual((budget["max"], budget["currency"]), (150_000, "GBP"))
        self.assertEqual(values["next_step"]["next_step"]["kind"], "visit")
        self.assertGreaterEqual(told["segments"], len(TALK["segments"]))
        self.assertEqual(told["waiting"], 0)
        events = [event for hook in told["webhooks"].values() for event in hook["events"]]
        self.assertEqual([event["valid"] for event in events], [True])


if __name__ == "__main__":
    unittest.main()
