#!/usr/bin/env python3
"""Write cases of local-time arithmetic computed by Python's zoneinfo, as an oracle for the project's own.

Each case: {"tz": version of the zone data, "zone", "start": local wall time of the appointment, "start_utc", "start_wall",
"rule", "due_utc", "due_wall", "quiet": null or [from, until] of the quiet hours (21:00-08:00 local) that hold at due_utc}.
Rules: elapsed ("PT36H", "PT48H", "PT24H", "PT30M" before) and wall ("D-1T13:00", "D-1T02:15", ...: days before, at that hour).
Wall times in a gap move to the later instant; in an overlap the first one is taken (Temporal's "compatible"); start_wall and
due_wall say which it was ("gap", "overlap", null). One case in ten starts within nine days of a clock change, where mistakes live.
Zone data differ between versions (2025c and 2026c disagree on Casablanca from 20 September 2026 on): compare a case only where
process.versions.tz agrees on its zone, and count what was left out. PYTHONTZPATH= with the PyPI package tzdata chooses another version.

Usage: zone_oracle.py --count 100000 --seed 1 [--zones Europe/Paris,America/Toronto] > cases.jsonl
       zone_oracle.py --packed --count 100000 --seed 1 | gzip -9n > cases.txt.gz
--packed writes the same cases sorted by zone and start, one a line, in minutes:
  tz 2025c
  zone Europe/Paris
  offset 2026-03-29T01:00 120                         from this instant on (UTC), local is so far ahead of UTC
  2026-03-29T02:15 G D-1T02:30 - 60 1425 330:330      start, its Gap or Overlap, rule, that of the due wall time, how far ahead of UTC
                                                      the start was written, due so long before it, quiet for so long : so long still
"""
import argparse, json, os, random, zoneinfo
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ["Europe/Paris", "America/Toronto", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "America/Phoenix", "UTC"]
ELAPSED = {"PT36H": 36 * 60, "PT48H": 48 * 60, "PT24H": 24 * 60, "PT30M": 30}
WALL = {"D-1T13:00": (1, 13, 0), "D-2T13:00": (2, 13, 0), "D-7T14:00": (7, 14, 0), "D-1T01:45": (1, 1, 45), "D-1T02:15": (1, 2, 15), "D-1T02:30": (1, 2, 30)}
FIRST, DAYS, QUARTERS = datetime(2026, 1, 1), 3 * 365, 96
QUIET = (21, 8)


def instant(local, zone):
    """The instant of a wall time, 'compatible': gap -> shifted forward by the gap, overlap -> the first."""
    return local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def oddity(local, zone):
    """"gap" of a wall time that does not exist, "overlap" of one that comes twice, else None."""
    if instant(local, zone).astimezone(zone).replace(tzinfo=None) != local: return "gap"
    return "overlap" if local.replace(tzinfo=zone, fold=1).astimezone(timezone.utc) != instant(local, zone) else None


def quiet(utc, zone):
    """The night that is quiet at this instant, or None."""
    local, (begins, ends) = utc.astimezone(zone), QUIET
    if ends <= local.hour < begins: return None
    evening = datetime(local.year, local.month, local.day) - timedelta(days=1 if local.hour < ends else 0)
    return instant(evening + timedelta(hours=begins), zone), instant(evening + timedelta(days=1, hours=ends), zone)


def offsets(zone):
    """(instant, minutes ahead of UTC from then on), from a month before the first case until a month after the last, to the quarter of an hour."""
    before, utc, end = None, FIRST.replace(tzinfo=timezone.utc) - timedelta(days=31), FIRST.replace(tzinfo=timezone.utc) + timedelta(days=DAYS + 31)
    while utc < end:
        offset = int(utc.astimezone(zone).utcoffset().total_seconds()) // 60
        if offset != before: yield utc, offset
        before, utc = offset, utc + timedelta(minutes=15)


