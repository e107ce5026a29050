"""A world: one database and one repository that agree, with as many skills as wanted."""

import base64
import hashlib
import hmac
import io
import json
import os
import random
import shutil
import subprocess
from urllib.parse import urlsplit

import psycopg2

ROOT = os.environ["TEST_GIT_ROOT"]
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXECUTABLES = os.path.join(PROJECT, ".build", "release")
WEBHOOK_SECRET = "it-is-a-test-secret"
SKILL_BYTES = 2048


def git(repository, *arguments, **options):
    """Runs git on a bare repository of the server, past HTTP."""
    return subprocess.run(
        ["git", "-C", repository, *arguments], check=True, capture_output=True, **options
    ).stdout


def host_and_port(url):
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}"


GIT_SERVER = host_and_port(os.environ["TEST_GIT_URL"])
DATABASE_SERVER = host_and_port(os.environ["TEST_DATABASE_URL"])


def connect(database="postgres", server=DATABASE_SERVER):
    connection = psycopg2.connect(f"postgresql://postgres@{server}/{database}")
    connection.autocommit = True
    return connection


def execute(database, statement, *values):
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def skill_id(number):
    return f"skill-{number:06d}"


def title(number):
    return f"Skill {number:06d}"


def path(number):
    return f"skills/skill-{number:06d}.md"


class Texts:
    """Skills' texts of about 2 KB: words in sentences, so that they compress as prose does."""

    def __init__(self):
        self._random = random.Random(2048)
        words = ["".join(self._random.choices("etaoinshrdlucmfw", k=self._random.randint(2, 11))) for _ in range(2000)]
        self._sentences = [" ".join(self._random.choices(words, k=12)).capitalize() + "." for _ in range(5000)]

    def next(self):
        text = ""
        while len(text) < SKILL_BYTES:
            text += self._random.choice(self._sentences) + ("\n\n" if self._random.random() < 0.2 else "\n")
        return text.rstrip("\n")


texts = Texts()


