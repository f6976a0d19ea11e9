#!/usr/bin/env python3
"""Kills `dixit extract` at random moments and has it go on with --resume: always the same bytes.

kills.py PROGRAM KILLS [SEED]
Every file that has its own name after a kill has to be whole, too.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

PASSAGES = [
    "“The ferry is late,” Zoë Lindqvist said. “Again!” 🙂\r\n",
    "Emil Brandt told reporters that the bridge would stay closed.",
    "Nothing was said that day.",
    "«Le café est fermé», replied Inès Okonjo; she added that it would reopen in May.",
]
FORMS = [
    ["-o", "said.jsonl"],
    ["-o", "said.jsonl.gz", "--max-file-size", "4kB"],
    ["-o", "said.parquet", "--max-file-size", "6kB"],
    ["-o", "said.csv.zst", "--format", "csv"],
    ["-o", "said.jsonl", "--format", "documents", "--checkpoint", "0.02"],
]


def corpus(count):
    for number in range(count):
        text = PASSAGES[number % 4] * (1 + number % 3)
        yield json.dumps({"id": f"d{number}", "text": text, "n": number}, ensure_ascii=False)
        if number % 13 == 7:
            yield '{"id": 7}'


def contents(folder):
    read = lambda name: open(os.path.join(folder, name), "rb").read()
    return {name: read(name) for name in sorted(os.listdir(folder))}


def fresh(lines):
    folder = tempfile.mkdtemp(prefix="kills")
    with open(os.path.join(folder, "in.jsonl"), "w", encoding="utf-8", newline="\n") as out:
        out.write("\n".join(lines) + "\n")
    return folder


def main():
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    lines = list(corpus(40))
    command = [program, "extract", "in.jsonl", "-q", "--errors", "bad.jsonl", "--checkpoint", "0"]
    whole, killed, runs, longest = {}, 0, 0, 0
    while killed < count:
        form = runs % len(FORMS)
        runs += 1
        # The last of an option given twice would be an error, so the form's own goes first.
        arguments = command[:-2] + FORMS[form] if "--checkpoint" in FORMS[form] else command + FORMS[form]
        if form not in whole:
            folder = fresh(lines)
            begin = time.monotonic()
            status = subprocess.run(arguments, cwd=folder, stderr=subprocess.DEVNULL).returncode
            assert status == 1, status
            whole[form] = contents(folder), time.monotonic() - begin
            shutil.rmtree(folder)
        expected, took = whole[form]
        folder, resume, here = fresh(lines), [], 0
        while True:
            child = subprocess.Popen(arguments + resume, cwd=folder, stderr=subprocess.DEVNULL)
            resume = ["--resume"]
            time.sleep(rng.random() * took * 1.1)
            child.kill()
            status = child.wait()
            for name, found in contents(folder).items():
                assert name not in expected or found == expected[name], (name, killed)
            if status >= 0:
                assert status <= 1, (status, killed)
                break
            killed, here = killed + 1, here + 1
        longest = max(longest, here)
        assert contents(folder) == expected, (FORMS[form], killed)
        shutil.rmtree(folder)
    print(f"{killed} kills in {runs} runs, at most {longest} in one: always the same bytes")


if __name__ == "__main__":
    main()
