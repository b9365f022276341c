#!/usr/bin/env python3
"""Posts FHIR notifications in waves: each wave opens all its connections, sends everything but the last byte, and then all the last bytes at once,
so that a server has far more in hand than it can do. Standard library only.

Each answered notification is one JSON line: {"hash": SHA-256 of the body, "status": HTTP status, "after": Retry-After or null}; those that were not
are counted at the end: {"unanswered": …, "seconds": …}.

Usage: flood.py --web 8080 --secret S --ledger flood.jsonl --at-once 2500 --count 20000
"""
import argparse, hashlib, json, socket, time


def request(args, number):
    body = json.dumps({"resourceType": "Appointment", "id": f"f{number}", "meta": {"versionId": "1"}}).encode()
    head = f"POST /fhir/fhir HTTP/1.1\r\nHost: 127.0.0.1:{args.web}\r\nAuthorization: Bearer {args.secret}\r\nContent-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return hashlib.sha256(body).hexdigest(), head.encode() + body


def answer(peer):
    heard = b""
    while chunk := peer.recv(65536): heard += chunk
    lines = heard.decode("latin1").lower().split("\r\n")
    return int(lines[0].split(" ")[1]), next((line.split(":")[1].strip() for line in lines if line.startswith("retry-after:")), None)


def wave(args, numbers, ledger):
    opened, unanswered = [], 0
    for number in numbers:
        digest, data = request(args, number)
        try:
            peer = socket.create_connection(("127.0.0.1", args.web), timeout=60)
            peer.sendall(data[:-1])
            opened.append((peer, digest, data[-1:]))
        except OSError: unanswered += 1
    for peer, _, last in opened:
        try: peer.send(last)
        except OSError: pass
    for peer, digest, _ in opened:
        try:
            status, after = answer(peer)
            ledger.write(json.dumps({"hash": digest, "status": status, "after": after}) + "\n"); ledger.flush()
        except (OSError, IndexError): unanswered += 1
        peer.close()
    return unanswered


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--web", type=int, required=True); p.add_argument("--secret", required=True); p.add_argument("--ledger", required=True)
    p.add_argument("--at-once", type=int, default=2500); p.add_argument("--count", type=int, default=20000)
    args = p.parse_args()
    begun, unanswered = time.monotonic(), 0
    with open(args.ledger, "a", encoding="utf-8") as ledger:
        for first in range(0, args.count, args.at_once): unanswered += wave(args, range(first, min(first + args.at_once, args.count)), ledger)
    print(json.dumps({"unanswered": unanswered, "seconds": round(time.monotonic() - begun, 1)}))


main()
