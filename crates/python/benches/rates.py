"""How fast Python, Spark and Ray read, beside the program, on articles made by dice.

    python rates.py pipe  PROGRAM [ARTICLES] [PAIRS]
    python rates.py spark PROGRAM [ARTICLES] [RUNS]
    python rates.py ray   PROGRAM [ARTICLES] [RUNS]

`pipe` times whole processes, the program and a script with `Pipeline.pipe`, in turn. `spark` and
`ray` start a cluster of two workers with a core each and run the job in turn with the program. Their
first figure is the whole of a first job, from nothing to the last record. The others are the steady
rate, from the beginning of a job to its last record: Spark's workers stay from job to job; Ray
starts actors for each job, so there the time begins with the first batch that an actor is given.
Every run's records are compared with the program's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BEGUN = Path(tempfile.gettempdir()) / f"dixit-rates-{os.getpid()}"
"""Where actors note when they began to read."""
sys.path.insert(0, str(HERE.parent / "tests"))

from articles import articles  # noqa: E402

PIPE = """
import dixit, json, sys
with open(sys.argv[1], encoding="utf-8") as texts, open(sys.argv[2], "w", encoding="utf-8") as out:
    for document in dixit.Pipeline().pipe(map(json.loads, texts)):
        for quotation in document:
            out.write(quotation.to_json() + "\\n")
"""


def seconds(run: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


class Bench:
    """Articles on disk, and the program's records of them."""

    def __init__(self, program: str, count: int, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.documents = articles(count)
        self.bytes = sum(len(one["text"].encode()) for one in self.documents)
        self.file = folder / "articles.jsonl"
        lines = (json.dumps(one, ensure_ascii=False) for one in self.documents)
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.expected = folder / "expected.jsonl"
        self.run_program()
        print(f"{count} articles, {self.bytes / 1e6:.2f} MB")

    def run_program(self) -> None:
        command = [self.program, "extract", str(self.file), "-q", "-o", str(self.expected)]
        subprocess.run(command, check=True)

    def tell(self, name: str, ours: list[float], programs: list[float]) -> None:
        ratios = [program / mine for mine, program in zip(ours, programs, strict=True)]
        for label, times in ((name, ours), ("program", programs)):
            listed = " ".join(f"{one:.2f}" for one in times)
            rate = self.bytes / statistics.median(times) / 1e3
            print(f"{label:8} {rate:7.1f} kB/s   seconds: {listed}")
        print(f"{name} / program, median of pairs: {statistics.median(ratios):.3f}")

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.expected.read_text().splitlines()]

    def check(self, rows: list[dict[str, Any]]) -> None:
        from conftest import in_order, record

        assert in_order([record(row) for row in rows], self.documents) == self.records()


def pipe(bench: Bench, pairs: int) -> None:
    found = bench.folder / "found.jsonl"
    command = [sys.executable, "-c", PIPE, str(bench.file), str(found)]
    ours, programs = [], []
    for _ in range(pairs):
        ours.append(seconds(lambda: subprocess.run(command, check=True)))
        programs.append(seconds(bench.run_program))
        assert found.read_bytes() == bench.expected.read_bytes()
    bench.tell("pipe", ours, programs)


def steady(bench: Bench, runs: int, name: str, job: Callable[[int], list[dict[str, Any]]]) -> None:
    """`job` reads the first so many documents; it has run once."""
    BEGUN.unlink(missing_ok=True)
    ours, programs = [], []
    for _ in range(runs):
        begin = time.time()
        rows = job(len(bench.documents))
        end = time.time()
        if BEGUN.exists():
            begin = min(map(float, BEGUN.read_text().split()))
            BEGUN.unlink()
        ours.append(end - begin)
        programs.append(seconds(bench.run_program))
        bench.check(rows)
    bench.tell(name, ours, programs)


def spark(bench: Bench, runs: int) -> None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    begin = time.perf_counter()
    from pyspark.sql import SparkSession

    import dixit.spark

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "64")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")

    def job(count: int) -> list[dict[str, Any]]:
        frame = session.createDataFrame(bench.documents[:count], "id STRING, text STRING")
        said = frame.repartition(16).mapInArrow(dixit.spark.extract, schema=dixit.SCHEMA)
        rows: list[dict[str, Any]] = said.toArrow().to_pylist()
        return rows

    job(len(bench.documents))
    print(f"spark, from nothing to the last record: {time.perf_counter() - begin:.1f} s")
    steady(bench, runs, "spark", job)
    session.stop()


def ray(bench: Bench, runs: int) -> None:
    begin = time.perf_counter()
    import ray
    from ray.cluster_utils import Cluster

    import dixit.ray

    memory = 200 << 20
    head = {"num_cpus": 1, "object_store_memory": memory, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=memory)
    ray.init(address=cluster.address, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False

    class Noting(dixit.ray.Extract):
        """Notes when its first batch came."""

        begun = False

        def __call__(self, batch: Any) -> Any:
            if not self.begun:
                with BEGUN.open("a") as file:
                    file.write(f"{time.time()}\n")
                self.begun = True
            return super().__call__(batch)

    def job(count: int) -> list[dict[str, Any]]:
        dataset = ray.data.from_items(bench.documents[:count], override_num_blocks=16)
        said = dataset.map_batches(
            Noting, batch_format="pyarrow", batch_size=32, concurrency=2
        )
        rows: list[dict[str, Any]] = said.take_all()
        return rows

    job(len(bench.documents))
    print(f"ray, from nothing to the last record: {time.perf_counter() - begin:.1f} s")
    steady(bench, runs, "ray", job)
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    kind, program = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 600
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(program, count, Path(folder))
        {"pipe": pipe, "spark": spark, "ray": ray}[kind](bench, runs)
