from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ...tools.access_gathered import Gathered
from ..common_access_log import AccessLogCase


@tagged("post_install", "-at_install")
class TestCareClientKnown(AccessLogCase, TransactionCase):
    """Who tries whether somebody is a client learns it of one at a time, and leaves a line in that client's log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bo.protection_level = "marked"
        cls.free = cls._numbers(3)

    @classmethod
    def _numbers(cls, count):
        """Valid numbers that nobody has."""
        found, serial = [], 980
        while len(found) < count:
            for digit in range(10):
                number = f"20010101{serial}{digit}"
                try:
                    found.append(cls.env["care.client"]._read_personal_number(number))
                except ValidationError:
                    continue
            serial += 1
        return found[:count]

    def _load(self, user, numbers, *bad_rows, names=("personal_number", "lastname")):
        rows = [[number, "Ny"] for number in numbers]
        clients = self._as(user, self.env["care.client"])
        answer = clients.load(list(names), [*rows, *bad_rows])
        self._end_request()
        return answer

    def _refused(self, client):
        return self._lines(self.north_manager, client, refused=True, model="care.client", operation="create")

    def test_a_file_does_not_tell_which_rows_are_clients(self):
        """Bo is protected and at another unit; the answer about him is the one about whoever is no client."""
        bo, (free, *_others) = self.bo.personal_number, self.free
        for bad in (["19010101", "Fel"], ["", ""], ["20010101-9805", "Fel"]):
            with self.subTest(bad):
                answers = [self._load(self.north_manager, [number], bad) for number in (bo, free)]
                self.assertEqual(*[self._plain(answer) for answer in answers])

    def _plain(self, answer):
        return answer["ids"], [(m.get("rows"), m["message"], m["type"]) for m in answer["messages"]]

    def test_a_file_with_a_closed_client_is_refused_as_a_whole(self):
        bo = self.bo.personal_number
        before = self.env["care.client"].search_count([])
        answers = []
        for numbers in ([bo, *self.free], [*self.free, bo], [self.free[0], bo, self.dan.personal_number]):
            self._tick()
            answers.append(self._load(self.north_manager, numbers))
        self.assertEqual({str(self._plain(answer)) for answer in answers}, {str(self._plain(answers[0]))})
        [message] = answers[0]["messages"]
        self.assertFalse(answers[0]["ids"])
        self.assertNotIn("rows", message)
        self.assertEqual(self.env["care.client"].search_count([]), before)
        self.assertGreaterEqual(len(self._refused(self.bo)), 3, "each attempt is a line")
        self.assertFalse(self._refused(self.astrid))

    def test_other_numbers_are_no_way_round(self):
        """As a column of the clients' file, or as a file of their own."""
        names = ("personal_number", "lastname", "former_number_ids/number", "former_number_ids/kind")
        bo, (one, two, _three) = self.bo.personal_number, self.free
        rows = [[one, "Ny", bo, "former"], [two, "Ny", "20010101-T22X", "other"]]
        answer = self._as(self.north_manager, self.env["care.client"]).load(list(names), rows)
        self._end_request()
        [message] = answer["messages"]
        self.assertFalse(answer["ids"])
        self.assertNotIn("rows", message)
        self.assertTrue(self._refused(self.bo))
        numbers = self._as(self.north_manager, self.env["care.client.number"])
        with self.assertRaises(UserError):
            numbers.load(["client_id/.id", "number", "kind"], [[str(self.astrid.id), bo, "former"]])

    def test_nothing_of_such_a_file_is_tried(self):
        """Else rows that fail as they are stored would tell which one was left out."""
        answer = self._load(self.north_manager, [self.bo.personal_number], [self.free[0], "x" * 600])
        [message] = answer["messages"]
        self.assertNotIn("rows", message)

    def test_a_caller_does_not_choose_odoo_s_own_loading(self):
        clients = self._as(self.north_manager, self.env["care.client"]).with_context(install_mode=True)
        answer = clients.load(
            ["personal_number", "lastname"], [[self.free[0], "Ny"], [self.bo.personal_number, "Ny"]]
        )
        self.assertFalse(answer["ids"])
        self.assertFalse([message for message in answer["messages"] if "rows" in message])

    def test_whoever_admits_one_learns_that_the_person_is_known(self):
        values = {
            "lastname": "Ny",
            "personal_number": self.bo.personal_number,
            "intake_unit_id": self.north.id,
        }
        for door in (
            lambda: self._as(self.north_manager, self.env["care.client"]).create(values),
            lambda: self._as(self.north_manager, self.cilla).write(
                {"personal_number": values["personal_number"]}
            ),
        ):
            self._tick()
            seen = len(self._refused(self.bo))
            with self.assertRaises(ValidationError) as known, self.env.cr.savepoint():
                door()
            Gathered.of(self.env["care.access.log"]).write_before_rollback()  # the request has failed
            for text in ("Bo", "Al", self.bo.reference, "Söder", self.bo.personal_number):
                self.assertNotIn(text, str(known.exception).split())
            self.assertEqual(len(self._refused(self.bo)), seen + 1)

    def test_whoever_admits_nobody_learns_nothing(self):
        for user in (self.north_staff, self.care_admin, self.oncall_lead, self.supporter):
            clients = self._as(user, self.env["care.client"])
            for number in (self.bo.personal_number, self.free[0]):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    clients.create({"lastname": "Ny", "personal_number": number})
            answers = [
                self._load_or_error(user, number) for number in (self.bo.personal_number, self.free[0])
            ]
            self.assertEqual(*answers)
        for number in (self.bo.personal_number, self.free[0]):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._as(self.north_staff, self.astrid).write({"personal_number": number})

    def _load_or_error(self, user, number):
        try:
            return self._plain(self._load(user, [number]))
        except AccessError as error:
            return str(error)

    def test_a_refused_file_is_a_line(self):
        for model, names, row in (
            ("care.client", ["personal_number", "lastname"], ["19010101", "Fel"]),
            ("care.stay", ["client_id", "unit_id", "date_from"], [self.bo.reference, "Norr", "2026-01-01"]),
        ):
            self.assertFalse(self._as(self.north_manager, self.env[model]).load(names, [row])["ids"])
            self._end_request()
            self.assertTrue(
                [
                    line
                    for line in self._lines(self.north_manager, model=model, refused=True)
                    if not line["client_id"]
                ]
            )