class World:
    """A repository and a database of that name, at the servers' own addresses or a proxy's."""

    def __init__(self, name, skills, git_server=GIT_SERVER, database_server=DATABASE_SERVER):
        self.name = name
        self.skills = skills
        self.repository = os.path.join(ROOT, f"{name}.git")
        self.git_server = git_server
        self.database_server = database_server

    @property
    def url(self):
        return f"http://{self.git_server}/open/{self.name}.git"

    def settings(self, work_directory):
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"postgresql://postgres@{self.database_server}/{self.name}",
            "GITHUB_REPO": self.url,
            "GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "WORK_DIRECTORY": work_directory,
            "PUSH_INTERVAL": "0",
            "LOG_LEVEL": "warning",
            "no_proxy": "127.0.0.1",
        }

    # MARK: Making

    @classmethod
    def empty(cls, name, skills=0):
        """The application's tables with so many rows, and a repository without a commit."""
        world = cls(name, skills)
        make_repository(world.repository)
        execute("postgres", f'CREATE DATABASE "{name}"')
        for file in ("upstream-schema.sql", "upstream-schema-later.sql", "users.sql"):
            with open(os.path.join(PROJECT, "Tests", "Fixtures", file), encoding="utf-8") as script:
                execute(name, script.read())
        world.command("skills-to-git", "migrate")
        if skills:
            world.insert(skills)
        return world

    def insert(self, skills):
        rows = io.StringIO()
        for number in range(skills):
            text = texts.next().replace("\\", "\\\\").replace("\n", "\\n")
            rows.write(f"{skill_id(number)}\t{title(number)}\t{text}\t{{Security,Review}}\tuser-ada\t2025-12-01\t2025-12-01\n")
        rows.seek(0)
        connection = connect(self.name)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                'COPY "Skill" (id, title, content, categories, "ownerId", "createdAt", "updatedAt") FROM STDIN', rows
            )
            cursor.execute("ANALYZE")
        connection.close()

    def copy(self, name, **addresses):
        """Another world in the same state."""
        world = World(name, self.skills, **addresses)
        # git replaces its files, it writes none in place: links will do.
        subprocess.run(["cp", "-al", self.repository, world.repository], check=True)
        execute("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        world.record_address()
        return world

    def at(self, git_server, database_server):
        """The same world at other addresses; until the next `at`, it is there only."""
        world = World(self.name, self.skills, git_server, database_server)
        world.record_address()
        return world

    def record_address(self):
        """Records are kept under the repository's URL, without the suffix."""
        execute(self.name, "UPDATE skill_sync.repository SET repository = %s", self.url.removesuffix(".git"))

    def repack(self):
        """As a server does with what was pushed to it."""
        git(self.repository, "repack", "-adfq")

    def remove(self):
        shutil.rmtree(self.repository)
        execute("postgres", f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def command(self, executable, *arguments, executables=EXECUTABLES, work_directory=None):
        """Runs a command of ours to its end, untimed."""
        folder = work_directory or os.path.join(ROOT, f"{self.name}.work")
        subprocess.run(
            [os.path.join(executables, executable), *arguments],
            env=self.settings(folder), check=True, stdout=subprocess.DEVNULL,
        )
        if not work_directory:
            shutil.rmtree(folder, ignore_errors=True)

    def take_repository(self, other):
        """The other's files in place of its own."""
        shutil.rmtree(self.repository)
        subprocess.run(["cp", "-al", other.repository, self.repository], check=True)

    def push_assets(self, megabytes):
        """Files beside the skills, of a megabyte each, that can't be compressed."""
        with subprocess.Popen(
            ["git", "-C", self.repository, "-c", "core.compression=0", "-c", "core.bigFileThreshold=1", "fast-import", "--quiet"],
            stdin=subprocess.PIPE,
        ) as importer:
            begin_commit(importer.stdin, "Add assets", "refs/heads/main^0")
            for number in range(megabytes):
                importer.stdin.write(b"M 100644 inline assets/%d.bin\ndata %d\n%s\n" % (number, 1 << 20, os.urandom(1 << 20)))

    # MARK: People

    def save(self, numbers):
        """Somebody saves these skills in the application."""
        connection = connect(self.name)
        with connection.cursor() as cursor:
            for number in numbers:
                cursor.execute(
                    'UPDATE "Skill" SET content = %s, "updatedAt" = now() WHERE id = %s', (texts.next(), skill_id(number))
                )
        connection.close()

    def push(self, numbers, commits=1):
        """An engineer edits these files, in so many commits, each its share of them. Returns before and after."""
        return commit_edits(self.repository, numbers, commits)


def make_repository(repository):
    git(ROOT, "init", "--quiet", "--bare", "--initial-branch=main", repository)
    # As GitHub has it.
    for key in ("http.receivepack", "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(repository, "config", key, "true")


def commit_edits(repository, numbers, commits=1):
    """Commits new texts of these skills' files onto main."""
    before = git(repository, "rev-parse", "main").decode().strip()
    numbers = list(numbers)
    wanted = "".join(f"{before}:{path(number)}\n" for number in numbers).encode()
    files = git(repository, "cat-file", "--batch", input=wanted)
    stream = io.BytesIO()
    position = 0
    share = -(-len(numbers) // commits)
    for index, number in enumerate(numbers):
        if index % share == 0:
            begin_commit(stream, f"Edit {index // share}", before if index == 0 else None)
        end = files.index(b"\n", position)
        size = int(files[position:end].split()[2])
        file = files[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
        front_matter = file[: file.index(b"\n---\n", 4) + 5]
        data = front_matter + texts.next().encode() + b"\n"
        stream.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path(number).encode(), len(data), data))
    git(repository, "fast-import", "--quiet", "--force", input=stream.getvalue())
    return before, git(repository, "rev-parse", "main").decode().strip()


_clock = [1_765_000_000]


def begin_commit(stream, subject, parent=None):
    _clock[0] += 60
    message = subject.encode()
    stream.write(
        b"commit refs/heads/main\ncommitter Ada Lovelace <ada@example.com> %d +0000\ndata %d\n%s\n"
        % (_clock[0], len(message), message)
    )
    if parent:
        stream.write(b"from %s\n" % parent.encode())


# MARK: Events


def saved_event(number):
    return json.dumps(
        {
            "version": "0", "id": "325d58bf-8121-5258-be91-84157f004766", "detail-type": "SkillUpdated",
            "source": "transparent-trust.skills", "account": "123456789012", "time": "2025-12-19T10:16:02Z",
            "region": "us-east-1", "resources": [],
            "detail": {"skillId": skill_id(number), "title": title(number), "operation": "update"},
        }
    )


def push_payload(before, after, numbers):
    """What GitHub delivers of a push, as far as anybody here reads it."""
    files = [path(number) for number in numbers]
    return json.dumps(
        {
            "ref": "refs/heads/main", "before": before, "after": after, "deleted": False,
            "repository": {"full_name": "example/skills"},
            "commits": [{"id": after, "added": [], "removed": [], "modified": files}],
        }
    )


def webhook_event(payload):
    """The same as API Gateway hands it over."""
    signature = hmac.new(WEBHOOK_SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
    return json.dumps(
        {
            "version": "2.0", "rawPath": "/webhook",
            "headers": {
                "content-type": "application/json", "x-github-event": "push",
                "x-github-delivery": "84d8c9da-3aa6-5c58-a9c8-13bc40f4ef8e",
                "x-hub-signature-256": f"sha256={signature}",
            },
            "requestContext": {"http": {"method": "POST", "path": "/webhook"}},
            "body": base64.b64encode(payload.encode()).decode(), "isBase64Encoded": True,
        }
    )