def version():
    """The IANA version of the zone data zoneinfo reads, or "unknown"."""
    for folder in zoneinfo.TZPATH:
        if os.path.exists(f"{folder}/tzdata.zi"):
            return open(f"{folder}/tzdata.zi").readline().split()[-1]
    try: import tzdata; return tzdata.IANA_VERSION
    except ImportError: return "unknown"


def draw(rng, changes):
    """The wall time of a start: any quarter of an hour of three years; one in ten from the day of a clock change to eight days after, half of these before 04:00."""
    day, quarter = rng.randrange(DAYS), rng.randrange(QUARTERS)
    if changes and rng.random() < 0.1:
        day = min(max((rng.choice(changes) - FIRST).days + rng.randrange(9), 0), DAYS - 1)
        if rng.random() < 0.5: quarter = rng.randrange(16)
    return FIRST + timedelta(days=day, minutes=15 * quarter)


def case(rng, name, zone, changes):
    local = draw(rng, changes); start = instant(local, zone)
    rule, due_wall = rng.choice(list(ELAPSED) + list(WALL)), None
    if rule in ELAPSED:
        due = start - timedelta(minutes=ELAPSED[rule])
    else:
        days, hour, minute = WALL[rule]
        day = start.astimezone(zone).date() - timedelta(days=days)
        wall = datetime(day.year, day.month, day.day, hour, minute)
        due, due_wall = instant(wall, zone), oddity(wall, zone)
    return {"zone": name, "local": local, "start": start, "start_wall": oddity(local, zone), "rule": rule, "due": due, "due_wall": due_wall, "quiet": quiet(due, zone)}


def text(utc):
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_json(tz, c):
    night = c["quiet"] and [text(each) for each in c["quiet"]]
    return json.dumps({"tz": tz, "zone": c["zone"], "start": c["local"].isoformat(), "start_utc": text(c["start"]), "start_wall": c["start_wall"],
                       "rule": c["rule"], "due_utc": text(c["due"]), "due_wall": c["due_wall"], "quiet": night})


def minutes(span):
    return int(span.total_seconds()) // 60


def as_line(c):
    mark = {None: "-", "gap": "G", "overlap": "O"}
    ahead = minutes(c["local"].replace(tzinfo=timezone.utc) - c["start"])
    night = f"{minutes(c['due'] - c['quiet'][0])}:{minutes(c['quiet'][1] - c['due'])}" if c["quiet"] else "-"
    return f"{c['local']:%Y-%m-%dT%H:%M} {mark[c['start_wall']]} {c['rule']} {mark[c['due_wall']]} {ahead} {minutes(c['start'] - c['due'])} {night}"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--count", type=int, default=1000); p.add_argument("--seed", type=int, default=1)
    p.add_argument("--zones", default=",".join(ZONES)); p.add_argument("--packed", action="store_true")
    args = p.parse_args(); rng, tz = random.Random(args.seed), version()
    zones = {name: ZoneInfo(name) for name in args.zones.split(",")}
    timelines = {name: list(offsets(zone)) for name, zone in zones.items()}
    changes = {name: [utc.astimezone(zones[name]).replace(hour=0, minute=0, tzinfo=None) for utc, _ in timeline[1:]] for name, timeline in timelines.items()}
    cases = (case(rng, name, zones[name], changes[name]) for name in rng.choices(list(zones), k=args.count))
    if not args.packed:
        for each in cases: print(as_json(tz, each))
        return
    print("tz", tz)
    by_zone = {name: [] for name in sorted(zones)}
    for each in cases: by_zone[each["zone"]].append(each)
    for name, those in by_zone.items():
        print("zone", name)
        for utc, offset in timelines[name]: print("offset", f"{utc:%Y-%m-%dT%H:%M}", offset)
        for each in sorted(those, key=lambda c: (c["local"], c["rule"])): print(as_line(each))


if __name__ == "__main__":
    main()
