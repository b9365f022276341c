#!/usr/bin/env python3
"""An EHR with a FHIR R4 server: versions, search by _lastUpdated, pages, a Subscription. Standard library only.

It changes its appointments when it is told to and knows what each of them is; a notification that was answered 2xx is one JSON line
in its ledger, flushed: {"id", "version", "status", "start", "tries"}. One that was not is sent again, until it is.

  POST /control/change?count=5000     creates so many appointments, or changes those it has (moves one, cancels the next); tells nobody
  POST /control/feed?count=1000&workers=4   the same, one after the other, each told to the hook
  POST /control/subscription?to=error|deleted
  GET  /control/state                 {"appointments": {id: {"status", "start"}}, "subscriptions": [status], "idle": no feed runs}

Usage: fhir_ehr.py --port 8090 --ledger hooks.jsonl [--hook http://127.0.0.1:8080/fhir/fhir --secret S] [--shift -120] [--page 100]
  --shift  seconds its clock is ahead of ours
"""
import argparse, http.client, json, threading, time, urllib.parse
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def instant(value):
    return datetime.fromisoformat(value.replace("Z", "+00:00"))


class Ehr:
    def __init__(self, args):
        self.args, self.lock, self.held, self.ledger = args, threading.RLock(), {}, open(args.ledger, "a", encoding="utf-8")
        self.made, self.feeding, self.rounds = 0, 0, 0
        self.first = (datetime.now(timezone.utc) + timedelta(days=10)).replace(hour=9, minute=0, second=0, microsecond=0)
        self.put({"resourceType": "Patient", "id": "p1", "active": True, "name": [{"family": "Lambert", "given": ["Inès"]}],
                  "telecom": [{"system": "email", "value": "ines.lambert@example.org"}], "birthDate": "1980-05-06"})
        self.put({"resourceType": "Practitioner", "id": "moreau", "name": [{"prefix": ["Dre"], "given": ["Claire"], "family": "Moreau"}]})

    def now(self):
        return datetime.now(timezone.utc) + timedelta(seconds=self.args.shift)

    def put(self, resource):
        with self.lock:
            key = f"{resource['resourceType']}/{resource['id']}"
            version = int(self.held[key]["meta"]["versionId"]) + 1 if key in self.held else 1
            self.held[key] = {**resource, "meta": {"versionId": str(version), "lastUpdated": text(self.now())}}
            return self.held[key]

    def change(self, number):
        """The first time it is booked; then it is moved, or cancelled if its number is odd."""
        key = f"Appointment/a{number}"
        with self.lock:
            before = self.held.get(key)
            minutes = 15 * (number % 32) + 24 * 60 * (number // 32 % 60) + (15 if before else 0)
            status = "cancelled" if before and number % 2 else "booked"
            start = self.first + timedelta(minutes=minutes)
            return self.put({"resourceType": "Appointment", "id": f"a{number}", "status": status, "start": text(start), "end": text(start + timedelta(minutes=15)),
                             "appointmentType": {"coding": [{"code": "CONSULT"}]},
                             "participant": [{"actor": {"reference": "Practitioner/moreau"}, "status": "accepted"}, {"actor": {"reference": "Patient/p1"}, "status": "accepted"}]})

    def tell(self, resource):
        place, tries = urllib.parse.urlsplit(self.args.hook), 0
        body = json.dumps({"resourceType": "Appointment", "id": resource["id"], "meta": resource["meta"]}).encode()
        headers = {"Authorization": f"Bearer {self.args.secret}", "Content-Type": "application/fhir+json"}
        while True:
            tries += 1
            try:
                connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
                connection.request("POST", place.path, body, headers)
                status = connection.getresponse().status
                connection.close()
                if 200 <= status < 300: break
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        row = {"id": resource["id"], "version": resource["meta"]["versionId"], "status": resource["status"], "start": resource["start"], "tries": tries}
        with self.lock:
            self.ledger.write(json.dumps(row) + "\n"); self.ledger.flush()

    def feed(self, numbers):
        for number in numbers: self.tell(self.change(number))
        with self.lock: self.feeding -= 1

    def control(self, name, query):
        count = int(query.get("count", ["0"])[0])
        if name == "change":
            for number in range(count): self.change(number)
        elif name == "feed":
            workers = int(query.get("workers", ["4"])[0]); half = count // 2
            with self.lock: self.feeding += workers
            for worker in range(workers):
                numbers = list(range(worker, half, workers)) * 2
                threading.Thread(target=self.feed, args=(numbers,), daemon=True).start()
        elif name == "subscription":
            with self.lock:
                for key in [each for each in self.held if each.startswith("Subscription/")]:
                    if query["to"] == ["deleted"]: del self.held[key]
                    else: self.put({**self.held[key], "status": query["to"][0]})
        return self.state()

    def state(self):
        with self.lock:
            of = lambda kind: [each for key, each in self.held.items() if key.startswith(kind + "/")]
            return {"appointments": {each["id"]: {"status": each["status"], "start": each["start"]} for each in of("Appointment")},
                    "subscriptions": [each["status"] for each in of("Subscription")], "idle": self.feeding == 0}

    def search(self, kind, query, path):
        def holds(value, at):
            return at < instant(value[2:]) if value[:2] == "lt" else at >= instant(value[2:])
        with self.lock:
            found = [each for key, each in self.held.items() if key.startswith(kind + "/")]
        found = [each for each in found if all(holds(value, instant(each["meta"]["lastUpdated"])) for value in query.get("_lastUpdated", []))
                 and all(holds(value, instant(each["start"])) for value in query.get("date", []))
                 and all(f'"{value}"' in json.dumps(each) for value in query.get("url", []))]
        found.sort(key=lambda each: (each["meta"]["lastUpdated"], each["id"]))
        size, offset = min(self.args.page, int(query.get("_count", [self.args.page])[0])), int(query.get("_offset", ["0"])[0])
        next_page = urllib.parse.urlencode({**query, "_offset": [offset + size]}, doseq=True)
        link = [{"relation": "next", "url": f"http://127.0.0.1:{self.args.port}{path}?{next_page}"}] if offset + size < len(found) else []
        return {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": link, "entry": [{"resource": each} for each in found[offset:offset + size]]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def log_message(self, *_): pass

    def answer(self, status, body=None, headers=()):
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status); self.send_header("Content-Type", "application/fhir+json"); self.send_header("Content-Length", str(len(data)))
        [self.send_header(name, value) for name, value in headers]
        self.end_headers(); self.wfile.write(data)

    def resource(self, status, each):
        self.answer(status, each, [("ETag", f'W/"{each["meta"]["versionId"]}"')])

    def serve(self):
        ehr, (path, _, query) = self.server.ehr, self.path.partition("?")
        query, body = urllib.parse.parse_qs(query), json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
        if path.startswith("/control/"): return self.answer(200, ehr.control(path[9:], query) if self.command == "POST" else ehr.state())
        key = path.removeprefix("/fhir/")
        if key == "metadata":
            interaction = [{"code": code} for code in ("read", "search-type", "create", "update")]
            return self.answer(200, {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": [{"mode": "server", "resource": [{"type": kind, "interaction": interaction} for kind in ("Appointment", "Subscription")]}]})
        if self.command == "GET" and "/" not in key: return self.answer(200, ehr.search(key, query, path))
        with ehr.lock:
            if self.command == "POST":
                ehr.made += 1
                status = "active" if body.get("status") == "requested" else body.get("status")
                return self.resource(201, ehr.put({**body, "id": f"made-{ehr.made}", "status": status}))
            if key not in ehr.held: return self.answer(404, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]})
            if self.command == "PUT": return self.resource(200, ehr.put({**body, "status": "active" if body.get("status") == "requested" else body.get("status")}))
            if self.command == "DELETE":
                del ehr.held[key]; return self.answer(204)
            each = ehr.held[key]
        self.resource(200, each)

    do_GET = do_POST = do_PUT = do_DELETE = serve


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--port", type=int, required=True); p.add_argument("--ledger", required=True); p.add_argument("--hook"); p.add_argument("--secret", default="")
    p.add_argument("--shift", type=float, default=0); p.add_argument("--page", type=int, default=100)
    args = p.parse_args()
    ThreadingHTTPServer.request_queue_size = 1024
    server = ThreadingHTTPServer(("127.0.0.1", args.port), Handler)
    server.ehr = Ehr(args)
    print(f"fhir ehr on 127.0.0.1:{args.port}", flush=True)
    try: server.serve_forever()
    except KeyboardInterrupt: pass


if __name__ == "__main__":
    main()
