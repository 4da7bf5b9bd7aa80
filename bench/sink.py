"""Where mail ends that is only counted."""

import os
import socket
import subprocess
import threading
import time

from private_postfix import free_port

LIMIT = 600  # seconds that anything may take


class Sink:
    """smtp-sink, and how many messages it has had."""

    def __init__(self, *options):
        self.port = free_port()
        self.count = 0
        self.changed = threading.Condition()
        self.process = subprocess.Popen(["smtp-sink", "-u", "nobody", "-c", *options, f"127.0.0.1:{self.port}", "1000"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self.read, daemon=True).start()
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)

    def read(self):
        rest = b""
        while True:
            octets = os.read(self.process.stdout.fileno(), 1 << 16)
            if not octets:
                return
            *lines, rest = (rest + octets).split(b"\r")
            if not lines:
                continue
            with self.changed:
                self.count = int(lines[-1].rsplit(b"=", 1)[1])
                self.changed.notify_all()

    def wait(self, count, what):
        with self.changed:
            assert self.changed.wait_for(lambda: self.count >= count, LIMIT), f"{what}: {self.count} of {count}"

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
