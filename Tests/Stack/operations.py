"""A stack as those have it in hands who operate it: the shells that they type commands into, and what befalls it."""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pages
from alarms import Point
from bridge.account import ADMINISTRATOR
from bridge.environment import FunctionError
from bridge.functions import Throttled
from database import PROJECT
from shell import Shell

NAME = "transparent-trust"
DOCS = pathlib.Path(PROJECT, "docs")


class Operations:
    """
    - `stack`: a Stack that runs.
    - `owner_url`: the URL of the role that owns the skill table.
    """

    def __init__(self, stack, owner_url):
        self.stack = stack
        self.rotation = sections("rotation.md")
        self.runbooks = sections("runbooks.md")
        self.folder = tempfile.mkdtemp(dir=stack.folder)
        self._lambda = LambdaService(stack.bridge.functions, stack.account.region)
        self._position = 0
        address = stack.account.url
        self.environment = {
            # First in line, whatever else this machine has.
            "PATH": f"{PROJECT}/Tests/Stack/bin:{os.environ['PATH']}",
            "HOME": self.folder,
            "LC_ALL": "C.UTF-8",
            "NAME": NAME,
            "AWS_CLI": os.environ["AWS_CLI"],
            "AWS_ENDPOINT_URL": address,
            "AWS_LAMBDA_URL": f"http://127.0.0.1:{self._lambda.port}",
            "AWS_DEFAULT_REGION": stack.account.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "OWNER_DATABASE_URL": owner_url,
            "no_proxy": "127.0.0.1",
            **{name.upper(): value for name, value in ADMINISTRATOR.items()},
        }

    def stop(self):
        self._lambda.stop()

    def shell(self):
        """A new one, by the database."""
        return Shell(self.environment, tempfile.mkdtemp(dir=self.folder))

    def run(self, command):
        """A command that somebody ran, though it is on no page."""
        subprocess.run(["bash", "-c", command], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def open_shell(self):
        """One in which all is as the runbooks begin; their first look is left out, as it needs tables."""
        shell = self.shell()
        for block in self.runbooks["where-these-commands-run"][:-1]:
            shell.follow(block)
        return shell

    def fire(self, schedule):
        self.stack.bridge.rules.fire(f"{NAME}-{schedule}")

    def secret(self, name):
        return self.stack.account.client("secretsmanager").get_secret_value(SecretId=f"{NAME}/{name}")["SecretString"]

    def settle(self):
        """Until no message waits for a function, none is at work, and what they said is in their logs."""
        self._wait("something is still under way", lambda: not (
            self.stack.bridge.functions.at_work() or self._messages("events") or self._messages("webhooks")))
        time.sleep(0.7)

    def wait_for_messages(self, queue):
        self._wait(f"nothing comes to {queue}", lambda: self._messages(queue))

    def _messages(self, queue):
        return self.stack.messages(self.queue(queue))

    def _wait(self, problem, is_over, within=60):
        deadline = time.monotonic() + within
        while not is_over():
            if time.monotonic() > deadline:
                raise TimeoutError(problem)
            time.sleep(0.1)

    def queue(self, name):
        return self.stack.account.client("sqs").get_queue_url(QueueName=f"{NAME}-{name}")["QueueUrl"]

    def measured(self):
        """The metrics that were recorded since the last time; those of queues as they are now are among them."""
        began = time.time() * 1000
        # What SQS tells comes by itself, a queue after the other.
        for queue in "events-dead-letters", "webhooks-dead-letters", "targets-dead-letters":
            self.stack.record.wait_for(
                f"a metric of {queue}",
                lambda entry: entry.get("dimensions") == {"QueueName": f"{NAME}-{queue}"} and entry["time"] > began,
                since=self._position,
            )
        entries = self.stack.record.entries(self._position)
        self._position += len(entries)
        return [Point(entry["namespace"], entry["metric"], entry["dimensions"], entry["value"])
                for entry in entries if "metric" in entry]


class LambdaService:
    """
    What moto lacks of Lambda's API, by the bridge. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html and
    API_GetFunction.html, of which it has where the zip is to be had.
    """

    def __init__(self, functions, region):
        def arn(path):
            # /2015-03-31/functions/NAME:ALIAS…
            name = unquote(path).split("/")[3]
            return f"arn:aws:lambda:{region}:123456789012:function:{name}"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                zip_file = pathlib.Path(functions.deployed(arn(self.path)).code)
                self.answer(200, {}, json.dumps({"Code": {"Location": zip_file.as_uri()}}).encode())

            def do_POST(self):
                function = arn(self.path)
                event = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                status, headers = 200, {"X-Amz-Executed-Version": functions.deployed(function).version}
                try:
                    answer = functions.invoke(function, event)
                except FunctionError as error:
                    answer = error.payload
                    headers["X-Amz-Function-Error"] = "Unhandled"
                except Throttled:
                    status, headers = 429, {"x-amzn-errortype": "TooManyRequestsException"}
                    answer = b'{"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"}'
                self.answer(status, headers, answer)

            def answer(self, status, headers, answer):
                self.send_response(status)
                for header, value in {**headers, "Content-Length": str(len(answer))}.items():
                    self.send_header(header, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def sections(page):
    """The blocks of a page that are run, by the heading above."""
    found = {}
    for block in pages.read(DOCS.joinpath(page).read_text()):
        if block.is_run:
            found.setdefault(block.anchor, []).append(block)
    return found
