#!/usr/bin/env python3
"""Sends messages of fixtures, as they are or spoilt, to MLLP, to a FHIR hook and to a provider's callback. Standard library only.

One JSON line for each body that was answered, or was not: {"kind": "siu|fhir|callback", "hash": SHA-256 of the body, "answer": …}; the answer is MSA-1, or
the HTTP status, or "cut" (hung up on), "silent" (nothing within the patience), "sent" (not one frame: no answer is waited for).

Usage: mutants.py --count 100000 --ledger mutants.jsonl --fixtures test/fixtures --mllp 2575 --web 8080 --hook-secret S --token T
  --broken 1      share of the bodies that are spoilt
  --kinds siu,fhir,callback   --frames      spoils the framing of one SIU in ten as well
  --rate 200      of bodies in a second, all together; without it, as fast as it goes
"""
import argparse, base64, glob, hashlib, hmac, json, os, queue, random, socket, sys, threading, time, urllib.parse

VT, FS, CR = b"\x0b", b"\x1c", b"\r"
MESSAGES = [b"\x00", b"|", b"^~\\&", b"\\X0D\\", b"\\", b"\r", b"MSH|^~\\&|", b"9" * 400, b"\xff\xfe", b"\xf0\x9f\x98\x80", b"\"\"", b"20269999999999", b"~" * 200, b"&" * 300, b"A" * 70000]
JSONS = [b"{", b"}", b"[" * 200, b"\"", b"null", b"1e999", b"-0", b"\\ud800", b"\"__proto__\":{\"a\":1},", b"\x00", b"\"constructor\":1,", b"[[[[", b"9" * 400, b"\xff", b",,"]


def spoil(body, rng, pieces):
    data = bytearray(body)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, size = rng.randrange(len(data) + 1), rng.choice((1, 1, 3, 17, 90))
        choice = rng.randrange(8)
        if choice == 0: data[at:at + size] = bytes(rng.randrange(256) for _ in range(size))
        elif choice == 1: del data[at:at + size]
        elif choice == 2: data[at:at] = data[at:at + size] * rng.choice((1, 2, 50))
        elif choice == 3: data[at:at] = rng.choice(pieces)
        elif choice == 4: del data[at:]
        elif choice == 5: data[:at] = b""
        elif choice == 6 and data: data[at % len(data)] ^= 1 << rng.randrange(8)
        else:
            parts = bytes(data).split(CR if pieces is MESSAGES else b",")
            rng.shuffle(parts); data = bytearray((CR if pieces is MESSAGES else b",").join(parts))
    return bytes(data[:600_000])


def fixtures(folder, pattern):
    return [open(path, "rb").read() for path in sorted(glob.glob(os.path.join(folder, pattern), recursive=True))]


class Bodies:
    """Of one worker: the same seed, the same bodies."""
    def __init__(self, args, worker):
        self.args, self.worker, self.rng, self.number = args, worker, random.Random(f"{args.seed}/{worker}"), 0
        self.siu = [b.replace(b"\r\n", CR).replace(b"\n", CR) for b in fixtures(args.fixtures, "hl7/siu/**/*.hl7") if b.startswith(b"MSH") and b.count(b"MSH|") == 1]
        self.fhir = [b for b in fixtures(args.fixtures, "fhir/**/*.json") if b"resourceType" in b[:2000]]
        self.kinds = args.kinds.split(",")

    def next(self):
        self.number += 1
        kind = self.rng.choice(self.kinds)
        broken = self.rng.random() < self.args.broken
        if kind == "siu":
            fields = self.rng.choice(self.siu).split(b"|")
            fields[9] = f"{self.args.prefix}{self.worker}-{self.number}".encode()
            body = b"|".join(fields)
            if broken: body = spoil(body, self.rng, MESSAGES)
            return kind, body.replace(VT, b"").replace(FS, b"")
        if kind == "fhir":
            body = self.rng.choice(self.fhir)
            return kind, spoil(body, self.rng, JSONS) if broken else body
        form = {"MessageSid": f"SM{self.rng.getrandbits(128):032x}", "MessageStatus": self.rng.choice(("sent", "delivered", "failed")), "To": "+33611111111", "From": "+33700000000", "AccountSid": "AC" + "0" * 32, "ErrorCode": "30003"}
        body = urllib.parse.urlencode(form).encode()
        return kind, spoil(body, self.rng, [b"&", b"=", b"%", b"%00", b"%ff", b"&To=" + b"1" * 5000, b"__proto__=1&", b"+"]) if broken else body


