"""The whole system up on this machine: AWS by moto, the example applied to it, the bridge, database and repository.

    with Stack(folder, settings={"PUSH_INTERVAL": "2"}) as stack: …

needs the variables of Tests/Servers/with-servers, and moto's packages in PYTHONPATH.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack

from bridge.account import ADMINISTRATOR, Account
from bridge.environment import free_port
from bridge.record import Record
from bridge.service import Bridge
from database import PROJECT, Database
from repository import Repository

HERE = os.path.dirname(os.path.abspath(__file__))
REGION = "eu-central-1"


class Stack:
    """
    - `folder`: an empty one, where everything is kept.
    - `settings`: further settings of the functions, as the module has them.
    - `retry_after`: seconds until a message that failed comes again. The queues' own are of minutes.
    """

    def __init__(self, folder, settings, retry_after=None):
        self.folder = folder
        self._settings = settings
        self._retry_after = retry_after
        self._ending = ExitStack()

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(self, *_):
        self._ending.close()

    def _start(self):
        self.account = Account(self._start_aws(), REGION)
        self.artifacts = os.path.join(self.folder, "dist")
        shutil.copytree(os.path.join(PROJECT, "dist"), self.artifacts)
        self.database = Database(
            os.environ["TEST_DATABASE_URL"], os.path.join(self.artifacts, "skills-to-git.zip")
        )
        self.repository = Repository(
            os.environ["TEST_GIT_ROOT"], os.environ["TEST_GIT_URL"], os.path.join(self.folder, "clone")
        )
        self.apply()
        zips = os.path.join(self.folder, "zips")
        os.mkdir(zips)
        self.record = Record(os.path.join(self.folder, "record.jsonl"))
        self._ending.callback(self.record.close)
        self.bridge = Bridge(self.account, self.record, zips, self._retry_after)
        self._ending.callback(self.bridge.stop)
        self.put_secret("database-url", self.database.url())
        self.put_secret("github-token", self.repository.use_token())
        self.rotate_webhook_secret()
        self._subscribe_to_notices()

    def apply(self, *arguments):
        """`terraform apply` of the example, and a second plan; `arguments` as `-var`."""
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": self.account.url,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            **{name.upper(): value for name, value in ADMINISTRATOR.items()},
            "TF_VAR_artifacts_directory": self.artifacts,
            "TF_VAR_github_repository": self.repository.url,
            "TF_VAR_settings": json.dumps(self._settings),
        }
        applied = os.path.join(self.folder, "applied")
        finished = subprocess.run(
            [os.path.join(HERE, "apply"), applied, "complete", *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        if finished.returncode != 0:
            raise RuntimeError(f"the example can't be applied:\n{finished.stdout[-5000:]}")
        with open(os.path.join(applied, "outputs.json"), encoding="utf-8") as file:
            self.outputs = json.load(file)["skills"]["value"]

    def put_secret(self, name, value):
        """What the output `put_secret_commands` says to do."""
        self.account.client("secretsmanager").put_secret_value(
            SecretId=self.outputs["secret_arns"][name], SecretString=value
        )

    def rotate_webhook_secret(self, on_github=True):
        """A new secret in Secrets Manager; with `on_github` the repository's webhook has it too."""
        secret = secrets.token_urlsafe(24)
        self.put_secret("webhook-secret", secret)
        if on_github:
            self.use_webhook_secret(secret)
        return secret

    def use_webhook_secret(self, secret):
        self.repository.use_webhook(self.outputs["webhook_url"], self.bridge.gateway.port, secret)

    def put_events(self, *events):
        """What the web application does after a save; each event is a detail type and its detail."""
        entries = [
            {
                "Source": self.outputs["event_source"],
                "DetailType": detail_type,
                "Detail": json.dumps(detail),
                "EventBusName": self.outputs["event_bus_name"],
            }
            for detail_type, detail in events
        ]
        answer = self.account.client("events").put_events(Entries=entries)
        if answer["FailedEntryCount"]:
            raise RuntimeError(f"EventBridge took not all events: {answer}")

    def saved(self, detail_type, skill):
        """The application's event for a skill that was created, updated or deleted."""
        operation = {"SkillCreated": "create", "SkillUpdated": "update", "SkillDeleted": "delete"}[detail_type]
        self.put_events((detail_type, {"skillId": skill, "operation": operation}))

    def command(self, name, *arguments):
        """A command of a function's zip, as somebody runs it by hand with the function's settings; its output."""
        deployed = self.bridge.functions.deployed(self.outputs["alias_arns"][name])
        variables = {name.upper(): value for name, value in ADMINISTRATOR.items()}
        return subprocess.run(
            [os.path.join(PROJECT, "Layers", "sandbox"), deployed.code, deployed.layers, "--", "/var/task/bootstrap",
             *arguments],
            env={**dict(deployed.environment), **variables, "AWS_ENDPOINT_URL": self.account.url, "AWS_REGION": REGION,
                 "no_proxy": "127.0.0.1", "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE, check=True, text=True,
        ).stdout

    def deliveries(self):
        """Pushes that the repository took, and webhooks that were answered for them."""
        with open(self.repository.deliveries, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def settle(self, within=120):
        """Waits until nothing is under way: no message, no invocation, no webhook."""
        deadline = time.monotonic() + within
        quiet = 0
        while quiet < 3:
            if self.bridge.pollers.failure:
                raise self.bridge.pollers.failure
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {within} s something is still under way: {self._under_way()}")
            quiet = 0 if self._under_way() else quiet + 1
            time.sleep(0.1)

    def notice(self, within=30):
        """The next notice that SNS hands to its subscribers."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for message in self.account.client("sqs").receive_message(QueueUrl=self._notices).get("Messages", []):
                self.account.client("sqs").delete_message(
                    QueueUrl=self._notices, ReceiptHandle=message["ReceiptHandle"]
                )
                return json.loads(message["Body"])
            time.sleep(0.1)
        raise TimeoutError(f"no notice within {within} s")

    def logs(self):
        """All lines that the functions have in CloudWatch Logs."""
        client = self.account.client("logs")
        for group in self.outputs["log_group_names"].values():
            for page in client.get_paginator("filter_log_events").paginate(logGroupName=group):
                for event in page["events"]:
                    yield event["message"]

    def _subscribe_to_notices(self):
        queue = self.account.client("sqs").create_queue(QueueName="notices-of-the-test")["QueueUrl"]
        arn = self.account.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        self.account.client("sns").subscribe(
            TopicArn=self.outputs["notices_topic_arn"], Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
        )
        self._notices = queue

    def _under_way(self):
        """What isn't done yet, by its name."""
        counts = {name: self.messages(url) for name, url in self.outputs["queue_urls"].items()}
        commits = [entry["commit"] for entry in self.deliveries()]
        counts["webhooks to deliver"] = sum(commits.count(commit) % 2 for commit in set(commits))
        counts["invocations"] = self.bridge.functions.at_work()
        return {name: count for name, count in counts.items() if count}

    def messages(self, url):
        """How many a queue has, also those that somebody works on."""
        attributes = self.account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"]) + int(attributes["ApproximateNumberOfMessagesNotVisible"])

    def _start_aws(self):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        log = open(os.path.join(self.folder, "moto.log"), "w", encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "moto-server"), str(port)],
            env={**os.environ, "AWS_DEFAULT_REGION": REGION},
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )

        def end():
            process.terminate()
            process.wait()

        self._ending.callback(end)
        for _ in range(600):
            try:
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/moto-api/data.json").close()
                return url
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError("moto doesn't start: " + open(log.name, encoding="utf-8").read())
