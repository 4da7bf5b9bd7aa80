"""CPU and memory of sets of processes, and printing figures with their ranges."""

import os
import statistics

TICK = os.sysconf("SC_CLK_TCK")


class Cpu:
    """CPU seconds of processes, those that end meanwhile included through their parent."""

    def __init__(self, find_pids):
        self.find_pids = find_pids
        self.begun = self.read()

    def read(self):
        total = 0
        for pid in self.find_pids():
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += sum(int(value) for value in fields[11:15])  # utime stime cutime cstime
        return total / TICK

    def used(self):
        return self.read() - self.begun


def pss_kb(pids):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                for line in rollup:
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
        except OSError:
            continue
    return total


class Table:
    """Figures by job and by who did it; prints medians, ranges and ratios."""

    def __init__(self):
        self.rows = {}

    def add(self, job, unit, who, value):
        self.rows.setdefault((job, unit), {}).setdefault(who, []).append(value)

    def print(self):
        for (job, unit), by_who in self.rows.items():
            print(f"{job} ({unit})")
            for who, values in by_who.items():
                median = statistics.median(values)
                line = f"    {who:22s} {median:12.2f}   [{min(values):.2f} .. {max(values):.2f}] of {len(values)}"
                if who != "ours" and "ours" in by_who and median:
                    line += f"   ours / theirs {statistics.median(by_who['ours']) / median:.2f}"
                print(line)
