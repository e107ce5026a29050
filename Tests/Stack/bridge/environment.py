"""An execution environment: a function's zip in the sandbox, under Lambda's own Runtime Interface Emulator."""

import glob
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


class FunctionError(Exception):
    """The function failed: `payload` is what Lambda answers then, `type` what it says of why."""

    def __init__(self, payload, type):
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload
        self.type = type


class Environment:
    """Takes one event at a time, and stays warm in between.

    The function has the variables that were deployed, and of this test's: where AWS is, the credentials of a session
    of its role, as Lambda gives them, and no proxy.
    """

    def __init__(self, deployed, credentials, aws_url, region, on_line):
        self.deployed = deployed
        self._on_line = on_line
        self._port = free_port()
        variables = dict(deployed.environment)
        refuse_what_the_sandbox_drops(variables)
        variables.update({
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ACCESS_KEY_ID": credentials["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": credentials["aws_secret_access_key"],
            "AWS_SESSION_TOKEN": credentials["aws_session_token"],
            "no_proxy": "127.0.0.1",
            "PATH": os.environ["PATH"],
        })
        zips = [deployed.code] + ([deployed.layers] if deployed.layers else [])
        options = [
            "--size", str(deployed.storage << 20), "--tmpfs", "/tmp",
            "--setenv", "AWS_LAMBDA_FUNCTION_NAME", deployed.name,
            "--setenv", "AWS_LAMBDA_FUNCTION_VERSION", deployed.version,
            "--setenv", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", str(deployed.memory),
            "--setenv", "AWS_LAMBDA_FUNCTION_TIMEOUT", str(deployed.timeout),
            "--ro-bind", _emulator(), "/emulator",
        ]
        command = [
            "/emulator", "--log-level", "error",
            "--runtime-interface-emulator-address", f"127.0.0.1:{self._port}",
            "--runtime-api-address", f"127.0.0.1:{free_port()}",
            "/var/task/bootstrap",
        ]
        self._process = subprocess.Popen(
            [os.path.join(PROJECT, "Layers", "sandbox"), *zips, *options, "--", *command],
            env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.stop()
            raise

    def invoke(self, event):
        """The answer to an event (JSON, as bytes), or a FunctionError."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self.deployed.timeout + 10)
        try:
            connection.request("POST", "/2015-03-31/functions/function/invocations", body=event)
            payload = connection.getresponse().read()
        finally:
            connection.close()
        # The emulator answers both alike.
        try:
            answer = json.loads(payload)
        except ValueError:
            raise FunctionError(payload, "timeout") from None
        if isinstance(answer, dict) and "errorType" in answer:
            raise FunctionError(payload, answer["errorType"])
        return payload

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)

    def _read(self):
        for line in self._process.stdout:
            self._on_line(line.decode(errors="replace").rstrip("\n"))

    def _wait_until_it_listens(self):
        for _ in range(1000):
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                if self._process.poll() is not None:
                    raise RuntimeError(f"the emulator of {self.deployed.name} ended") from None
                time.sleep(0.01)
        raise TimeoutError(f"the emulator of {self.deployed.name} doesn't listen")


def refuse_what_the_sandbox_drops(variables):
    """Lambda hands on every variable, the sandbox only those of docs/settings.md, where https_proxy is in the text."""
    with open(os.path.join(PROJECT, "docs", "settings.md"), encoding="utf-8") as file:
        known = re.findall(r"`(\w+)`", file.read())
    unknown = set(variables) - set(known)
    if unknown:
        raise ValueError(f"the deployed function has variables that are no settings: {', '.join(sorted(unknown))}")


def _emulator():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ["HOME"], ".cache")
    return sorted(glob.glob(os.path.join(cache, "git-backed-skills", "aws-lambda-rie-*")))[-1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
