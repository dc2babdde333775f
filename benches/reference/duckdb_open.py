"""How long DuckDB takes to read what a timeline needs of a session, two threads, columns declared: the anchor of a ratio in
docs/performance.md. pip install duckdb, then python3 duckdb_open.py SESSION."""
import sys
import time

import duckdb

COLUMNS = {
    "type": "VARCHAR", "id": "VARCHAR", "delivery": "VARCHAR", "events": "VARCHAR[]", "destination": "VARCHAR",
    "action": "VARCHAR", "number": "INTEGER", "started_at": "VARCHAR", "ended_at": "VARCHAR",
    "verdict": "STRUCT(decision VARCHAR, rule VARCHAR)",
}
declared = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
query = f"""select count(*), sum(number), min(started_at), max(ended_at) from read_json(
    ?, format='newline_delimited', maximum_object_size=16777216, columns={{{declared}}})"""
connection = duckdb.connect()
connection.execute("set threads=2")
for _ in range(3):
    began, began_on_processor = time.perf_counter(), time.process_time()
    connection.execute(query, [sys.argv[1]]).fetchall()
    print(f"{time.perf_counter() - began:.2f} s, {time.process_time() - began_on_processor:.2f} s on the processor")
