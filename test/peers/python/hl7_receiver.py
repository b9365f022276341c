#!/usr/bin/env python3
"""An EHR's receiving side, by the MLLP server and the parser of the `hl7` package: keeps each message as it came, then answers AA.

Each message is one JSON line: {"at": unix, "message": the whole text, "type": MSH-9 and "control": MSH-10 as the package reads them}

Usage: hl7_receiver.py --port 2576 --ledger received.jsonl
"""
import argparse, asyncio, json, time
import hl7, hl7.mllp


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ledger", required=True)
    args = parser.parse_args()
    ledger = open(args.ledger, "a", encoding="utf-8")

    async def converse(reader, writer):
        try:
            while not reader.at_eof():
                text = (await reader.readblock()).decode()
                message = hl7.parse(text)
                header = message.segment("MSH")
                row = {"at": time.time(), "message": text, "type": str(header[9]), "control": str(header[10])}
                ledger.write(json.dumps(row) + "\n")
                ledger.flush()
                writer.writemessage(message.create_ack())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionResetError):
            writer.close()

    async with await hl7.mllp.start_hl7_server(converse, host="127.0.0.1", port=args.port, encoding="utf-8") as server:
        print("hl7 receiver on", args.port, flush=True)
        await server.serve_forever()


asyncio.run(main())
