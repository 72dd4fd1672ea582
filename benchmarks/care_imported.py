"""The import of 50,000 clients with stays, in batches of 2,000 as the importer's screen sends them: IMPORT=50000.

Each batch is a request of its own: a new transaction that ends with a commit. The memory is the process's
peak, after the first batch and after the last.
"""

import os
import resource
import time

from data import MANAGED

BATCH = 2000
CLIENT = ["personal_number", "firstname", "lastname", "phone", "street", "zip", "city", "intake_unit_id"]
STAY = ["client_id", "unit_id", "date_from", "date_to", "dwelling_id"]


def rows(bench, count):
    """Numbers beyond those of the generated clients; one stay each."""
    with bench.cursor() as cursor:
        cursor.execute(
            "SELECT bench_number(n) FROM generate_series(%s + 1, %s + %s) AS n",
            [bench.size, bench.size, count],
        )
        numbers = [number for (number,) in cursor.fetchall()]
    units = [f"B{1 + at % MANAGED}" for at in range(count)]
    clients = [
        [
            f"{number[:8]}-{number[8:]}",
            "Alma",
            f"Import {at}",
            "070-174 06 05",
            "Storgatan 1",
            "123 45",
            "Storstad",
            unit,
        ]
        for at, (number, unit) in enumerate(zip(numbers, units, strict=True))
    ]
    stays = [[number, unit, "2026-01-01", "", ""] for number, unit in zip(numbers, units, strict=True)]
    return clients, stays


def nameless(clients):
    """Other people, who are known by name and unit alone."""
    return [[number, "Okänd", *rest] for number, _firstname, *rest in clients]


def load(bench, model, names, table):
    """Seconds and queries for all, and the peak of memory in MB after the first and the last batch."""
    began, peaks, queries = time.perf_counter(), [], 0
    for start in range(0, len(table), BATCH):
        with bench.cursor() as cursor:
            env = bench.env(cursor, bench.users["manager"])
            result = (
                env[model]
                .with_context(import_file=True, _import_limit=BATCH)
                .load(names, table[start : start + BATCH])
            )
            assert not result["messages"], result["messages"][:3]
            queries += cursor.sql_log_count
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        if os.environ.get("PLANS"):
            print(
                f"  {model} {start + BATCH} rows, {time.perf_counter() - began:.1f} s, {peaks[-1]:.0f} MB",
                flush=True,
            )
    return time.perf_counter() - began, queries, peaks[0], peaks[-1]


def report(bench):
    count = int(os.environ.get("IMPORT", "50000"))
    clients, stays = rows(bench, count)
    yield f"## Import of {count:,} clients with stays, in batches of {BATCH:,}"
    yield ""
    yield "| Rows | seconds | rows/s | queries per row | peak memory after first batch | after last |"
    yield "|---|---:|---:|---:|---:|---:|"
    for text, model, names, table in (
        ("clients", "care.client", CLIENT, clients),
        ("stays", "care.stay", STAY, stays),
        ("the same clients again", "care.client", CLIENT, clients),
        ("the same stays again", "care.stay", STAY, stays),
        ("clients without a number", "care.client", CLIENT[1:], [row[1:] for row in nameless(clients)]),
        (
            "the same without a number again",
            "care.client",
            CLIENT[1:],
            [row[1:] for row in nameless(clients)],
        ),
    ):
        seconds, queries, first, last = load(bench, model, names, table)
        yield (
            f"| {text} | {seconds:.0f} | {count / seconds:.0f} | {queries / count:.2f} | {first:.0f} MB | {last:.0f} MB |"
        )
