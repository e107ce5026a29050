"""One of our functions, invoked: in a process of its own each time, or in one that Lambda's Runtime API keeps."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import time

from world import EXECUTABLES, ROOT

_folders = itertools.count()


class InvocationFailed(Exception):
    pass


def new_folder():
    return os.path.join(ROOT, f"work-{next(_folders)}")


def check(answer):
    """Raises unless the function did its work on everything."""
    body = json.loads(answer["body"]) if "body" in answer else answer
    if answer.get("statusCode", 200) != 200 or "errorType" in body or body.get("failed") or body.get("pending"):
        raise InvocationFailed(json.dumps(answer)[:2000])
    return body


class ColdFunction:
    """Each event a new process with an empty work directory."""

    def __init__(self, executable, world, executables=EXECUTABLES):
        self.path = os.path.join(executables, executable)
        self.world = world
        self.folder = new_folder()
        self.process = None

    def invoke(self, event, during=None):
        """Seconds from the process being made to its end, and the answer."""
        shutil.rmtree(self.folder, ignore_errors=True)
        settings = self.world.settings(self.folder)
        began = time.perf_counter()
        process = subprocess.Popen(
            [self.path, "--event", "-"], env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.process = process
        if during:
            during(process.pid, self.folder)
        answer, errors = process.communicate(event.encode())
        seconds = time.perf_counter() - began
        if process.returncode:
            raise InvocationFailed(f"{self.path}: {answer.decode()[:2000]}{errors.decode()[-2000:]}")
        return seconds, check(json.loads(answer))

    def end(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class WarmFunction:
    """One process for all events, which get to it by Lambda's Runtime API.

    (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)
    """

    PATIENCE = 900

    def __init__(self, executable, world, executables=EXECUTABLES):
        self.folder = new_folder()
        os.makedirs(self.folder)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(self.PATIENCE)
        self.log = open(os.path.join(self.folder, "log"), "w+b")
        self.process = subprocess.Popen(
            [os.path.join(executables, executable)],
            env=world.settings(os.path.join(self.folder, "tmp"))
            | {
                "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % self.listener.getsockname()[1],
                "AWS_LAMBDA_FUNCTION_NAME": executable,
            },
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
        )
        self.connection, _ = self.listener.accept()
        self.connection.settimeout(self.PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._receive()

    def invoke(self, event, during=None):
        """Seconds from the event on its way to the whole answer here, and the answer."""
        deadline = int((time.time() + self.PATIENCE) * 1000)
        data = event.encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
            f"Lambda-Runtime-Deadline-Ms: {deadline}\r\n"
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        began = time.perf_counter()
        self.connection.sendall(head.encode() + data)
        if during:
            during(self.process.pid, os.path.join(self.folder, "tmp"))
        line, body = self._receive()
        seconds = time.perf_counter() - began
        self.connection.sendall(b'HTTP/1.1 202 Accepted\r\nContent-Length: 16\r\n\r\n{"status": "OK"}')
        self._receive()
        if not line.endswith("/response HTTP/1.1"):
            raise InvocationFailed(f"{line}: {body.decode()[:2000]}")
        return seconds, check(json.loads(body))

    def _receive(self):
        """The next request's first line and body."""
        received = bytearray()
        while b"\r\n\r\n" not in received:
            received += self._some()
        head, _, body = bytes(received).partition(b"\r\n\r\n")
        line, *headers = head.decode().split("\r\n")
        length = next((int(h.split(":")[1]) for h in headers if h.lower().startswith("content-length:")), 0)
        while len(body) < length:
            body += self._some()
        return line, body

    def _some(self):
        data = self.connection.recv(1 << 18)
        if not data:
            self.log.seek(0)
            raise InvocationFailed(f"the function ended: {self.log.read().decode()[-2000:]}")
        return data

    def end(self):
        self.process.kill()
        self.process.wait()
        for file in (self.connection, self.listener, self.log):
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)
