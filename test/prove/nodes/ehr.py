#!/usr/bin/env python3
"""An EHR of two tongues that keeps its own account of what it said and was told. Standard library only.

MLLP: takes each SIU and answers AA.  FHIR: Appointment and Patient (read, search by _lastUpdated, PUT with If-Match).
Its staff book one appointment after the other by FHIR, and move every fourth and cancel every eighth a little later; each change is POSTed
to --hook until it is answered 200. SIGUSR1: the staff end what they have in hand and go home ("ended"); the program serves on.

Ledger: one JSON line each, flushed before the answer:
  {"event": "heard", "at": unix, "control": MSH-10, "appointment": SCH-2, "status": SCH-25}     a SIU that was written to us
  {"event": "written", "at": unix, "appointment": id, "version": n, "status": …, "patient": participation status}
  {"event": "said", "at": unix, "appointment": id, "version": n, "status": …, "start": …, "to": "+33…"}     a hook that was answered 200
Usage: ehr.py --mllp 2576 --fhir 8090 --hook http://127.0.0.1:8080/fhir/chart --secret … --ledger ehr.jsonl [--every 0.4] [--drop-reply 0.1]
"""
import argparse, json, random, signal, socketserver, threading, time, urllib.parse, urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VT, FS, CR = b"\x0b", b"\x1c", b"\r"


class Account:
    def __init__(self, args):
        self.file, self.lock, self.rng, self.drop = open(args.ledger, "a", encoding="utf-8"), threading.Lock(), random.Random(args.seed), args.drop_reply

    def write(self, event, **row):
        with self.lock:
            self.file.write(json.dumps({"event": event, "at": time.time(), **row}) + "\n")
            self.file.flush()

    def loses(self):
        with self.lock: return self.rng.random() < self.drop


class Mllp(socketserver.StreamRequestHandler):
    def handle(self):
        buffer = b""
        try:
            while chunk := self.request.recv(65536):
                buffer += chunk
                while FS + CR in buffer:
                    frame, buffer = buffer.split(FS + CR, 1)
                    lines = frame.lstrip(VT).decode().split("\r")
                    control, schedule = lines[0].split("|")[9], next(l for l in lines if l.startswith("SCH")).split("|")
                    self.server.account.write("heard", control=control, appointment=schedule[2].split("^")[0], status=schedule[25].split("^")[0])
                    if self.server.account.loses(): return
                    self.request.sendall(VT + f"MSH|^~\\&|EHR|HOSP|RAPPEL||1||ACK|{time.time_ns()}|P|2.5.1\rMSA|AA|{control}\r".encode() + FS + CR)
        except ConnectionError:
            pass


class Chart:
    """Versions as a FHIR server keeps them; whoever changes one holds the lock."""
    def __init__(self): self.held, self.lock = {}, threading.RLock()

    def put(self, resource):
        key = f"{resource['resourceType']}/{resource['id']}"
        with self.lock:
            version = int(self.held.get(key, {"meta": {"versionId": 0}})["meta"]["versionId"]) + 1
            at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self.held[key] = {**resource, "meta": {"versionId": str(version), "lastUpdated": at}}
            return self.held[key]


