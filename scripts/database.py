"""Databases for tests and demonstrations: made from a seed, each in a place of its own.

The seed is a database with everything the module depends on, made once per Odoo version and list of
dependencies. A workspace is a copy of the seed's whole data folder, so workspaces of other checkouts, or of
another run here, never meet. With an existing server (PGHOST, PGPORT, PGUSER) a workspace is a database of
its own name there, and made without a seed, which takes a minute longer.
"""

import contextlib
import os
import re
import shutil
import sys
import time

from common import CACHE, MODULE, SCRIPTS, Problem, check_disk, digest, held, made_once, remove_tree, step
from postgres import VERSION, Cluster
from processes import run, start

SEED_FORMAT = 1  # raise it when odoo_side.make_seed makes something else


def existing_server():
    return bool(os.environ.get("PGHOST") or os.environ.get("PGPORT"))


def connect(environment, database):
    import psycopg2  # only in the Python that has Odoo's requirements

    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    given = {names[key]: value for key, value in environment.items() if key in names}
    try:
        connection = psycopg2.connect(dbname=database, **given)
    except psycopg2.OperationalError as error:
        raise Problem(
            f"PostgreSQL does not answer ({str(error).strip().splitlines()[0]}); check PGHOST, PGPORT, PGUSER "
            "and PGPASSWORD, or unset them to have one brought."
        ) from error
    connection.autocommit = True
    return connection


