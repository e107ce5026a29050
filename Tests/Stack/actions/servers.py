"""What the workflows meet: the application's database, GitHub with a repository, and AWS. For each a stand-in or the real
thing, of Tests/Servers."""
import contextlib
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request

from workflow import WorkflowError, root

TOKEN, PASSWORD = "ghs_0f2c7f1e9a54", "3bd1-the-database"  # that of a job, and the database's
ROLE = "arn:aws:iam::123456789012:role/skills-sync-github-actions"
REGION = os.environ["TEST_AWS_REGION"]
CERTIFICATE = os.environ["TEST_GIT_CERTIFICATE"]
EXAMPLE = root / "Terraform/examples/github-actions/.github"
ZIPS = [root / f"dist/{name}.zip" for name in ("skills-to-git", "git-to-skills")]


def command(*arguments, text=None, **environment):
    """What a command prints."""
    return subprocess.run(
        [str(argument) for argument in arguments], input=text, env={**os.environ, **environment}, check=True,
        stdout=subprocess.PIPE, text=True).stdout.strip()


class Database:
    """The application's database."""

    def __init__(self):
        server = os.environ["TEST_DATABASE_URL"]
        command("psql", "-Xq", server, "-c", "CREATE DATABASE skills_by_actions")
        self.url = f"{server.rpartition('/')[0]}/skills_by_actions"
        for file in ("upstream-schema.sql", "users.sql"):
            command("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", root / "Tests/Fixtures" / file, self.url)

    def ask(self, statement):
        return command("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", self.url, "-c", statement)

    def save(self, key, title, content):
        self.ask(f"""INSERT INTO "Skill" (id, title, content, "updatedAt") VALUES ('{key}', '{title}', '{content}', now())""")

    def content(self, title):
        return self.ask(f"""SELECT content FROM "Skill" WHERE title = '{title}'""")

    def url_for_workflows(self):
        """With a password, which this server doesn't ask for, and without TLS, which it hasn't."""
        user, address = self.url.split("@")
        return f"{user}:{PASSWORD}@{address}?sslmode=disable"


class GitHub:
    """What stands in for GitHub, with one repository, and an engineer's clone of that."""

    def __init__(self, folder):
        self.bare, self.clone = pathlib.Path(os.environ["TEST_GIT_ROOT"]) / "skills-by-actions.git", folder / "clone"
        command("git", "init", "--quiet", "--bare", "--initial-branch=main", self.bare)
        for setting in ("http.receivepack", "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            command("git", "-C", self.bare, "config", setting, "true")
        command("git", "init", "--quiet", "--initial-branch=main", self.clone)
        self.git("remote", "add", "origin", str(self.bare))
        port = command("bash", "-c", f"source {root}/Tests/Servers/free-port.sh; free_port")
        self.url = f"https://127.0.0.1:{port}"
        self.context = ssl.create_default_context(cafile=CERTIFICATE)
        self.process = subprocess.Popen(
            [root / "Tests/Servers/github", port, f"{os.environ['TEST_GIT_URL']}/open", CERTIFICATE,
             pathlib.Path(CERTIFICATE).with_name("key.pem")])

    def wait(self):
        for _ in range(500):
            with contextlib.suppress(OSError):
                return self.statuses()
            time.sleep(0.02)
        sys.exit("Tests/Servers/github doesn't answer")

    def control(self, name, body=None):
        request = urllib.request.Request(f"{self.url}/control/{name}", None if body is None else body.encode())
        return urllib.request.urlopen(request, context=self.context, timeout=10).read()

    def statuses(self):
        return json.loads(self.control("statuses"))

    def release(self, *files):
        self.control("release", "\n".join(["git-backed-skills-1", *map(str, files)]))

    def git(self, *arguments):
        return command("git", "-C", self.clone, "-c", "user.name=Grace", "-c", "user.email=grace@example.com", *arguments)

    def push(self, files, branch="main"):
        """Commits files on top of main, pushes them to a branch as an engineer does, and gives the commit's id."""
        if self.git("ls-remote", "origin", "main"):
            self.git("fetch", "--quiet", "origin")
            self.git("checkout", "--quiet", "-B", branch, "origin/main")
        for name, text in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=By hand")
        self.git("push", "--quiet", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def install(self):
        """What the example's README says: the release, and the folder with its sums and the database's certificates."""
        self.release(*ZIPS)
        shutil.copytree(EXAMPLE, self.clone / ".github")
        folder = self.clone / ".github/git-backed-skills"
        shutil.copy(root / "dist/SHA256SUMS", folder)
        shutil.copy(CERTIFICATE, folder / "rds.pem")
        self.push({"skills/README.md": "Our skills.\n"})

    def main(self):
        return command("git", "-C", self.bare, "rev-parse", "main")

    def file(self, name):
        """A file of main, empty if it isn't there."""
        run = subprocess.run(["git", "-C", self.bare, "show", f"main:{name}"], capture_output=True, text=True)
        return run.stdout

    def checkout(self, job, inputs):
        """In place of actions/checkout: the event's commit, without leaving the token behind."""
        if job.permissions.get("contents") not in ("read", "write") or inputs.pop("persist-credentials") != "false":
            raise WorkflowError("the checkout may not read, or leaves the token to all steps")
        command("git", "clone", "--quiet", "--no-checkout", self.bare, job.workspace)
        if folder := inputs.pop("sparse-checkout", None):
            command("git", "-C", job.workspace, "sparse-checkout", "set", folder)
        command("git", "-C", job.workspace, "checkout", "--quiet", job.runner.values["github.sha"])
        if inputs:
            raise WorkflowError(f"actions/checkout: {inputs}: not known here")


def take_role(job, inputs):
    """In place of aws-actions/configure-aws-credentials: the role, for a job that may have a token for AWS."""
    if job.permissions.get("id-token") != "write" or inputs != {"role-to-assume": ROLE, "aws-region": REGION}:
        raise WorkflowError(f"{inputs}: this role may not be had")
    for name in ("REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        job.environment[f"AWS_{name}"] = os.environ[f"TEST_AWS_{name}"]


def secret(value):
    """Puts a secret into Secrets Manager, and gives its ARN."""
    key, secret_key, token = (
        os.environ[f"TEST_AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"))
    body = json.dumps({"Name": "skills/database-url", "SecretString": value, "ClientRequestToken": "0" * 32})
    answer = command("curl", "--silent", "--show-error", "--fail", "--config", "-", os.environ["TEST_AWS_URL"], text=f"""
user = "{key}:{secret_key}"
aws-sigv4 = "aws:amz:{REGION}:secretsmanager"
header = "X-Amz-Security-Token: {token}"
header = "X-Amz-Target: secretsmanager.CreateSecret"
header = "Content-Type: application/x-amz-json-1.1"
data = {json.dumps(body)}
""")
    return json.loads(answer)["ARN"]
