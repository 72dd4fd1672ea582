"""Inside Odoo: each guard is taken away, the tests that should notice are run, and it is put back.

Refusals in Python are found in the source: every `raise` of an error that speaks to a user, and every `check_access`
that stands for itself. They are made switchable while the module is imported (`Switchable`). A test that runs past a
guard which refuses something is a test that should fail without it, so each test is run once as it is, and again
for each guard that it met and that no test has noticed yet.
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import inspect
import os
import re
import sys
import time
import traceback
import unittest
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from odoo import sql_db
from odoo.models import Constraint, UniqueIndex
from odoo.modules import module as odoo_module
from odoo.modules.registry import Registry
from odoo.tests.common import HttpCase, TransactionCase
from odoo.tests.result import OdooTestResult
from odoo.tools import SQL, config

MODULE = "social_care"
PACKAGE = f"odoo.addons.{MODULE}"
LETTERS = {"read": "R", "write": "W", "create": "C", "unlink": "D"}
# What is tried when one of them is taken away.
OPERATIONS = {name: ("search", "read") if name == "read" else (name,) for name in LETTERS}
# Errors of the programmer, which refuse nobody anything.
NOT_FOR_USERS = re.compile(r"NotImplementedError|ValueError|TypeError|KeyError|RuntimeError|StopIteration")
TRIES = 3  # tests that may notice a guard gone, before it counts as one that nobody misses
# It meets nearly every guard and takes long: it is run last, with those that no other test has missed.
LAST = "test_access_verbs"


# Guards that another one already says, and why; one that is missed again does not belong here.
TWICE_SAID = {
    r"rule care_(?!journal_entry)\w+_rule_wall, shielded [WCD]": "managers alone do this, and they are named for the protected",
    r"rule care_subject_(part|item)_rule_wall, shielded \w": "a part opens to the unit's managers alone, who are named",
    r"rule care_journal_entry_rule_wall, author_id [WC]": "the rules of staff and managers let nobody but the author write a draft",
    r"rule care_(dwelling|journal_phrase)_rule_care_manager_own_unit R": "the rule of staff, whom managers are among",
    r"rule care_(oncall_numbers|disturbance_report)_rule_oncall_lead_own \w": "a wizard is its writer's (ir_rule.py)",
    r"rule care_(subject_request_rule_privacy_officer_all \w|client_lockout_rule_privacy_officer_all [WC])": "no other"
    " role has a line for it",
    r"rule care_visit_report_rule_emergency of On-call staff": "on-call staff have no line",
}


class Switch:
    """Which guard is off, and which have refused something since the last test began."""

    off, met, places = None, [], {}

    @classmethod
    def refuses(cls, key):
        if key == cls.off:
            return False
        cls.met.append(("refusal", key))
        return True

    @classmethod
    def call(cls, key, check):
        if key == cls.off:
            return
        try:
            check()
        except Exception:
            cls.met.append(("refusal", key))
            raise


class Switchable(ast.NodeTransformer):
    """The module's source with `if refuses(key):` before each refusal."""

    def __init__(self, path):
        self.path, self.inside = path, []

    def visit_scope(self, node):
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()
        return node

    visit_ClassDef = visit_FunctionDef = visit_scope  # noqa: N815  names of ast's

    def visit_Raise(self, node):
        if not isinstance(node.exc, ast.Call) or NOT_FOR_USERS.match(ast.unparse(node.exc.func)):
            return node
        test = ast.parse(f"__care_refuses__({self.key(node)!r})", mode="eval").body
        return self.placed(ast.If(test, [node], []), node)

    def visit_Expr(self, node):
        call = node.value
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", None) != "check_access":
            return node
        if "super()" in ast.unparse(call):
            return node
        replacement = ast.parse(f"__care_call__({self.key(node)!r}, lambda: None)").body[0]
        replacement.value.args[1].body = call
        return self.placed(replacement, node)

    def key(self, node):
        key = f"{self.path}:{node.lineno}"
        Switch.places[key] = ".".join(self.inside)
        return key

    @staticmethod
    def placed(node, old):
        return ast.fix_missing_locations(ast.copy_location(node, old))


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), path)
        root = (
            Path(importlib.import_module(PACKAGE).__path__[0]) if fullname != PACKAGE else Path(path).parent
        )
        return compile(Switchable(Path(path).relative_to(root)).visit(tree), path, "exec")


