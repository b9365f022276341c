#!/usr/bin/env python3
"""Posts FHIR notifications from far more connections at once than a server can serve, without ever waiting its turn. Standard library only.

Each answered notification is one JSON line: {"hash": SHA-256 of the body, "status": HTTP status, "after": Retry-After or null}; those that were not
are counted at the end: {"unanswered": …, "seconds": …}.

Usage: flood.py --web 8080 --secret S --ledger flood.jsonl --at-once 2000 --count 40000
"""
import argparse, asyncio, hashlib, json, time


async def one(args, number, ledger, tally):
    body = json.dumps({"resourceType": "Appointment", "id": f"f{number}", "meta": {"versionId": "1"}}).encode()
    head = f"POST /fhir/fhir HTTP/1.1\r\nHost: 127.0.0.1:{args.web}\r\nAuthorization: Bearer {args.secret}\r\nContent-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", args.web), 60)
        writer.write(head.encode() + body)
        lines = (await asyncio.wait_for(reader.read(), 60)).decode("latin1").lower().split("\r\n")
        writer.close()
        after = next((line.split(":")[1].strip() for line in lines if line.startswith("retry-after:")), None)
        row = {"hash": hashlib.sha256(body).hexdigest(), "status": int(lines[0].split(" ")[1]), "after": after}
        ledger.write(json.dumps(row) + "\n"); ledger.flush()
    except (OSError, IndexError, asyncio.TimeoutError):
        tally["unanswered"] += 1


async def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--web", type=int, required=True); p.add_argument("--secret", required=True); p.add_argument("--ledger", required=True)
    p.add_argument("--at-once", type=int, default=2000); p.add_argument("--count", type=int, default=40000)
    args = p.parse_args()
    numbers, tally, begun = iter(range(args.count)), {"unanswered": 0}, time.monotonic()
    with open(args.ledger, "a", encoding="utf-8") as ledger:
        async def worker():
            for number in numbers: await one(args, number, ledger, tally)
        await asyncio.gather(*(worker() for _ in range(args.at_once)))
    print(json.dumps({**tally, "seconds": round(time.monotonic() - begun, 1)}))


asyncio.run(main())
