"""Spark: several executors, one of which dies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, ROUNDS, Records, in_order, record

import dixit
import dixit.spark

pytest.importorskip("pyspark")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("there is no Java", allow_module_level=True)

MASTER = "local-cluster[2,1,1024]"
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master(MASTER)
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "1g")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "4")
        .config("spark.executorEnv.PYTHONPATH", str(HERE))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def rows(frame: Any) -> Records:
    return [record(row) for row in frame.toArrow().to_pylist()]


def executor() -> int:
    """The process that runs this Python worker's executor."""
    process = os.getpid()
    while b"CoarseGrainedExecutorBackend" not in Path(f"/proc/{process}/cmdline").read_bytes():
        # The fourth field, behind a name that may hold anything.
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return process


class Killing:
    """Extracts, and on the way kills the executor that it runs in, once."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(dixit.spark.extract(batches)):
            yield batch
            if number == 1:
                try:
                    os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    continue
                dead = executor()
                os.kill(dead, 9)
                Path(self.mark).write_text(str(dead))
                os.kill(os.getpid(), 9)


@pytest.mark.parametrize("round", ROUNDS)
def test_a_killed_executor_loses_nothing(
    spark: Any, tmp_path: Path, documents: list[dict[str, str]], expected: Records, round: int
) -> None:
    mark = tmp_path / "killed"
    frame = spark.createDataFrame(documents, "id STRING, text STRING").repartition(4)
    found = rows(frame.mapInArrow(Killing(str(mark)), schema=dixit.SCHEMA))
    assert int(mark.read_text()) > 0, "nobody was killed"
    assert in_order(found, documents) == expected


def test_options(spark: Any, documents: list[dict[str, str]]) -> None:
    frame = spark.createDataFrame(documents[:4], "id STRING, text STRING")
    renamed = frame.withColumnRenamed("text", "body")
    extract = dixit.spark.Extract(jobs=2, modes="all", min_confidence=0.0, text_column="body")
    found = rows(renamed.mapInArrow(extract, schema=dixit.SCHEMA))
    wanted = dixit.Pipeline(modes="all", min_confidence=0.0).pipe(documents[:4])
    assert in_order(found, documents) == [one for read in wanted for one in read.to_dicts()]


def test_a_wrong_option_says_what_is_right() -> None:
    with pytest.raises(TypeError, match="unknown options job .there are jobs, modes"):
        dixit.spark.Extract(job=2)  # type: ignore[call-arg]


def test_the_example(tmp_path: Path, documents: list[dict[str, str]], expected: Records) -> None:
    pq.write_table(pa.Table.from_pylist(documents), tmp_path / "articles.parquet")
    said = tmp_path / "said"
    environment = os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": f"--master {MASTER} --conf spark.ui.enabled=false pyspark-shell",
    }
    script = ROOT / "examples/python/spark_job.py"
    command = [sys.executable, str(script), str(tmp_path / "articles.parquet"), str(said)]
    subprocess.run(command, env=environment, check=True)
    found = [record(row) for row in pq.read_table(said).to_pylist()]
    assert in_order(found, documents) == expected
