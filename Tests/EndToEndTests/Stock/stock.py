"""A client and a worker of both Majordomo versions as strangers write them after chapter 4 of the ZeroMQ guide.

    stock.py client VERSION ENDPOINT SERVICE COUNT     prints each reply
    stock.py worker VERSION ENDPOINT SERVICE COUNT     answers so many requests in capitals and leaves
"""
import sys
import time

import zmq

HEARTBEAT, LIVES, RECONNECT, TIMEOUT, RETRIES = 2.5, 3, 2.5, 2500, 3


def client(version, endpoint, service, count):
    context = zmq.Context()
    head = [b"MDPC01"] if version == "0.1" else [b"MDPC02", b"\x01"]
    for number in range(count):
        for attempt in range(RETRIES):
            socket = context.socket(zmq.REQ if version == "0.1" else zmq.DEALER)
            socket.linger = 0
            socket.connect(endpoint)
            socket.send_multipart(head + [service, b"hello %d" % number])
            replies = []
            while socket.poll(TIMEOUT):
                reply = socket.recv_multipart()
                assert reply[0] == head[0] and service in reply[1:3]
                replies.append(reply[-1])
                if version == "0.1" or reply[1] == b"\x03":
                    break
            socket.close()
            if replies:
                break
        else:
            sys.exit("the broker is not there")
        print(*[reply.decode() for reply in replies], flush=True)


class Worker:
    def __init__(self, version, endpoint, service):
        self.version, self.endpoint, self.service = version, endpoint, service
        self.head = [b"", b"MDPW01"] if version == "0.1" else [b"MDPW02"]
        self.context, self.socket = zmq.Context(), None
        self.reconnect()

    def send(self, command, *frames):
        self.socket.send_multipart(self.head + [bytes([command])] + list(frames))

    def reconnect(self):
        if self.socket:
            self.socket.close(linger=0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.connect(self.endpoint)
        self.send(1, self.service)
        self.lives, self.due = LIVES, time.monotonic() + HEARTBEAT

    def work(self, count):
        late = 0 if self.version == "0.1" else 1  # 0.2 has PARTIAL at 3, and the rest one higher
        while count:
            if self.socket.poll(HEARTBEAT * 1000):
                message = self.socket.recv_multipart()
                self.lives = LIVES
                assert message[: len(self.head)] == self.head
                command, *frames = message[len(self.head):]
                if command == b"\x02":
                    address, empty, *body = frames
                    assert empty == b""
                    if late:
                        self.send(3, address, b"", b"wait")
                    self.send(3 + late, address, b"", *[frame.upper() for frame in body])
                    count -= 1
                elif command == bytes([5 + late]):
                    self.lives = 0
            else:
                self.lives -= 1
            if self.lives <= 0:
                time.sleep(RECONNECT)
                self.reconnect()
            if time.monotonic() > self.due:
                self.send(4 + late)
                self.due = time.monotonic() + HEARTBEAT
        self.send(5 + late)
        self.socket.close(linger=1000)


role, version, endpoint, service, count = sys.argv[1:]
if role == "client":
    client(version, endpoint, service.encode(), int(count))
else:
    Worker(version, endpoint, service.encode()).work(int(count))
