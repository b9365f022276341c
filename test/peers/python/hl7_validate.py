#!/usr/bin/env python3
"""Validates HL7 v2 messages by hl7apy, strictly: structure, cardinality, data types. Reads messages that end with 0x1C, prints a line
for each: empty, or what is wrong. A message without a structure in MSH-9 (up to 2.3) is judged by that of its event.
"""
import sys
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.core import Message
from hl7apy.parser import get_message_info, parse_segments

STRUCTURES = {"ACK": "ACK", "SIU": "SIU_S12", "SRM": "SRM_S01", "ORU": "ORU_R01", "ADT^A10": "ADT_A09", "ADT^A04": "ADT_A01"}


def fault(text):
    delimiters, _, version = get_message_info(text)
    kind, event, structure, *_ = (text.split("\r")[0].split(delimiters["FIELD"])[8].split(delimiters["COMPONENT"]) + ["", ""])
    structure = structure or STRUCTURES.get(f"{kind}^{event}") or STRUCTURES[kind]
    message = Message(structure, version=version, validation_level=VALIDATION_LEVEL.STRICT, encoding_chars=delimiters)
    message.children = parse_segments(text, version, delimiters, VALIDATION_LEVEL.STRICT, message.reference, find_groups=True)
    message.validate()


for text in sys.stdin.buffer.read().decode().split("\x1c"):
    if not text:
        continue
    try:
        fault(text)
        print("")
    except Exception as problem:
        print(f"{type(problem).__name__}: {problem}")
