"""Arrow in, Arrow out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from conftest import Records, record

import dixit

SAID = "“Café 🙂,” Zoë Lund said."


@pytest.fixture(scope="module")
def table(documents: list[dict[str, str]]) -> pa.Table:
    return pa.Table.from_pylist(documents)


def records(rows: pa.Table | pa.RecordBatch) -> Records:
    return [record(row) for row in rows.to_pylist()]


def test_rows_are_the_programs_records(
    pipeline: dixit.Pipeline, table: pa.Table, expected: Records
) -> None:
    found = pipeline.extract_batch(table)
    assert isinstance(found, pa.Table)
    found.validate(full=True)
    assert found.schema == dixit.SCHEMA.pyarrow
    assert records(found) == expected


def test_a_batch_gives_a_batch_and_a_reader_a_table(
    pipeline: dixit.Pipeline, table: pa.Table, expected: Records
) -> None:
    batch = pipeline.extract_batch(table.to_batches()[0])
    assert isinstance(batch, pa.RecordBatch)
    assert records(batch) == expected
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=7))
    assert records(pipeline.extract_batch(reader)) == expected


def test_slices_and_chunks(pipeline: dixit.Pipeline, table: pa.Table, expected: Records) -> None:
    chunks = pa.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1, 20)])
    wanted = {document["id"] for document in chunks.to_pylist()}
    found = records(pipeline.extract_batch(chunks))
    assert found == [one for one in expected if one["doc"] in wanted]


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.string_view()])
@pytest.mark.parametrize("ids", [pa.string(), pa.large_string(), pa.int64(), pa.uint8()])
def test_every_type_of_column(
    pipeline: dixit.Pipeline, text: pa.DataType, ids: pa.DataType
) -> None:
    numbers = [12, 34, 56]
    names = pa.array(numbers if pa.types.is_integer(ids) else [str(n) for n in numbers], type=ids)
    words = pa.array([SAID, None, SAID], type=text)
    found = pipeline.extract_batch(pa.table({"text": words, "more": [1, 2, 3], "id": names}))
    assert found["doc"].to_pylist() == ["12", "56"]
    assert found["text"].to_pylist() == ["Café 🙂"] * 2


def test_other_names_of_columns(pipeline: dixit.Pipeline) -> None:
    rows = pa.table({"url": ["a"], "body": [SAID]})
    found = pipeline.extract_batch(rows, id_column="url", text_column="body")
    assert found["doc"].to_pylist() == ["a"]
    with pytest.raises(KeyError, match="no column “id” .there is url, body.: name it with id_column="):
        pipeline.extract_batch(rows)
    with pytest.raises(TypeError, match="“body” is of type Int64: cast it to string"):
        pipeline.extract_batch(
            pa.table({"url": ["a"], "body": [1]}), id_column="url", text_column="body"
        )


def test_rows_need_an_id(pipeline: dixit.Pipeline) -> None:
    rows = pa.concat_tables(
        [pa.table({"id": ["a", "b"], "text": [SAID] * 2}), pa.table({"id": [None], "text": [SAID]})],
        promote_options="default",
    )
    with pytest.raises(ValueError, match="row 2 has no id"):
        pipeline.extract_batch(rows)


def test_a_table_without_quotations_has_the_schema(pipeline: dixit.Pipeline) -> None:
    for rows in (
        pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())}),
        pa.table({"id": ["a"], "text": ["Nobody spoke."]}),
    ):
        found = pipeline.extract_batch(rows)
        assert found.num_rows == 0 and found.schema == dixit.SCHEMA.pyarrow


def test_what_is_no_table_is_refused(pipeline: dixit.Pipeline) -> None:
    with pytest.raises(TypeError, match="list is not Arrow data"):
        pipeline.extract_batch([SAID])
    with pytest.raises((TypeError, ValueError)):
        pipeline.extract_batch(pa.array([SAID]))
    with pytest.raises((TypeError, ValueError)):
        pipeline.extract_batch(pa.chunked_array([[SAID]]))


def test_an_error_of_the_reader_is_told(pipeline: dixit.Pipeline) -> None:
    schema = pa.schema({"id": pa.string(), "text": pa.string()})

    def broken() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"id": ["a"], "text": [SAID]}, schema=schema)
        raise OSError("the disk is gone")

    with pytest.raises(ValueError, match="the disk is gone"):
        pipeline.extract_batch(pa.RecordBatchReader.from_batches(schema, broken()))


def test_broken_data_is_refused(pipeline: dixit.Pipeline) -> None:
    # Bytes that are no UTF-8, under the name of a string.
    text = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")]
    )
    rows = pa.record_batch([pa.array(["a"]), text], names=["id", "text"])
    with pytest.raises(ValueError, match="column “text”.*UTF-?8"):
        pipeline.extract_batch(rows)


def test_rows_are_given_without_copies(pipeline: dixit.Pipeline, table: pa.Table) -> None:
    class Batch:
        """Arrow data that is not of pyarrow."""

        def __arrow_c_array__(self, requested_schema: object = None) -> object:
            return table.to_batches()[0].__arrow_c_array__(requested_schema)

    found = pipeline.extract_batch(Batch())
    one, two = pa.record_batch(found), pa.table(found).to_batches()[0]
    assert one == two and len(found) == one.num_rows > 0
    assert repr(found) == f"<Records: {len(found)} quotations>"
    for left, right in zip(one["text"].buffers()[1:], two["text"].buffers()[1:], strict=True):
        assert left.address == right.address


WITHOUT_PYARROW = """
import sys
sys.modules["pyarrow"] = None
import dixit, dixit.ray, dixit.spark

class Rows:
    def __arrow_c_stream__(self, requested_schema=None):
        raise RuntimeError("asked for its rows")

print(dixit.SCHEMA.names[0], dixit.SCHEMA.__arrow_c_schema__() is not None)
print(dixit.Pipeline().extract("Ada Lund said the ferry was late.")[0])
try:
    dixit.Pipeline().extract_batch(Rows())
except RuntimeError as error:
    print(error)
"""


def test_it_works_without_pyarrow() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PYARROW], stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "doc True\nAda Lund: the ferry was late\nasked for its rows\n"


def test_the_schema_is_spark_arrow_and_text() -> None:
    assert isinstance(dixit.SCHEMA, str)
    assert pa.schema(dixit.SCHEMA) == dixit.SCHEMA.pyarrow
    assert dixit.SCHEMA.names == dixit.SCHEMA.pyarrow.names
    assert "content ARRAY<STRUCT<start: BIGINT, end: BIGINT>>" in dixit.SCHEMA
