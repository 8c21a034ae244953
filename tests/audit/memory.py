"""Audits what an address or a folder leads to; prints the peak of its memory in MB and how much it saw."""

import re
import sys
from pathlib import Path

import shotkit

if __name__ == "__main__":
    with shotkit.connect(sys.argv[1], read_only=True) as kit:
        report = kit.audit()
    # Not ru_maxrss: that of a process begins with the peak of the one that started it.
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"), re.MULTILINE)
    print(int(peak) // 1024, report.coverage["generations"])  # noqa: T201  its result
