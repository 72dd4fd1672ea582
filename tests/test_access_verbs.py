import inspect

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..tools.access_gathered import Gathered
from .common_kinds import KindsCase

# These do something with what the user has at the record, and so nothing where that is nothing.
OWN_PART = {"action_confirm_oral"}


@tagged("post_install", "-at_install")
class TestAccessVerbs(KindsCase, TransactionCase):
    """Whoever may not open a record is refused by each of its verbs, and told nothing of its state.

    Wizards are left out: they ask, and the models that they speak to decide.
    """

    @staticmethod
    def _verbs(model):
        """``(name, arguments)`` of what a caller asks of records, with a word for whatever must be given."""
        for name, method in inspect.getmembers(type(model), inspect.isfunction):
            ours = method.__module__.startswith("odoo.addons.social_care.")
            if ours and name.startswith("action_") and not getattr(method, "_api_model", False):
                parameters = list(inspect.signature(method).parameters.values())[1:]
                yield name, ["x" for parameter in parameters if parameter.default is parameter.empty]

    def _closed(self, name):
        """A record of the model for somebody whose role has the model, but not this record."""
        for person, user in self.people.items():
            mine = self.env[name].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            if not mine.has_access("read"):
                continue
            reached = self._reached(person, name, "read")
            for kind, ids in self.rows[name].items():
                if not {kind, f"{kind} (some)"} & reached:
                    return mine.browse(ids[0])
        return None

    def _answer(self, record, verb, arguments):
        """What is wrong with the answer, or nothing."""
        gathered = Gathered.of(self.env["care.access.log"])
        mine = self._once_open(record.env.user, record)
        gathered.lines.clear()
        try:
            answer = getattr(mine, verb)(*arguments)
        except AccessError:
            noted = any(line.refused and line.model == record._name for line in gathered.lines)
            return None if noted or record._wall != "file" else "leaves no line of the attempt"
        except UserError as error:
            return f"tells: {error}"
        if isinstance(answer, dict) and answer.get("type", "").startswith("ir.actions."):
            return None  # a window, in which the user sees what the rules open
        return None if verb in OWN_PART else f"goes through: {answer}"

    def test_a_verb_asks_before_it_does_or_tells_anything(self):
        tried = 0
        for name in sorted(self.rows):
            record = None if self.env[name]._transient else self._closed(name)
            for verb, arguments in self._verbs(self.env[name]) if record else ():
                with (
                    self.subTest(verb=f"{name}.{verb}", user=record.env.user.login),
                    self.cr.savepoint() as undone,
                ):
                    self.assertFalse(self._answer(record, verb, arguments))
                    undone.rollback()
                tried += 1
        self.assertGreater(tried, 100)

    def test_a_report_asks_before_it_is_made(self):
        """Odoo prints any report for whoever knows its address; what the template reads may lie in the cache."""
        reports = self.env["ir.actions.report"].search([("report_name", "=like", "social_care.%")])
        self.assertGreater(len(reports), 10)
        for report in reports:
            with self.subTest(report=report.report_name), self.cr.savepoint() as undone:
                mine = self._closed(report.model)
                mine = self._once_open(mine.env.user, mine)
                with self.assertRaises(AccessError):
                    mine.env[f"report.{report.report_name}"]._get_report_values(mine.ids)
                undone.rollback()
