#!/usr/bin/env python3
"""Sends SIU by the MLLP client of the `hl7` package (what its mllp_send uses), over several connections, and keeps what came back.

Each answered message is one JSON line: {"control": …, "appointment": …, "start": local wall clock, "code": MSA-1, "echo": MSA-2, "ms": …}

Usage: hl7_client.py --port 2575 --count 20000 --connections 8 --ledger acks.jsonl --message FILE
The file is one message in which {CONTROL}, {APPOINTMENT}, {PATIENT}, {START} and {NOW} are filled in.
"""
import argparse, datetime, json, threading, time
from hl7.client import MLLPClient


def send(args, worker, template, ledger, lock):
    with MLLPClient("127.0.0.1", args.port) as client:
        for number in range(worker, args.count, args.connections):
            control, appointment = f"{args.prefix}{number:08d}", f"{args.prefix}A{number}"
            start = (datetime.datetime(2027, 1, 4, 8) + datetime.timedelta(days=number % 300, minutes=15 * (number % 36))).strftime("%Y%m%d%H%M%S")
            text = (template.replace("{CONTROL}", control).replace("{APPOINTMENT}", appointment).replace("{PATIENT}", f"{args.prefix}P{number}")
                    .replace("{START}", start).replace("{NOW}", datetime.datetime.now().strftime("%Y%m%d%H%M%S")))
            began = time.perf_counter()
            ack = client.send_message(text.encode()).decode().strip("\x0b\x1c\r")
            ms = (time.perf_counter() - began) * 1000
            msa = next((line.split("|") for line in ack.split("\r") if line.startswith("MSA")), ["MSA", "", ""])
            row = {"control": control, "appointment": appointment, "start": start, "code": msa[1], "echo": msa[2], "ms": ms}
            with lock:
                ledger.write(json.dumps(row) + "\n")
                ledger.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--prefix", default="C")
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--message", required=True)
    args = parser.parse_args()
    template = open(args.message, encoding="utf-8").read().replace("\r\n", "\r").replace("\n", "\r")
    lock, failures = threading.Lock(), []
    with open(args.ledger, "a", encoding="utf-8") as ledger:
        def run(worker):
            try:
                send(args, worker, template, ledger, lock)
            except Exception as error:
                failures.append(f"{worker}: {error!r}")
        threads = [threading.Thread(target=run, args=(worker,)) for worker in range(args.connections)]
        for each in threads: each.start()
        for each in threads: each.join()
    if failures:
        raise SystemExit("\n".join(failures))


if __name__ == "__main__":
    main()
