"""Code shown in the documentation is code that is compiled and run."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"<!-- from (\S+) -->\n+```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
REGION = re.compile(r"^// snippet begins\n(.*?)^// snippet ends$", re.DOTALL | re.MULTILINE)


def shown(page):
    """What a page shows: (path of the source, language, code) each."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return SHOWN.findall(text)


def region(path):
    """The marked part of a source file."""
    regions = REGION.findall((ROOT / path).read_text(encoding="utf-8"))
    if len(regions) != 1:
        raise AssertionError(f"{path} must have one region `// snippet begins` … `// snippet ends`")
    return regions[0]


class Snippets(unittest.TestCase):
    def test_pages_show_the_sources_as_they_are(self):
        pages = ["README.md", *(page.relative_to(ROOT) for page in ROOT.glob("docs/*.md"))]
        for page in filter(lambda page: (ROOT / page).exists(), pages):
            for path, _, code in shown(page):
                with self.subTest(page=str(page), path=path):
                    self.assertEqual(code, region(path), f"copy the region of {path} into {page}")

    def test_embedding_is_shown_in_both_languages(self):
        languages = [language for _, language, _ in shown("docs/embedding.md")]
        self.assertEqual(sorted(languages), ["kotlin", "swift"])

    def test_every_source_comment_is_followed_by_code(self):
        for page in ROOT.glob("docs/*.md"):
            text = page.read_text(encoding="utf-8")
            self.assertEqual(text.count("<!-- from "), len(SHOWN.findall(text)), page.name)