class Finder(importlib.abc.MetaPathFinder):
    """Of the module's own code, but not of its tests, whose failures are what is looked for."""

    def find_spec(self, fullname, path, target=None):
        if not f"{fullname}.".startswith(f"{PACKAGE}.") or f"{fullname}.".startswith(f"{PACKAGE}.tests."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(fullname, spec.loader.path)
        return spec


def make_switchable():
    builtins.__care_refuses__, builtins.__care_call__ = Switch.refuses, Switch.call
    sys.meta_path.insert(0, Finder())
    execute = sql_db.Cursor.execute

    def watched(self, *args, **kwargs):
        try:
            return execute(self, *args, **kwargs)
        except psycopg2.Error as error:
            diag = error.diag
            if function := re.search(r"PL/pgSQL function (\w+)\(", diag.context or ""):
                Switch.met.append(("trigger", function[1]))
            elif diag.constraint_name:
                Switch.met.append(("constraint", diag.constraint_name))
            raise

    sql_db.Cursor.execute = watched


class Report:
    """What was noticed of each kind, and what was not."""

    def __init__(self):
        self.noticed, self.twice, self.survivors = Counter(), Counter(), {}

    def add(self, kind, name, noticed):
        self.noticed[kind] += bool(noticed)
        self.survivors.setdefault(kind, [])
        if sum(self.noticed.values()) % 100 == 99:
            print(f"   {dict(self.noticed)} missed so far", flush=True)
        guard = f"{kind} {name}"
        said = next((why for pattern, why in TWICE_SAID.items() if re.fullmatch(pattern, guard)), None)
        if not noticed and said:
            self.twice[kind] += 1
            print(f"twice said: {guard}: {said}", flush=True)
        elif not noticed:
            self.survivors[kind].append(name)
            print(f"nobody misses {guard}", flush=True)

    def print(self):
        for kind, names in self.survivors.items():
            total = self.noticed[kind] + len(names)
            print(
                f"{kind}: {self.noticed[kind]} of {total} missed when gone ({self.noticed[kind] / total:.1%})"
            )


# ----------------------------------------------------------------------
# Rules and access lines
# ----------------------------------------------------------------------


class Access:
    """Rules and lines, operation by operation, against the sentences of tests/test_access_kinds.py."""

    def __init__(self, report):
        self.report = report

    def run(self, kinds):
        kinds_tests = importlib.import_module(f"{PACKAGE}.tests.test_access_kinds")
        with set_up(kinds_tests.TestAccessKinds) as case:
            self.test = case("test_everybody_reaches_what_the_sentence_says_and_nothing_else")
            self.cr = case.cr
            case.env.flush_all()
            faults = [fault for model in kinds_tests.SENTENCES for fault in self.test._faults(model)]
            if faults:  # else every guard would seem to be missed
                raise RuntimeError("\n".join(["The sentences do not hold as it is:", *faults]))
            for kind in [kind for kind in ("rule", "acl") if kind in kinds]:
                for name, model, operations, statement in getattr(self, f"{kind}s")(case.env):
                    self.report.add(kind, name, self.is_noticed(model, operations, statement))
            self.forget()

    def rules(self, env):
        """Each rule and operation that somebody has a line for; each group or condition of a rule of several."""
        access = importlib.import_module(f"{PACKAGE}.tests.common_access")
        rules = env["ir.rule"].search([("model_id.model", "=like", "care.%")], order="model_id, id")
        lines = env["ir.model.access"].search([]).grouped("model_id")
        for rule in rules:
            name, model = self.name(rule), rule.model_id.model
            held = {
                operation
                for line in lines.get(rule.model_id, [])
                for operation in LETTERS
                if line[f"perm_{operation}"]
                and (not rule.groups or line.group_id in self.around(rule.groups))
            }
            its = [operation for operation in LETTERS if rule[f"perm_{operation}"]]
            # as they are now: later the cache holds what was taken away
            fields = access.conditions(rule) if rule["global"] else ()
            domains = {field: access.without(rule, field) for field in fields}
            for operation in held.intersection(its):
                # a rule must hold for something
                column = SQL.identifier("active" if its == [operation] else f"perm_{operation}")
                statement = SQL("UPDATE ir_rule SET %s = FALSE WHERE id = %s", column, rule.id)
                yield f"{name} {LETTERS[operation]}", model, OPERATIONS[operation], statement
                for field, domain in domains.items() if len(domains) > 1 else ():
                    statement = SQL("UPDATE ir_rule SET domain_force = %s WHERE id = %s", domain, rule.id)
                    yield f"{name}, {field} {LETTERS[operation]}", model, OPERATIONS[operation], statement
            for group in rule.groups if len(rule.groups) > 1 else ():
                statement = SQL(
                    "DELETE FROM rule_group_rel WHERE rule_group_id = %s AND group_id = %s", rule.id, group.id
                )
                yield f"{name} of {group.name}", model, sum(OPERATIONS.values(), ()), statement

    @staticmethod
    def around(groups):
        return groups | groups.all_implied_ids | groups.all_implied_by_ids

    def acls(self, env):
        lines = env["ir.model.access"].search([("model_id.model", "=like", "care.%")], order="model_id, id")
        for line in lines:
            model, implied = line.model_id.model, line.group_id.all_implied_ids - line.group_id
            for operation, letter in LETTERS.items():
                column, name = f"perm_{operation}", f"{self.name(line)} {letter}"
                others = lines.filtered(
                    lambda o, line=line, groups=implied: o.model_id == line.model_id and o.group_id in groups
                )
                if line[column] and others.filtered(column):
                    self.report.twice["acl"] += 1
                    print(f"twice said: acl {name}: {others.group_id[:1].name} have it", flush=True)
                elif line[column]:
                    statement = SQL(
                        "UPDATE ir_model_access SET %s = FALSE WHERE id = %s", SQL.identifier(column), line.id
                    )
                    yield name, model, OPERATIONS[operation], statement

    @staticmethod
    def name(record):
        return record.get_external_id()[record.id].partition(".")[2]

    def is_noticed(self, model, operations, statement):
        with undone(self.cr):
            self.cr.execute(statement)
            self.forget()
            return next(self.test._faults(model, operations), None)

    def forget(self):
        self.test.env.invalidate_all()
        self.test.registry.clear_cache("default", "stable")  # of rules, and of lines


# ----------------------------------------------------------------------
# What refuses: constraints, triggers, and the code
# ----------------------------------------------------------------------


class Refusals:
    """Each test of the module that keeps to one transaction, run again without what refused something in it."""

    def __init__(self, report):
        self.report, self.tries, self.missed = report, Counter(), set()

    def run(self, kinds, only):
        self.kinds = kinds
        with Registry(config["db_name"][0]).cursor() as cr:
            self.guards = self.all_guards(cr)
        ends = time.monotonic() + float(os.environ.get("SECONDS") or "inf")
        for case in self.cases(only):
            began = time.monotonic()
            if began > ends:
                only = ["those that were run"]
                break
            try:
                with set_up(case):
                    for name in unittest.TestLoader().getTestCaseNames(case):
                        self.try_test(case, name)
            except Exception:  # noqa: BLE001  the other classes are still worth running
                print(
                    f"{case.__module__}.{case.__name__} could not be run:\n{traceback.format_exc(limit=-2)}"
                )
            print(f"{case.__name__}: {time.monotonic() - began:.0f} s", flush=True)
        for guard in sorted(self.guards):
            kind, key = guard
            if not only or guard in self.tries:
                label = f"{key} {Switch.places.get(key, '')}".strip()
                met = f" (met by {self.tries[guard]} tests)" if self.tries[guard] else ""
                self.report.add(kind, label + met, guard in self.missed)

    def all_guards(self, cr):
        """``{(kind, key): the statement that takes it away}``; what is found in the code needs none."""
        guards = {("refusal", key): None for key in Switch.places if "refusal" in self.kinds}
        if "constraint" in self.kinds:
            guards |= self.constraints(cr)
        if "trigger" in self.kinds:
            guards |= self.triggers(cr)
        return guards

    @staticmethod
    def constraints(cr):
        guards, registry = {}, Registry(cr.dbname)
        for model in registry.values():
            for item in model._table_objects.values():
                name = item.full_name(model)
                if item._module != MODULE or model._abstract:
                    continue
                if isinstance(item, UniqueIndex):
                    guards["constraint", name] = f'DROP INDEX "{name}" CASCADE'
                elif isinstance(item, Constraint) and item.get_definition(registry) != "CHECK (TRUE)":
                    guards["constraint", name] = (
                        f'ALTER TABLE {model._table} DROP CONSTRAINT "{name}" CASCADE'
                    )
        return guards

    def triggers(self, cr):
        """By their functions, which are what an error names."""
        cr.execute(
            "SELECT p.proname, string_agg(format('ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname), ';')"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgparentid = 0 GROUP BY p.proname"
        )
        return {("trigger", function): statement for function, statement in cr.fetchall()}

    def cases(self, only):
        package = importlib.import_module(f"{PACKAGE}.tests")
        files = inspect.getmembers(package, inspect.ismodule)
        for name, file in sorted(files, key=lambda item: (item[0] == LAST, item[0])):
            if (only and name not in only) or name == "test_access_kinds":  # which measures rules and lines
                continue
            for _name, case in sorted(inspect.getmembers(file, inspect.isclass)):
                ours = case.__module__ == file.__name__ and issubclass(case, TransactionCase)
                if ours and not issubclass(case, HttpCase) and not hasattr(case, "_race"):
                    yield case

    def try_test(self, case, name):
        Switch.met = []
        if not passes(case, name):
            print(f"{case.__name__}.{name} fails as it is")
            return
        tries = TRIES + case.__module__.endswith(LAST)
        for guard in dict.fromkeys(Switch.met):
            if guard in self.guards and guard not in self.missed and self.tries[guard] < tries:
                self.tries[guard] += 1
                if not self.passes_without(case, name, guard):
                    self.missed.add(guard)

    def passes_without(self, case, name, guard):
        statement = self.guards[guard]
        if statement is None:
            Switch.off = guard[1]
            try:
                return passes(case, name)
            finally:
                Switch.off = None
        with undone(case.cr):
            case.cr.execute(statement)
            return passes(case, name)


def passes(case, name):
    result, test = OdooTestResult(), case(name)
    odoo_module.current_test = test  # as Odoo's own suite says which one runs
    test.run(result)
    return result.wasSuccessful()


@contextmanager
def set_up(case):
    """What the tests of a class have in common, as Odoo's own runner makes and clears it."""
    case.setUpClass()
    try:
        yield case
    finally:
        case.tearDownClass()
        case.doClassCleanups()


@contextmanager
def undone(cr):
    cr.execute("SAVEPOINT mutation")
    try:
        yield
    finally:
        cr.execute("ROLLBACK TO SAVEPOINT mutation")


def run(load):
    """:param load: what loads the registry; the module is imported there, and not before"""
    kinds = (os.environ.get("KIND") or "rule,acl,constraint,trigger,refusal").split(",")
    only = os.environ.get("TESTS", "").replace(",", " ").split()
    make_switchable()
    load()
    config["test_enable"] = odoo_module.current_test = (
        True  # not before: loading would run every module's tests
    )
    report = Report()
    if {"rule", "acl"} & set(kinds):
        Access(report).run(kinds)
    if {"constraint", "trigger", "refusal"} & set(kinds):
        Refusals(report).run(kinds, only)
    report.print()
    return 1 if any(report.survivors.values()) else 0
