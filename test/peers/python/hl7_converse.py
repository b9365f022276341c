#!/usr/bin/env python3
"""Sends messages by the asyncio MLLP of the `hl7` package, each on a connection of its own, and prints what came back.

Reads JSON lines {"message": …, "answers": how many frames are awaited}, prints for each a JSON list of the answers, whole.

Usage: hl7_converse.py --port 2575 < messages.jsonl
"""
import argparse, asyncio, json, sys
import hl7.mllp


async def converse(port, message, answers):
    reader, writer = await hl7.mllp.open_hl7_connection("127.0.0.1", port, encoding="utf-8")
    writer.writeblock(message.encode())
    await writer.drain()
    heard = [(await asyncio.wait_for(reader.readblock(), 60)).decode() for _ in range(answers)]
    writer.close()
    return heard


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    for line in sys.stdin:
        print(json.dumps(await converse(args.port, **json.loads(line))), flush=True)


asyncio.run(main())