def query(environment, database, statement, parameters=()):
    with contextlib.closing(connect(environment, database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def seed(prepared):
    """The workspace that others are copies of."""
    requirements = (SCRIPTS / "requirements-odoo.txt").read_text()
    odoo = prepared.odoo
    key = digest(SEED_FORMAT, VERSION, odoo.version, odoo.python_path, prepared.depends, requirements)

    def fill(folder):
        place = Workspace(prepared, folder)
        place.cluster.create()
        try:
            place.start()
            place.install_dependencies()
        finally:
            place.stop()

    text = "Making the database that all others are copied from (about a minute, once per Odoo version)"
    folder = made_once(CACHE / "seeds" / key, fill, text, 500)
    os.utime(folder / ".complete")
    # those that nobody has asked for in a fortnight are of an earlier Odoo, or of other requirements
    for marker in (CACHE / "seeds").glob("*/.complete"):
        with contextlib.suppress(FileNotFoundError):
            if marker.stat().st_mtime < time.time() - 14 * 86400:
                remove_tree(marker.parent)
    return Workspace(prepared, folder)


class Workspace:
    """A running server with one database of ours, and Odoo's data folder for it."""

    def __init__(self, prepared, folder):
        self.prepared, self.folder = prepared, folder
        self.data_dir = folder / "data"
        self.cluster = None if existing_server() else Cluster(folder / "cluster")
        own_name = f"{MODULE}_{folder.name}_{digest(folder)}".replace("-", "_")
        self.database = MODULE if self.cluster else own_name

    def make(self):
        """From the seed, whatever was here before."""
        self.destroy()
        check_disk(500)
        if self.cluster:
            source = seed(self.prepared)
            self.cluster.folder.mkdir(parents=True)
            copy = ["cp", "-a", "--reflink=auto", source.cluster.data, self.cluster.data]
            run(copy, "run the same command again.")
            self._copy_filestore(source.data_dir, source.database, self.database)
            self.start()
        else:
            self.folder.mkdir(parents=True)
            self.install_dependencies()
        (self.folder / ".complete").touch()

    def install_dependencies(self):
        modules = f"--init={','.join(self.prepared.depends)}"
        options = ["--with-demo", "--load-language=sv_SE", "--unaccent", modules]
        self.odoo("make_seed", self.folder / "seed.log", *options)

    def is_complete(self):
        return (self.folder / ".complete").exists()

    def start(self):
        if self.cluster and not self.cluster.process:
            self.cluster.start()

    def stop(self):
        if self.cluster:
            self.cluster.stop()

    def destroy(self):
        self.stop()
        if self.cluster:
            self.cluster.end_leftover()
        else:
            ours = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
            for (name,) in query({}, "postgres", ours, (self.database, f"{self.database}__")):
                self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', database="postgres")
        remove_tree(self.folder)
        self.stop()

    def clone(self, name):
        """A copy of this workspace's database, beside it; nobody may be connected to it now."""
        database = f"{self.database}__{name}"
        self.query(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)', database="postgres")
        self.query(f'CREATE DATABASE "{database}" TEMPLATE "{self.database}"', database="postgres")
        self._copy_filestore(self.data_dir, self.database, database)
        return database

    def _copy_filestore(self, data_dir, source, target):
        source, target = data_dir / "filestore" / source, self.data_dir / "filestore" / target
        remove_tree(target)
        if source.is_dir():  # its files are never changed in place: links do
            shutil.copytree(source, target, copy_function=os.link)

    def query(self, statement, parameters=(), database=None):
        return query(self.server(), database or self.database, statement, parameters)

    def server(self):
        return self.cluster.environment() if self.cluster else {}

    def environment(self, **more):
        return self.prepared.environment(**self.server(), **more)

    def connection(self):
        """What another process needs to join in."""
        return {"database": self.database, "data_dir": str(self.data_dir), "server": self.server()}

    def command(self, action, log, *options, database=None, addons=None):
        """One of odoo_side.py's actions; `addons` is the folder with the module, if it is not this checkout's."""
        return [
            *(sys.executable, SCRIPTS / "odoo_side.py", action),
            *self.prepared.common_arguments(self.data_dir, addons),
            *(f"--database={database or self.database}", f"--logfile={log}", *options),
        ]

    def odoo(self, action, log, *options, remedy="mend it and run again.", where=None, **environment):
        """Do it, to its end; what fails is a Problem. `where` names another database or another module's folder."""
        log.unlink(missing_ok=True)
        command = self.command(action, log, *options, **(where or {}))
        env = self.environment(**environment)
        try:
            run(command, f"{log} tells all; {remedy}", log_progress(log), env=env, cwd="/")
        except Problem as problem:
            raise Problem(f"{last_error(log)}\n{problem}") from problem

    def start_odoo(self, action, log, *options, database=None, **environment):
        """Begin it, with the words that it says on our screen."""
        command = self.command(action, log, *options, database=database)
        return start(command, env=self.environment(**environment), cwd="/")


def log_progress(log):
    """How far Odoo is in loading modules, by its log."""

    def how_far():
        text = log.read_text(errors="replace") if log.exists() else ""
        found = re.findall(r"Loading module (\S+) \((\d+)/(\d+)\)", text)
        return "module {1} of {2} ({0})".format(*found[-1]) if found else None

    return how_far


def last_error(log):
    """The last exception that a log tells of."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    said = [line for line in lines if line[:1].strip() and "Error" in line.split(":")[0]]
    return said[-1] if said else f"the log ({log}) names no error"


class Busy(Problem):
    """Another process holds this workspace."""


@contextlib.contextmanager
def workspace(prepared, name, temporary=False, busy="it is in use by another run; wait for that to end."):
    """Hold the named workspace for this process; a temporary one is made fresh and goes at the end."""
    if existing_server():
        name += f"-at-{digest(os.environ.get('PGHOST'), os.environ.get('PGPORT'))}"
    if temporary:
        remove_leftovers(prepared, name)
        name += f"-{os.getpid()}"
    lock_file = prepared.state / f"{name}.lock"
    lock = held(lock_file)
    if not lock:
        raise Busy(busy)
    with lock:
        place = Workspace(prepared, prepared.state / name)
        try:
            if temporary:
                with step("Copying the prepared database"):
                    place.make()
            yield place
        finally:
            place.stop()
            if temporary:
                place.destroy()
                lock_file.unlink()


def remove_leftovers(prepared, name):
    """Temporary workspaces whose script was killed."""
    for lock_file in prepared.state.glob(f"{name}-*.lock"):
        if lock := held(lock_file):
            with lock, step(f"Removing what a killed run left ({lock_file.stem})"):
                Workspace(prepared, lock_file.with_suffix("")).destroy()
                lock_file.unlink(missing_ok=True)
