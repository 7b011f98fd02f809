#!/usr/bin/env python3
"""concurlint run beside xargs, GNU parallel and Python's concurrent.futures.

    testdata/bench/peers/peers.py [scale [runs]]     by default 1 and 3

Four jobs: 8,000 files hashed, 200 MB of JSON lines added up, 1,500 URLs that
answer after 100 ms, 360 thumbnails. For each way to run them, the median of wall
and CPU time (user and system, of all processes) and the most memory of any one
process; what is not installed is left out. xargs and parallel start a Go program
that has the same functions, for as many inputs at a time as their users would
give it. concurlint chooses its executor and size; the others are told: both
cores, or 64 at a time for the URLs. What concurlint compiles once is told apart.
"""
import json, os, random, shutil, socket, statistics, subprocess, sys, tempfile, time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(os.path.dirname(here)))


def measure(command, work, want):
    """Runs a shell command; returns wall, CPU and peak memory, and holds its lines of output to want."""
    out = os.path.join(work, "out")
    with open(out, "w") as f:
        began = time.time()
        child = subprocess.Popen(["sh", "-c", command], cwd=work, stdout=f, stderr=open(os.path.join(work, "err"), "w"))
        _, status, use = os.wait4(child.pid, 0)
        wall = time.time() - began
    lines = sum(1 for _ in open(out))
    if status or lines != want:
        sys.exit(f"{command}: status {status}, {lines} lines of {want}\n" + open(os.path.join(work, "err")).read()[-2000:])
    return wall, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def prepare(work, scale):
    """Makes inputs, the Go program and its functions; returns the jobs."""
    files, lines, urls, pictures = (max(2, int(n * scale)) for n in (8000, 1_000_000, 1500, 360))
    shutil.copytree(os.path.join(here, "work"), os.path.join(work, "work"))
    for command in (f"go build -C {root} -o {work}/concurlint ./cmd/concurlint", f"go build -C {work}/work -o {work}/one ./one"):
        subprocess.run(command, shell=True, check=True)
    rand = random.Random(1)
    os.mkdir(work + "/files")
    for i in range(files):
        with open(f"{work}/files/{i}", "wb") as f:
            f.write(rand.randbytes(rand.randrange(1000, 60000)))
    with open(work + "/lines", "w") as f:
        for i in range(lines):
            text = {"id": i, "customer": f"customer {i % 977}", "items": [{"name": f"item {j}", "price": j * 1.5, "count": i % 7} for j in range(4)]}
            f.write(json.dumps(text) + "\n")
    subprocess.run([work + "/one", "generate", str(pictures), work + "/pictures"], check=True)
    port = server()
    write(work + "/names", (f"files/{i}" for i in range(files)))
    write(work + "/urls", (f"http://127.0.0.1:{port}/{i}" for i in range(urls)))
    write(work + "/jpegs", (f"pictures/{i}.jpg" for i in range(pictures)))
    return [
        ("hash", files, "Hash", "names", "", 64, 2),
        ("json", lines, "Total", "lines", "", None, 2),
        ("urls", urls, "Fetch", "urls", "", 1, 64),
        ("thumbnails", pictures, "Thumbnail", "jpegs", "-in files -out-dir thumbs", 8, 2),
    ]


def write(name, lines):
    with open(name, "w") as f:
        f.writelines(line + "\n" for line in lines)


def server():
    """Starts a server, in a process that is not measured, which answers after 100 ms."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    port = listener.getsockname()[1]
    if os.fork() == 0:
        import asyncio

        async def answer(reader, writer):
            try:
                while await reader.readuntil(b"\r\n\r\n"):
                    await asyncio.sleep(0.1)
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        async def serve():
            await (await asyncio.start_server(answer, sock=listener)).serve_forever()

        parent = os.getppid()

        async def watch():
            while os.getppid() == parent:
                await asyncio.sleep(1)
            os._exit(0)

        async def both():
            await asyncio.gather(serve(), watch())

        asyncio.run(both())
    listener.close()
    return port


# The functions in Python, as a program of its own: peers.py do NAME INPUTS.

def hash_file(name):
    import hashlib
    with open(name, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(f.read()).hexdigest()


def total(line):
    return sum(i["price"] * i["count"] for i in json.loads(line)["items"])


def fetch(url):
    import urllib.request
    with urllib.request.urlopen(url) as answer:
        return len(answer.read())


def do(name, inputs):
    function, pool, chunk = {
        "Hash": (hash_file, ThreadPoolExecutor(2), 1),
        "Total": (total, ProcessPoolExecutor(2), 1000),
        "Fetch": (fetch, ThreadPoolExecutor(64), 1),
    }[name]
    with pool:
        for result in pool.map(function, (line.rstrip("\n") for line in open(inputs)), chunksize=chunk):
            print(result)


def ways(work, function, inputs, flags, at_once, jobs):
    """Commands by name for one job."""
    yield "concurlint run", f"./concurlint run -C work -events {work}/events {flags} .{function} < {inputs}"
    split = f"rm -f part-*; split -l 20000 {inputs} part-; ls part-* |" if at_once is None else f"< {inputs}"
    at_once = at_once or 1
    yield "xargs", f"{split} xargs -P {jobs} -n {at_once} ./one {function}"
    if shutil.which("parallel"):
        yield "parallel", f"{split} parallel -j {jobs} -n {at_once} ./one {function}"
    if function != "Thumbnail":  # the standard library of Python reads no pictures
        yield "concurrent.futures", f"{sys.executable} {os.path.abspath(__file__)} do {function} {inputs}"


def main(scale, runs):
    with tempfile.TemporaryDirectory() as work:
        jobs = prepare(work, scale)
        for name in ("names", "jpegs"):  # concurlint runs in the module's folder
            write(f"{work}/{name}", [os.path.join(work, line.strip()) for line in open(f"{work}/{name}")])
        print(f"{'job':12}{'way':20}{'wall s':>9}{'CPU s':>9}{'MB':>8}")
        for job, count, function, inputs, flags, at_once, at in jobs:
            began = time.time()
            subprocess.run(f"./concurlint run -C work -events {work}/events .{function} < /dev/null > /dev/null 2>&1", shell=True, check=True, cwd=work)
            print(f"{job:12}{'(compiled once)':20}{time.time() - began:9.2f}")
            for way, command in ways(work, function, inputs, flags, at_once, at):
                walls, cpus, sizes = zip(*(measure(command, work, count) for _ in range(runs)))
                print(f"{job:12}{way:20}{statistics.median(walls):9.2f}{statistics.median(cpus):9.2f}{max(sizes):8.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["do"]:
        do(*sys.argv[2:])
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 1, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