class Mllp:
    def __init__(self, args): self.args, self.socket, self.heard = args, None, b""

    def close(self):
        if self.socket: self.socket.close()
        self.socket, self.heard = None, b""

    def send(self, body, rng):
        try:
            if not self.socket:
                self.socket = socket.create_connection(("127.0.0.1", self.args.mllp), timeout=60)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.args.frames and rng.random() < 0.1:
                self.socket.sendall(rng.choice((body, VT + body, VT + VT + body + FS, VT + body[:50] + VT + body + FS + CR, body + FS + CR)))
                self.close(); return "sent"
            self.socket.settimeout(self.args.patience)
            self.socket.sendall(VT + body + FS + CR)
            while FS + CR not in self.heard:
                chunk = self.socket.recv(65536)
                if not chunk: self.close(); return "cut"
                self.heard += chunk
            answer, self.heard = self.heard.split(FS + CR, 1)
            for line in answer.split(CR):
                if line[:3] == b"MSA": return line[4:6].decode("latin1")
            return "odd"
        except TimeoutError: self.close(); return "silent"
        except OSError: self.close(); return "cut"


class Web:
    def __init__(self, args): self.args, self.socket, self.heard = args, None, b""

    def send(self, path, headers, body):
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.args.web}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + f"Content-Length: {len(body)}\r\n\r\n"
        for again in (True, False):
            fresh = self.socket is None
            try:
                if fresh:
                    self.socket, self.heard = socket.create_connection(("127.0.0.1", self.args.web), timeout=60), b""
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.sendall(head.encode() + body)
                return self.answer()
            except TimeoutError: self.socket.close(); self.socket = None; return "silent"
            except OSError:
                if self.socket: self.socket.close()
                self.socket = None
                if fresh or not again: return "cut"

    def more(self):
        chunk = self.socket.recv(65536)
        if not chunk: raise OSError("closed")
        self.heard += chunk

    def answer(self):
        while b"\r\n\r\n" not in self.heard: self.more()
        head, self.heard = self.heard.split(b"\r\n\r\n", 1)
        lines = head.decode("latin1").lower().split("\r\n")
        if "transfer-encoding: chunked" in lines:
            while b"0\r\n\r\n" not in self.heard: self.more()
            self.heard = self.heard.split(b"0\r\n\r\n", 1)[1]
        else:
            length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
            while len(self.heard) < length: self.more()
            self.heard = self.heard[length:]
        if "connection: close" in lines: self.socket.close(); self.socket = None
        return lines[0].split(" ")[1]


def signature(token, url, body):
    fields = dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return base64.b64encode(hmac.new(token.encode(), (url + "".join(k + fields[k] for k in sorted(fields))).encode(), hashlib.sha1).digest()).decode()


def work(args, worker, count, ledger, lock, begun):
    bodies, mllp, web = Bodies(args, worker), Mllp(args), Web(args)
    for number in range(count):
        if args.rate:
            wait = begun + number * args.workers / args.rate - time.monotonic()
            if wait > 0: time.sleep(wait)
        kind, body = bodies.next()
        if kind == "siu": answer = mllp.send(body, bodies.rng)
        elif kind == "fhir": answer = web.send("/fhir/fhir", {"Authorization": f"Bearer {args.hook_secret}", "Content-Type": "application/fhir+json"}, body)
        else:
            url = f"http://127.0.0.1:{args.web}{args.callback}"
            answer = web.send(args.callback, {"X-Twilio-Signature": signature(args.token, url, body), "Content-Type": "application/x-www-form-urlencoded"}, body)
        line = json.dumps({"kind": kind, "hash": hashlib.sha256(body).hexdigest(), "answer": answer}) + "\n"
        with lock: ledger.write(line); ledger.flush()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--count", type=int, required=True); p.add_argument("--ledger", required=True); p.add_argument("--fixtures", required=True)
    p.add_argument("--mllp", type=int, required=True); p.add_argument("--web", type=int, required=True); p.add_argument("--hook-secret", required=True); p.add_argument("--token", required=True)
    p.add_argument("--callback", default="/callbacks/sms"); p.add_argument("--broken", type=float, default=1); p.add_argument("--kinds", default="siu,siu,siu,fhir,fhir,callback")
    p.add_argument("--frames", action="store_true"); p.add_argument("--rate", type=float, default=0); p.add_argument("--workers", type=int, default=16)
    p.add_argument("--patience", type=float, default=20); p.add_argument("--seed", type=int, default=1); p.add_argument("--prefix", default="X")
    args = p.parse_args()
    lock, begun = threading.Lock(), time.monotonic()
    with open(args.ledger, "a", encoding="utf-8") as ledger:
        threads = [threading.Thread(target=work, args=(args, i, args.count // args.workers, ledger, lock, begun), daemon=True) for i in range(args.workers)]
        [t.start() for t in threads]; [t.join() for t in threads]
    print(json.dumps({"seconds": round(time.monotonic() - begun, 1)}))


if __name__ == "__main__":
    sys.exit(main())
