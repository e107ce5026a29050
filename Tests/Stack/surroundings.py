"""What is around a stack, and what may befall it: the table, the repository and its server, and time."""

import json
import os
import pathlib
import subprocess
import time


class Surroundings:
    """
    - `repository`: a Repository.
    - `database_url`: a superuser's, of the application's database.
    """

    def __init__(self, repository, database_url, folder):
        self.repository = repository
        self.database_url = database_url
        self.bare = pathlib.Path(repository.bare)
        self._clone = pathlib.Path(folder, "another-clone")

    # The table

    def sql(self, statements):
        return subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", self.database_url], input=statements,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, stdout=subprocess.PIPE, check=True, text=True,
        ).stdout.rstrip("\n")

    def add_skills(self, count):
        """`skill-01`, `skill-02` …, whose files are named the same."""
        self.sql(f"""
            INSERT INTO "Skill" (id, title, content, categories, "ownerId", "updatedAt")
            SELECT id, initcap(replace(id, '-', ' ')), 'What ' || id || ' says.', '{{Security}}', 'user-ada', now()
            FROM generate_series(1, {count}) n, LATERAL (SELECT 'skill-' || lpad(n::text, 2, '0') AS id) named
        """)

    def save(self, skill):
        self.sql(f"""
            UPDATE "Skill" SET content = 'Saved at ' || clock_timestamp(), "updatedAt" = now() WHERE id = '{skill}'
        """)

    def rows(self):
        return self.sql("""SELECT id, title, content, "isActive" FROM "Skill" ORDER BY id""")

    def row(self, skill):
        return self.sql(f"""SELECT content FROM "Skill" WHERE id = '{skill}'""")

    def dump(self):
        return subprocess.run(["pg_dump", self.database_url], check=True, stdout=subprocess.PIPE, text=True).stdout

    def restore(self, dump):
        server, name = self.database_url.rsplit("/", 1)
        for command in f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name} OWNER app_owner":
            subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", command, f"{server}/postgres"], check=True)
        self.sql(dump)

    def disconnect(self, role):
        self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")

    def ask_for_passwords(self, roles):
        """The server asks these for their passwords, as RDS does everybody."""
        rules = pathlib.Path(self.sql("SHOW hba_file"))
        rules.write_text(f"host all {roles} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self.sql("SELECT pg_reload_conf()")

    def pass_time(self, column, seconds):
        """Whatever `column` tells of happened so much longer ago."""
        table, name = column.split(".")
        self.sql(f"UPDATE skill_sync.{table} SET {name} = {name} - interval '{seconds} s'")

    # The repository

    def commit(self, files, seconds_ago=0):
        """An engineer's commit of files by path (None: deleted), pushed; waits for its webhook, if there is one."""
        if not self._clone.exists():
            subprocess.run(["git", "clone", "--quiet", self.bare, self._clone], check=True)
        self._git("pull", "--quiet", "--ff-only")
        for path, text in files.items():
            if text is None:
                self._clone.joinpath(path).unlink(missing_ok=True)
            else:
                self._clone.joinpath(path).write_text(text)
        self._git("add", "--all")
        if not self._git("status", "--porcelain"):
            return
        date = f"{int(time.time()) - seconds_ago} +0000"
        self._git("commit", "--quiet", "--message", "Edited", GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
        answered = len(self._webhooks())
        self._git("push", "--quiet")
        if self.bare.joinpath("webhook.json").exists():
            self._wait_for_webhooks(answered + 1)

    def add_line(self, path, seconds_ago=0):
        self.commit({path: f"{self.repository.text(path)}\nA line more, at {time.time()}.\n"}, seconds_ago)

    def text(self, path):
        """A file's text below its front matter."""
        return self.repository.text(path).split("\n---\n", 1)[1].strip()

    def lose_webhooks(self):
        self.bare.joinpath("webhook.json").rename(self.bare / "no-webhook.json")

    def deliver_webhook(self):
        """That of the newest commit, if it was lost; and those to come are delivered."""
        if not self.bare.joinpath("webhook.json").exists():
            self.bare.joinpath("no-webhook.json").rename(self.bare / "webhook.json")
        answered = len(self._webhooks())
        tip = self.bare.joinpath("refs/heads/main").read_text().strip()
        push = f"{'0' * 40} {tip} refs/heads/main\n"
        subprocess.run(["hooks/post-receive"], cwd=self.bare, input=push, text=True, check=True)
        self._wait_for_webhooks(answered + 1)

    def webhook_answer(self):
        """GitHub's answer to the last one."""
        return self._webhooks()[-1]["answer"]

    def hide_repository(self):
        """Nobody finds it any more on the server."""
        self.bare.joinpath("HEAD").rename(self.bare / "no-HEAD")

    def show_repository(self):
        self.bare.joinpath("no-HEAD").rename(self.bare / "HEAD")

    def _wait_for_webhooks(self, count):
        deadline = time.monotonic() + 20
        while len(self._webhooks()) < count:
            if time.monotonic() > deadline:
                raise TimeoutError("the webhook isn't answered")
            time.sleep(0.05)

    def _webhooks(self):
        with open(self.repository.deliveries, encoding="utf-8") as file:
            return [entry for entry in map(json.loads, file) if entry["event"] == "webhook"]

    def _git(self, *arguments, **variables):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.bare),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "Grace Hopper", "GIT_AUTHOR_EMAIL": "grace@example.com",
            "GIT_COMMITTER_NAME": "Grace Hopper", "GIT_COMMITTER_EMAIL": "grace@example.com", **variables,
        }
        return subprocess.run(["git", "-C", self._clone, *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=True, text=True).stdout
