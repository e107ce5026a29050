"""The commands of a page: its blocks of `sh`, in order, with the output that the page shows for each.

A block is ```sh, or ```sh exit=N where N is how it ends, or ```sh not-run where it can't be run here: then the
paragraph before it says why. A block of ```text right after one is its output: `…` stands for whatever is there, on a
line of its own for any number of lines.

>>> page = read("# A\\n\\n## The B's\\n\\n```sh exit=1\\nfalse\\n```\\n\\n```text\\na …\\n…\\n```\\n")
>>> [(b.anchor, b.status, b.commands, b.output) for b in page]
[('the-bs', 1, 'false', 'a …\\n…')]
>>> matches(page[0].output, "a line\\n"), matches(page[0].output, "b")
(True, False)
"""
import re
from dataclasses import dataclass


@dataclass
class Block:
    """Commands that are pasted into a shell at once."""
    anchor: str
    """The heading above, as GitHub links to it."""
    line: int
    words: list
    """What stands after ```sh."""
    commands: str
    reason: str
    """The paragraph above."""
    output: str = None

    @property
    def is_run(self):
        return "not-run" not in self.words

    @property
    def status(self):
        return int(next((word[5:] for word in self.words if word.startswith("exit=")), 0))


def anchor(heading):
    """As GitHub makes it: https://github.com/gjtorikian/html-pipeline (TableOfContentsFilter)."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def read(text):
    """All blocks of `sh` of a page."""
    blocks, heading, paragraph, previous, fence, last = [], "", "", "", None, None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is not None:
            if line != "```":
                fence[2].append(line)
                continue
            language, start, lines = fence
            body = "\n".join(lines)
            if language[0] == "sh":
                last = Block(heading, start, language[1:], body, paragraph)
                blocks.append(last)
            elif language[0] == "text" and last is not None:
                last.output, last = body, None
            fence, paragraph = None, ""
        elif line.startswith("```"):
            fence = (line[3:].split() or [""], number, [])
        elif line.startswith("#"):
            heading, paragraph, last = anchor(line.lstrip("#").strip()), "", None
        elif line:
            # A blank line ends a paragraph; the first line of the next begins it.
            paragraph = f"{paragraph}\n{line}" if paragraph and previous else line
            last = None
        previous = line
    return blocks


def headings(text):
    return [anchor(line.lstrip("#").strip()) for line in outside_fences(text) if line.startswith("#")]


def outside_fences(text):
    inside = False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            yield line


def matches(expected, output):
    """Whether an output is what the page shows, but for colours."""
    output = re.sub(r"\x1b\[[\d;]*m", "", output)
    pattern = ""
    for line in expected.splitlines():
        if line == "…":
            pattern += r"(?:.*\n)*"
        else:
            pattern += ".*".join(re.escape(part) for part in line.split("…")) + r"[ \t]*\n"
    return re.fullmatch(pattern, output.rstrip("\n") + "\n") is not None
