"""A shell that a person types a page's commands into: variables and the folder last from one block to the next."""
import os, subprocess, tempfile

import pages


class Failure(Exception):
    pass


class Shell:
    """Bash, with the environment given and nothing else."""

    def __init__(self, environment, folder):
        self.scratch = tempfile.TemporaryDirectory()
        self.errors = open(os.path.join(self.scratch.name, "errors"), "w+b")
        # Standard output is a pipe, as commands that write to /dev/stdout would overwrite what is in a file.
        self.process = subprocess.Popen(
            ["bash", "--norc", "-o", "pipefail"], cwd=folder, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.errors.close()
        self.scratch.cleanup()

    def run(self, commands, typed=""):
        """What the commands print, and how the first that failed ended, or 0. `typed` is what the person types in."""
        block, keyboard = (os.path.join(self.scratch.name, name) for name in ("block", "keyboard"))
        for path, text in (block, commands + "\n"), (keyboard, typed):
            with open(path, "w") as file:
                file.write(text)
        end = f"--- end of block {os.urandom(8).hex()} "
        self.errors.truncate(0), self.errors.seek(0)
        self.process.stdin.write(
            f"_failed=0; trap '_failed=${{_failed/#0/$?}}' ERR; source {block} <{keyboard}; trap - ERR; "
            f"printf '\\n{end}%s\\n' \"$_failed\"\n".encode())
        self.process.stdin.flush()
        output = b""
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise Failure(f"the shell ended within:\n{commands}\n{self.error_text()}")
            if line.startswith(end.encode()):
                # The line break before the mark is ours.
                return output[:-1].decode(), int(line[len(end):])
            output += line

    def error_text(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def follow(self, block, typed=""):
        """Runs a page's block, and is satisfied only with what the page promises."""
        output, status = self.run(block.commands, typed)
        problem = None
        if status != block.status:
            problem = f"ended with {status} instead of {block.status}"
        elif block.output is not None and not pages.matches(block.output, output):
            problem = f"the page shows another output:\n{block.output}"
        if problem:
            raise Failure(f"#{block.anchor}, line {block.line}:\n{block.commands}\n--- {problem}\n"
                          f"--- printed:\n{output}\n--- on standard error:\n{self.error_text()}")
        return output
