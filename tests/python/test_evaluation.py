"""The rule extractor on the development conversations does not get worse unnoticed."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests/fixtures/conversations"


class Evaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as leads:
            subprocess.run([os.environ["CONFEE_BIN"], "extract", GOLD, "--jsonl"], stdout=leads, check=True)
            score = [sys.executable, ROOT / "tests/evaluation/score.py", GOLD, leads.name, "--json"]
            cls.score = json.loads(subprocess.run(score, capture_output=True, check=True).stdout)["all"]

    def test_every_value_has_its_words_and_none_is_the_reps(self):
        self.assertEqual(self.score["conversations"], len(list(GOLD.glob("*.json"))))
        self.assertEqual(self.score["evidence_valid"], 1.0)
        self.assertEqual(self.score["attribution_errors"], 0)

    def test_quality_stays_above_the_floor(self):
        self.assertGreaterEqual(self.score["micro"]["f1"], 0.68)
        self.assertGreaterEqual(self.score["micro"]["p"], 0.75)
        self.assertLessEqual(self.score["micro"]["invented_rate"], 0.22)
        self.assertGreaterEqual(self.score["is_lead_accuracy"], 0.80)


if __name__ == "__main__":
    unittest.main()
