"""Databases for tests and demonstrations: made from a seed, each in a place of its own.

The seed is a database with everything the module depends on, made once per Odoo version and list of
dependencies. With our own PostgreSQL a workspace is a copy of the seed's whole data folder, so
workspaces of other checkouts, or of another run here, never meet. With an existing server
(PGHOST, PGPORT, PGUSER) the seed is a template database there, and workspaces are named databases.
"""

import ast
import contextlib
import fcntl
import os
import re
import shutil
import time
from pathlib import Path

from common import (
    CACHE,
    CHECKOUT,
    MODULE,
    SCRIPTS,
    Problem,
    check_disk,
    digest,
    made_once,
    remove_tree,
    say,
    step,
)
from postgres import VERSION, Cluster
from processes import run

SEED_FORMAT = 1  # raise it when odoo_side.make_seed makes something else
DATABASE = MODULE


def existing_server():
    return bool(os.environ.get("PGHOST") or os.environ.get("PGPORT"))


def server_key():
    return digest(os.environ.get("PGHOST"), os.environ.get("PGPORT"))


def has_database(name):
    """On the existing server."""
    return bool(query({}, "postgres", "SELECT 1 FROM pg_database WHERE datname = %s", (name,)))


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


# --- the seed -------------------------------------------------------------------------------------


def manifest():
    return ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())


def seed_key(prepared):
    depends = sorted(manifest()["depends"])
    requirements = (SCRIPTS / "requirements-odoo.txt").read_text()
    return digest(
        SEED_FORMAT, VERSION, prepared.odoo.version, prepared.odoo.python_path, depends, requirements
    )


def log_progress(log):
    """How far Odoo is in loading modules, by its log."""

    def how_far():
        text = log.read_text(errors="replace") if log.exists() else ""
        found = re.findall(r"Loading module (\S+) \((\d+)/(\d+)\)", text)
        return "module {1} of {2} ({0})".format(*found[-1]) if found else None

    return how_far


def make_seed(prepared, environment, data_dir, database, log):
    depends = ",".join(sorted(manifest()["depends"]))
    run(
        [
            *prepared.odoo_side("make_seed", data_dir, database, log),
            *("--with-demo", "--load-language=sv_SE", "--unaccent", f"--init={depends}"),
        ],
        f"see {log}",
        progress=log_progress(log),
        env=prepared.environment(**environment),
        cwd="/",
    )


def own_seed(prepared):
    """The folder with the seed's cluster and filestore, for our own PostgreSQL."""

    def fill(folder):
        cluster = Cluster(folder / "cluster")
        cluster.create()
        cluster.start()
        try:
            make_seed(prepared, cluster.environment(), folder / "data", DATABASE, folder / "seed.log")
        finally:
            cluster.stop()

    text = "Making the database that all others are copied from (about a minute, once per Odoo version)"
    folder = made_once(CACHE / "seeds" / seed_key(prepared), fill, text, 500)
    os.utime(folder / ".complete")
    remove_old_seeds()
    return folder


def remove_old_seeds(days=14):
    """Those that nobody has asked for: of an earlier Odoo, or of other requirements."""
    for marker in (CACHE / "seeds").glob("*/.complete"):
        with contextlib.suppress(FileNotFoundError):
            if marker.stat().st_mtime < time.time() - days * 86400:
                remove_tree(marker.parent)


def template_seed(prepared):
    """The template's name and data folder, for an existing server."""
    key = seed_key(prepared)
    template = f"{MODULE}_template_{key}"
    folder = CACHE / "seeds" / f"{key}-{server_key()}"
    if not has_database(template):
        remove_tree(folder)

    def fill(folder):
        query({}, "postgres", f'DROP DATABASE IF EXISTS "{template}"')
        make_seed(prepared, {}, folder / "data", template, folder / "seed.log")

    made_once(folder, fill, "Making the template database on your PostgreSQL (about a minute, once)", 300)
    return template, folder / "data"


