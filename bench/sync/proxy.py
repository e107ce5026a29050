"""A TCP proxy that makes round trips longer, and notes what passes. `proxy.py HOST:PORT SECONDS` prints its port."""

import queue
import socket
import subprocess
import sys
import threading
import time

from world import DATABASE_SERVER, GIT_SERVER

CHUNK = 1 << 18


class Proxy:
    """In front of one server. Whatever passes comes half a round trip later; as much at once as ever.

    A connection is there a round trip after it was asked for, as over a real distance.
    """

    def __init__(self, target, round_trip=0.0):
        host, port = target.rsplit(":", 1)
        self.target = (host, int(port))
        self.round_trip = round_trip
        self.passed = []
        """Time, connection, whether it came from the client, and the bytes."""
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.records = False
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def _accept(self):
        number = 0
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            connected = time.monotonic() + self.round_trip
            server = socket.create_connection(self.target)
            number += 1
            for source, sink, is_client in ((client, server, True), (server, client, False)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                waiting = queue.SimpleQueue()
                threading.Thread(
                    target=self._read, args=(source, waiting, number, is_client, connected), daemon=True
                ).start()
                threading.Thread(target=write, args=(sink, waiting), daemon=True).start()

    def _read(self, source, waiting, number, is_client, connected):
        while True:
            try:
                data = source.recv(CHUNK)
            except OSError:
                data = b""
            now = time.monotonic()
            if self.records:
                self.passed.append((time.time(), number, is_client, data))
            waiting.put((max(now, connected) + self.round_trip / 2 if self.round_trip else 0, data))
            if not data:
                return

    def close(self):
        # A descriptor that is closed while a thread waits on it may be another's before that wakes.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.accepting.join()
        self.listener.close()


def write(sink, waiting):
    while True:
        due, data = waiting.get()
        pause = due - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        try:
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)
        except OSError:
            return


def round_trips(passed):
    """How often a client spoke after its server had, or first: what each costs over a distance."""
    count = 0
    speaking = {}
    for _, connection, is_client, data in passed:
        if data and is_client and not speaking.get(connection):
            count += 1
        if data:
            speaking[connection] = is_client
    return count


class Distance:
    """Both servers at a distance, each behind a proxy in a process of its own."""

    def __init__(self, round_trip):
        self.round_trip = round_trip

    def __enter__(self):
        self.processes = [
            subprocess.Popen(
                [sys.executable, __file__, server, str(self.round_trip)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for server in (GIT_SERVER, DATABASE_SERVER)
        ]
        git, database = (process.stdout.readline().strip() for process in self.processes)
        self.addresses = {"git_server": git, "database_server": database}
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.communicate()


if __name__ == "__main__":
    proxy = Proxy(sys.argv[1], float(sys.argv[2]))
    print(proxy.address, flush=True)
    # Until whoever started this closes it.
    sys.stdin.read()