class Fhir(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status); self.send_header("Content-Type", "application/fhir+json"); self.send_header("Content-Length", str(len(data)))
        if "meta" in body: self.send_header("ETag", f'W/"{body["meta"]["versionId"]}"')
        self.end_headers(); self.wfile.write(data)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        chart, key = self.server.chart, path.removeprefix("/fhir/")
        if key == "metadata":
            offered = [{"type": t, "versioning": "versioned-update", "interaction": [{"code": c} for c in ("read", "search-type", "update")]} for t in ("Appointment", "Patient")]
            return self.answer(200, {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": [{"mode": "server", "resource": offered}]})
        if "/" in key:
            found = chart.held.get(key)
            return self.answer(200, found) if found else self.answer(404, {"resourceType": "OperationOutcome"})
        wanted = urllib.parse.parse_qs(query)
        with chart.lock: found = [r for r in chart.held.values() if r["resourceType"] == key]
        for text in wanted.get("_lastUpdated", []):
            if text.startswith("ge"): found = [r for r in found if datetime.fromisoformat(r["meta"]["lastUpdated"].replace("Z", "+00:00")) >= datetime.fromisoformat(text[2:].replace("Z", "+00:00"))]
        found.sort(key=lambda r: r["meta"]["lastUpdated"])
        self.answer(200, {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": [{"fullUrl": f"http://{self.headers['Host']}/fhir/{key}/{r['id']}", "resource": r} for r in found]})

    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chart, key = self.server.chart, self.path.removeprefix("/fhir/")
        with chart.lock:
            if self.headers.get("If-Match") != f'W/"{chart.held[key]["meta"]["versionId"]}"': return self.answer(412, {"resourceType": "OperationOutcome"})
            kept = chart.put(body)
        who = next(p for p in kept["participant"] if p["actor"]["reference"].startswith("Patient/"))
        self.server.account.write("written", appointment=kept["id"], version=int(kept["meta"]["versionId"]), status=kept["status"], patient=who["status"])
        if self.server.account.loses():
            self.close_connection = True; return self.connection.close()
        self.answer(200, kept)


def tell(args, account, resource, number):
    """The hook, until it is taken."""
    body = json.dumps(resource).encode()
    while True:
        request = urllib.request.Request(args.hook, body, {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {args.secret}"})
        try:
            if urllib.request.urlopen(request, timeout=10).status == 200: break
        except OSError:
            pass
        time.sleep(0.2)
    account.write("said", appointment=resource["id"], version=int(resource["meta"]["versionId"]), status=resource["status"], start=resource["start"], to=number)


def staff(args, chart, account, home):
    rng, count = random.Random(args.seed), 0
    while not home.wait(args.every):
        count += 1
        who, number = f"F{count:05d}", f"+337{50000000 + count:08d}"
        start = (datetime.now(timezone.utc) + timedelta(days=3)).replace(hour=8 + rng.randrange(8), minute=rng.choice([0, 15, 30, 45]), second=0, microsecond=0)
        spell = lambda at: at.isoformat().replace("+00:00", "Z")
        chart.put({"resourceType": "Patient", "id": who, "name": [{"family": "Fictive", "given": ["Jeanne"]}], "birthDate": "1961-05-04", "telecom": [{"system": "phone", "use": "mobile", "value": number}]})
        made = chart.put({"resourceType": "Appointment", "id": f"B{count:05d}", "status": "booked", "serviceType": [{"coding": [{"system": "https://chart.example/motifs", "code": "CONSULT"}]}], "start": spell(start), "end": spell(start + timedelta(minutes=30)),
                          "participant": [{"actor": {"reference": f"Patient/{who}"}, "status": "needs-action"}, {"actor": {"reference": "Practitioner/moreau"}, "status": "accepted"}]})
        tell(args, account, made, number)
        if count % 4 == 0:
            with chart.lock:
                now = chart.held[f"Appointment/{made['id']}"]
                later = start + timedelta(hours=1)
                changed = chart.put({**now, **({"status": "cancelled"} if count % 8 == 0 else {"start": spell(later), "end": spell(later + timedelta(minutes=30))})})
            tell(args, account, changed, number)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mllp", type=int, required=True); p.add_argument("--fhir", type=int, required=True); p.add_argument("--hook", required=True); p.add_argument("--secret", required=True)
    p.add_argument("--ledger", required=True); p.add_argument("--every", type=float, default=0.4); p.add_argument("--drop-reply", type=float, default=0); p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    account, chart, home = Account(args), Chart(), threading.Event()
    for server, handler, port in ((socketserver.ThreadingTCPServer, Mllp, args.mllp), (ThreadingHTTPServer, Fhir, args.fhir)):
        server.allow_reuse_address, server.daemon_threads, server.request_queue_size = True, True, 256
        one = server(("127.0.0.1", port), handler)
        one.account, one.chart = account, chart
        threading.Thread(target=one.serve_forever, daemon=True).start()
    signal.signal(signal.SIGUSR1, lambda *_: home.set())
    print("ehr on", args.mllp, args.fhir, flush=True)
    staff(args, chart, account, home)
    print("ended", flush=True)
    while True: signal.pause()


if __name__ == "__main__":
    main()