# --- a workspace ----------------------------------------------------------------------------------


class Workspace:
    """A running server with one database of ours, and Odoo's data folder for it."""

    def __init__(self, prepared, name, temporary):
        self.prepared, self.temporary = prepared, temporary
        elsewhere = f"-at-{server_key()}" if existing_server() else ""
        self.folder = prepared.state / f"{name}{elsewhere}"
        self.data_dir = self.folder / "data"
        self.cluster = None
        if existing_server():
            self.database = f"{MODULE}_{digest(prepared.state)}_{name}".replace("-", "_")
        else:
            self.database = DATABASE
            self.cluster = Cluster(self.folder / "cluster")

    def environment(self, **more):
        server = self.cluster.environment() if self.cluster else {}
        return self.prepared.environment(**server, **more)

    def connection(self):
        """What another process needs to join in."""
        server = self.cluster.environment() if self.cluster else {}
        return {"database": self.database, "data_dir": str(self.data_dir), "server": server}

    def is_complete(self):
        if not (self.folder / ".complete").exists():
            return False
        return bool(self.cluster or has_database(self.database))

    def make(self):
        """From the seed, whatever was here before."""
        self.destroy()
        if self.cluster:
            seed = own_seed(self.prepared)
            check_disk(500)
            self.folder.mkdir(parents=True)
            self.cluster.folder.mkdir()
            copy = ["cp", "-a", "--reflink=auto", seed / "cluster" / "data", self.cluster.data]
            run(copy, "run the same command again.")
            self.cluster.start()
            self._copy_filestore(seed / "data", DATABASE, self.database)
        else:
            template, data_dir = template_seed(self.prepared)
            self.folder.mkdir(parents=True)
            self.clone_from(template, self.database)
            self._copy_filestore(data_dir, template, self.database)
        (self.folder / ".complete").touch()

    def clone_from(self, template, database):
        env = self.cluster.environment() if self.cluster else {}
        query(env, "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        query(env, "postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def clone(self, name):
        """A copy of this workspace's database, beside it; nobody may be connected to it now."""
        database = f"{self.database}__{name}"
        self.clone_from(self.database, database)
        self._copy_filestore(self.data_dir, self.database, database)
        return database

    def _copy_filestore(self, data_dir, source, target):
        source, target = data_dir / "filestore" / source, self.data_dir / "filestore" / target
        remove_tree(target)
        if source.is_dir():  # its files are never changed in place: links do
            shutil.copytree(source, target, copy_function=os.link)

    def query(self, statement, parameters=(), database=None):
        env = self.cluster.environment() if self.cluster else {}
        return query(env, database or self.database, statement, parameters)

    def start(self):
        if self.cluster and not self.cluster.process:
            self.cluster.start()

    def stop(self):
        if self.cluster:
            self.cluster.stop()

    def destroy(self):
        self.stop()
        if not self.cluster:
            ours = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
            found = query({}, "postgres", ours, (self.database, f"{self.database}__"))
            for (database,) in found:
                query({}, "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        if self.cluster:
            self.cluster.end_leftover()
        remove_tree(self.folder)


class Busy(Problem):
    """Another process holds this workspace."""


@contextlib.contextmanager
def workspace(prepared, name, temporary=False, busy="it is in use by another run; wait for that to end."):
    """Hold the named workspace for this process; a temporary one is made fresh and goes at the end."""
    if temporary:
        remove_leftovers(prepared, name)
        name = f"{name}-{os.getpid()}"
    lock_file = prepared.state / f"{name}.lock"
    with open(lock_file, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(busy) from error
        place = Workspace(prepared, name, temporary)
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
        with contextlib.suppress(FileNotFoundError), open(lock_file) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            say(f"   removing what a killed run left ({Path(lock_file).stem})")
            Workspace(prepared, Path(lock_file).stem, True).destroy()
            lock_file.unlink()
