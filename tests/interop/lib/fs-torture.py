#!/usr/bin/python3
"""fs-torture.py FOLDER SEED OPERATIONS SUMS - one process' random operations on a file system.

Knows what each of its files must hold and looks again and again; whoever reads something else is told
offset and what was wanted, and ends with 1. At the end all is synced and SUMS gets the sha256 of every
file, relative to FOLDER, for `sha256sum -c` after the next mount. What fsstress does (which Debian
does not package), with the contents verified as fsx does.
"""
import ctypes
import hashlib
import mmap
import os
import random
import sys

FILES_MAX = 40
LENGTH_MAX = 512 << 10
PAGE = 4096
KEEP_SIZE, PUNCH_HOLE, ZERO_RANGE = 0x01, 0x02, 0x10
libc = ctypes.CDLL(None, use_errno=True)


class File:
    """A file by what is in it; hard links are several names of one."""

    def __init__(self):
        self.data = bytearray()


class Torture:
    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.folder = folder
        self.files = {}
        self.folders = ["."]
        self.count = {}
        os.chdir(folder)

    def run(self, operations):
        kinds = [
            (self.make, 6), (self.write, 20), (self.append, 8), (self.direct, 8), (self.mapped, 5),
            (self.truncate, 6), (self.punch, 5), (self.zero, 4), (self.allocate, 3), (self.verify, 15),
            (self.rename, 5), (self.link, 3), (self.unlink, 4), (self.folder_new, 2), (self.copy, 4),
            (self.symlink, 2), (self.attribute, 2), (self.sync, 3),
        ]
        body, weights = [k for k, _ in kinds], [w for _, w in kinds]
        for _ in range(operations):
            operation = self.random.choices(body, weights)[0]
            if self.files or operation in (self.make, self.folder_new):
                operation()
                self.count[operation.__name__] = self.count.get(operation.__name__, 0) + 1

    # --- what is there

    def name(self):
        return self.random.choice(sorted(self.files))

    def fresh(self):
        where = self.random.choice(self.folders)
        return os.path.normpath(f"{where}/f{self.random.randrange(1 << 30):x}")

    def bytes(self, length):
        return self.random.randbytes(length)

    def place(self, file, slack=0):
        """An offset and a length, the offset at most a bit behind the end."""
        at = self.random.randrange(min(len(file.data) + slack, LENGTH_MAX - 1) + 1)
        return at, self.random.randrange(1, min(64 << 10, LENGTH_MAX - at) + 1)

    @staticmethod
    def put(file, at, data):
        if len(file.data) < at:
            file.data.extend(bytes(at - len(file.data)))
        file.data[at:at + len(data)] = data

    def check(self, name, at=0, length=None):
        wanted = self.files[name].data
        length = len(wanted) - at if length is None else length
        with open(name, "rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            if size != len(wanted):
                sys.exit(f"{self.folder}/{name}: {size} bytes long, not {len(wanted)}")
            found = os.pread(opened.fileno(), length, at)
        if found != wanted[at:at + length]:
            off = next(i for i in range(length) if found[i:i + 1] != wanted[at + i:at + i + 1])
            sys.exit(f"{self.folder}/{name}: other bytes than written at {at + off}")

    # --- operations

    def make(self):
        if len(self.files) >= FILES_MAX:
            return self.unlink()
        name = self.fresh()
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        self.files[name] = File()
        self.write(name)

    def write(self, name=None):
        name = name or self.name()
        file = self.files[name]
        at, length = self.place(file, 32 << 10)
        data = self.bytes(length)
        fd = os.open(name, os.O_WRONLY | (os.O_DSYNC if self.random.random() < 0.1 else 0))
        os.pwrite(fd, data, at)
        os.close(fd)
        self.put(file, at, data)

    def append(self):
        name = self.name()
        file = self.files[name]
        data = self.bytes(self.random.randrange(1, 20000))
        if len(file.data) + len(data) <= LENGTH_MAX:
            with open(name, "ab", buffering=0) as opened:
                opened.write(data)
            file.data.extend(data)

    def direct(self):
        """Past the page cache, which holds pages of the same file."""
        name = self.name()
        file = self.files[name]
        pages = len(file.data) // PAGE
        if pages == 0:
            return
        first = self.random.randrange(pages)
        count = self.random.randrange(1, min(pages - first, 16) + 1)
        fd = os.open(name, os.O_RDWR | os.O_DIRECT)
        with mmap.mmap(-1, count * PAGE) as memory:
            if self.random.random() < 0.5:
                memory[:] = self.bytes(count * PAGE)
                os.pwritev(fd, [memory], first * PAGE)
                self.put(file, first * PAGE, memory[:])
            else:
                os.preadv(fd, [memory], first * PAGE)
                if memory[:] != file.data[first * PAGE:(first + count) * PAGE]:
                    sys.exit(f"{self.folder}/{name}: read directly at {first * PAGE}, other bytes")
        os.close(fd)

    def mapped(self):
        name = self.name()
        file = self.files[name]
        if not file.data:
            return
        at = self.random.randrange(len(file.data))
        data = self.bytes(min(self.random.randrange(1, 8000), len(file.data) - at))
        with open(name, "r+b") as opened, mmap.mmap(opened.fileno(), 0) as memory:
            memory[at:at + len(data)] = data
            if self.random.random() < 0.3:
                memory.flush()
        self.put(file, at, data)

    def truncate(self):
        name = self.name()
        file = self.files[name]
        length = self.random.randrange(min(2 * len(file.data) + 1, LENGTH_MAX) + 1)
        os.truncate(name, length)
        if length < len(file.data):
            del file.data[length:]
        else:
            file.data.extend(bytes(length - len(file.data)))

    def fallocate(self, mode, name, at, length):
        fd = os.open(name, os.O_RDWR)
        done = libc.fallocate(fd, mode, ctypes.c_long(at), ctypes.c_long(length))
        os.close(fd)
        if done != 0 and ctypes.get_errno() != 95:  # EOPNOTSUPP
            sys.exit(f"{self.folder}/{name}: fallocate: {os.strerror(ctypes.get_errno())}")
        return done == 0

    def punch(self, mode=PUNCH_HOLE | KEEP_SIZE):
        name = self.name()
        file = self.files[name]
        at, length = self.place(file)
        if self.fallocate(mode, name, at, length):
            end = min(at + length, len(file.data))
            file.data[at:end] = bytes(max(0, end - at))

    def zero(self):
        self.punch(ZERO_RANGE | KEEP_SIZE)

    def allocate(self):
        name = self.name()
        file = self.files[name]
        at, length = self.place(file)
        if self.fallocate(0, name, at, length):
            file.data.extend(bytes(max(0, at + length - len(file.data))))

    def verify(self):
        name = self.name()
        if self.files[name].data:
            at, length = self.place(self.files[name])
            at = min(at, len(self.files[name].data) - 1)
            self.check(name, at, min(length, len(self.files[name].data) - at))

    def rename(self):
        name = self.name()
        to = self.name() if self.random.random() < 0.3 else self.fresh()
        if to == name or self.files.get(to) is self.files[name]:
            return  # of two names of one file rename leaves both
        os.rename(name, to)
        self.files[to] = self.files.pop(name)

    def link(self):
        if len(self.files) < FILES_MAX:
            name, to = self.name(), self.fresh()
            os.link(name, to)
            self.files[to] = self.files[name]

    def unlink(self):
        name = self.name()
        os.unlink(name)
        del self.files[name]

    def folder_new(self):
        if len(self.folders) < 12:
            made = os.path.normpath(f"{self.random.choice(self.folders)}/d{len(self.folders)}")
            os.mkdir(made)
            self.folders.append(made)

    def copy(self):
        """By the kernel, which may share the blocks."""
        if len(self.files) >= FILES_MAX:
            return
        name, to = self.name(), self.fresh()
        source = os.open(name, os.O_RDONLY)
        target = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        length = len(self.files[name].data)
        left = length
        while left > 0:
            left -= os.copy_file_range(source, target, left)
        os.close(source)
        os.close(target)
        self.files[to] = File()
        self.files[to].data.extend(self.files[name].data)

    def symlink(self):
        name = self.fresh()
        os.symlink(self.name(), name)
        if os.readlink(name) not in self.files:
            sys.exit(f"{self.folder}/{name}: leads elsewhere")
        os.unlink(name)

    def attribute(self):
        name = self.name()
        value = self.bytes(self.random.randrange(1, 300))
        os.setxattr(name, "user.torture", value)
        if os.getxattr(name, "user.torture") != value:
            sys.exit(f"{self.folder}/{name}: another attribute")

    def sync(self):
        fd = os.open(self.name(), os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

    def end(self, sums):
        for name in sorted(self.files):
            self.check(name)
        os.sync()
        with open(sums, "w") as out:
            for name in sorted(self.files):
                out.write(f"{hashlib.sha256(self.files[name].data).hexdigest()}  {name}\n")
        print(" ".join(f"{k} {n}" for k, n in sorted(self.count.items())), "files", len(self.files))


torture = Torture(sys.argv[1], int(sys.argv[2]))
torture.run(int(sys.argv[3]))
torture.end(sys.argv[4])
