"""The repository, with what GitHub does at a push, and an engineer's clone of it."""

import json
import os
import secrets
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


class Repository:
    """`NAME.git` in the folder of the test's git server at `server`."""

    def __init__(self, folder, server, clone, name="skills"):
        self.bare = os.path.join(folder, f"{name}.git")
        self.url = f"{server}/private/{name}.git"
        self._passwords = os.path.join(os.path.dirname(folder), "htpasswd")
        self._clone = clone
        self.deliveries = os.path.join(self.bare, "deliveries.jsonl")
        self._git("init", "--bare", "--initial-branch=main", self.bare)
        # As on GitHub.
        for name_of_setting in "http.receivepack", "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant":
            self._git("-C", self.bare, "config", name_of_setting, "true")
        open(self.deliveries, "w", encoding="utf-8").close()
        os.symlink(os.path.join(HERE, "post-receive"), os.path.join(self.bare, "hooks", "post-receive"))
        self._git("clone", f"{server}/open/{name}.git", clone)
        for setting, value in {"user.name": "Grace Hopper", "user.email": "grace@example.com"}.items():
            self._git("-C", clone, "config", setting, value)

    def use_token(self):
        """Makes a new token, and takes no other any more; returns it."""
        token = secrets.token_urlsafe(24)
        entry = subprocess.run(
            ["openssl", "passwd", "-apr1", "-stdin"], input=token, stdout=subprocess.PIPE, check=True, text=True
        ).stdout
        with open(self._passwords, "w", encoding="utf-8") as file:
            file.write(f"x-access-token:{entry}")
        return token

    def use_webhook(self, url, port, secret):
        """Where pushes are told of: the URL as it is entered on GitHub, and the port that is there in its place."""
        path = os.path.join(self.bare, "webhook.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"url": url, "port": port, "secret": secret}, file)

    def refuse_pushes(self, words):
        """A rule of the repository, which says why in `words`."""
        path = os.path.join(self.bare, "hooks", "pre-receive")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\ncat >&2 <<'WORDS'\n{words}\nWORDS\nexit 1\n")
        os.chmod(path, 0o755)

    def allow_pushes(self):
        os.remove(os.path.join(self.bare, "hooks", "pre-receive"))

    def edit(self, path, change, message):
        """An engineer's commit, pushed: `change` makes the file's new text from the old; None if there is none."""
        self._git("-C", self._clone, "pull", "--ff-only")
        full = os.path.join(self._clone, path)
        text = None
        if os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                text = file.read()
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(change(text))
        self._git("-C", self._clone, "add", path)
        self._git("-C", self._clone, "commit", "--message", message)
        self._git("-C", self._clone, "push")
        return self._git("-C", self._clone, "rev-parse", "HEAD")

    def commits(self, since=None):
        """The subjects of the branch's commits after `since`, newest first."""
        place = f"{since}..main" if since else "main"
        return self._git("-C", self.bare, "log", "--format=%s", place).splitlines()

    def tip(self):
        return self._git("-C", self.bare, "rev-parse", "--quiet", "--verify", "main")

    def changed_files(self):
        """What the newest commit did, as `A skills/name.md`."""
        lines = self._git("-C", self.bare, "show", "--format=", "--name-status", "--no-renames", "main").splitlines()
        return sorted(line.replace("\t", " ") for line in lines)

    def files(self):
        return self._git("-C", self.bare, "ls-tree", "-r", "--name-only", "main").splitlines()

    def text(self, path):
        return self._git("-C", self.bare, "show", f"main:{path}")

    def _git(self, *arguments):
        environment = {
            "PATH": os.environ["PATH"], "HOME": self.bare, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        return subprocess.run(
            ["git", *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, text=True
        ).stdout.rstrip("\n")
