#!/usr/bin/env python3
"""Peers of an MLLP port that mean no good. Standard library only. It ends when it has done what it was asked; --slow goes on until it is killed.

Usage: hostile_peers.py --port 2575 --slow 2000            holds so many connections, each of which sends a byte every two seconds; one that is hung up on comes again
       hostile_peers.py --port 2575 --endless 8 --bytes 1e9 so many peers, each of which sends so many bytes of frames without an end, on new connections as it is hung up on
       hostile_peers.py --port 2575 --cuts siu.hl7          every cut in two of a stream of two messages; prints those that were not answered twice AA, in order
Prints one JSON line when it is under way or done.
"""
import argparse, json, socket, threading, time

VT, FS, CR = b"\x0b", b"\x1c", b"\r"


def dial(port):
    s = socket.create_connection(("127.0.0.1", port), timeout=60)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def slow(args):
    peers = [dial(args.port) for _ in range(args.slow)]
    text = VT + b"MSH|^~\\&|SLOW|SLOW|RAPPEL|RAPPEL|20270101||SIU^S12^SIU_S12|1|P|2.5.1\rSCH|1" + b"|" * 100_000
    sent = [0] * args.slow
    print(json.dumps({"under_way": args.slow}), flush=True)
    while True:
        begun = time.monotonic()
        for n in range(args.slow):
            try:
                if sent[n] and peers[n].recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b"": raise OSError("hung up")
            except BlockingIOError: pass
            except OSError:
                peers[n].close()
                try: peers[n], sent[n] = dial(args.port), 0
                except OSError: continue
            try: peers[n].send(text[sent[n]:sent[n] + 1], socket.MSG_DONTWAIT); sent[n] += 1
            except OSError: pass
        time.sleep(max(0, 2 - (time.monotonic() - begun)))


def endless(args):
    block, counts = b"A" * (256 * 1024), [0] * args.endless
    def work(n):
        sent = 0
        while sent < args.bytes:
            try:
                peer = dial(args.port); peer.sendall(VT + b"MSH|")
                while sent < args.bytes: peer.sendall(block); sent += len(block)
            except OSError: counts[n] += 1
            finally: peer.close()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(args.endless)]
    [t.start() for t in threads]; [t.join() for t in threads]
    print(json.dumps({"hung_up": sum(counts)}), flush=True)


def cuts(args):
    text = open(args.cuts, "rb").read().replace(b"\r\n", CR).replace(b"\n", CR)
    fields = text.split(b"|")
    def framed(control): return VT + b"|".join(fields[:9] + [control] + fields[10:]) + FS + CR
    stream, wrong = framed(b"CUT1") + framed(b"CUT2"), []
    for at in range(len(stream) + 1):
        peer, heard = dial(args.port), b""
        peer.sendall(stream[:at]); time.sleep(0.001); peer.sendall(stream[at:])
        try:
            while heard.count(FS + CR) < 2:
                chunk = peer.recv(65536)
                if not chunk: break
                heard += chunk
        except OSError: pass
        said = [line for line in heard.replace(FS, CR).split(CR) if line.startswith(b"MSA")]
        if said[:2] != [b"MSA|AA|CUT1", b"MSA|AA|CUT2"]: wrong.append([at, [each.decode("latin1") for each in said]])
        peer.close()
    print(json.dumps({"cuts": len(stream) + 1, "wrong": wrong}), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--port", type=int, required=True); p.add_argument("--slow", type=int, default=0); p.add_argument("--endless", type=int, default=0)
    p.add_argument("--bytes", type=float, default=1e9); p.add_argument("--cuts")
    args = p.parse_args()
    if args.slow: slow(args)
    elif args.endless: endless(args)
    elif args.cuts: cuts(args)


if __name__ == "__main__":
    main()
