from odoo.tests import TransactionCase, tagged

from ..common_emergency import EmergencyCase
from ..common_file import FILE_MODELS, FileCase


@tagged("post_install", "-at_install")
class TestCareClientLockoutMatching(EmergencyCase, FileCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lockouts = cls.env["care.client.lockout"]
        cls.staff = cls._employee(cls.north_staff)

    def _made(self, client=None):
        return self.lockouts.search(
            [("origin", "!=", "decided"), ("client_id", "=", (client or self.astrid).id)]
        )

    def test_staff_who_are_clients(self):
        for field, number in (("ssnid", "19400604-9987"), ("identification_id", "400604 9987")):
            self.assertTrue(self._sees(self.north_staff, self.astrid))
            self.staff.write({field: number})
            made = self._made()
            self.assertEqual((made.user_id, made.origin), (self.north_staff, "self"))
            for model in FILE_MODELS:
                self.assertFalse(self._sees(self.north_staff, self.files[self.astrid][model]), model)
            self.assertFalse(self.lockouts._match(), "made once")
            self.staff.write({field: False})
            self.cr.execute("DELETE FROM care_client_lockout WHERE id = %s", [made.id])
            self.env.invalidate_all()

    def test_from_the_clients_side(self):
        self.staff.write({"ssnid": "19900101-9802"})
        client = self._client("Ny", "Klient", "199001019802")
        self.assertEqual(self._made(client).user_id, self.north_staff)
        other = self._client("Okänd", "Klient")
        self._employee(self.south_staff).ssnid = "199101019819"
        other.personal_number = "910101-9819"
        self.assertEqual(self._made(other).user_id, self.south_staff)

    def test_a_former_number_is_the_persons_too(self):
        self.astrid.personal_number = "19400664-9984"
        self.astrid.former_number_ids.unlink()
        numbers = self.env["care.client.number"]
        self.staff.ssnid = "194006049987"
        self.assertFalse(self._made())
        values = {"client_id": self.astrid.id, "number": "19400604-9987"}
        numbers.create({**values, "kind": "other"}).unlink()
        self.assertFalse(self._made(), "another register's number may be anything")
        numbers.create({**values, "kind": "former"})
        self.assertEqual(self._made().user_id, self.north_staff)

    def test_a_neighbour_or_a_namesake_is_only_a_sign(self):
        self.astrid.write({"street": "Björkvägen 1", "zip": "123 45"})
        self.staff.write(
            {"private_street": "Björkvägen 1", "private_zip": "123 45", "name": self.astrid.name}
        )
        self.assertFalse(self._made())

    def test_a_member_from_today_is_matched(self):
        newcomer = self._user("newcomer", "social_care.group_care_staff")
        self._employee(newcomer).ssnid = "194006049987"
        self.assertFalse(self._made())
        self._member(self.north, newcomer)
        self.assertEqual(self._made().user_id, newcomer)

    def test_the_officer_alone_is_told_and_ends_it(self):
        self.staff.write({"ssnid": "194006049987"})
        made = self._made()
        self.assertTrue(self._sees(self.privacy_officer, made))
        for user in (self.north_manager, self.south_manager):
            self.assertFalse(self._sees(user, made), "a manager would learn whose relative a colleague is")
        change = self.env["care.access.change"].search([("kind", "=", "lockout")], limit=1)
        self.assertEqual((change.subject_user_id, change.name), (self.north_staff, self.astrid.reference))
        self._as(self.privacy_officer, made).write({"date_from": self._day(-1), "date_to": self._day(-1)})
        self.assertTrue(self._sees(self.north_staff, self.astrid))
        self.assertFalse(self.lockouts._match(), "what the officer has ended is not made again")

    def test_an_officer_does_not_learn_of_oneself(self):
        both = self._user("both", "social_care.group_privacy_officer,social_care.group_care_staff")
        self._member(self.north, both)
        self._employee(both).ssnid = "194006049987"
        change = self.env["care.access.change"].search([("kind", "=", "lockout")], limit=1)
        self.assertEqual(change.subject_user_id, both)
        self.assertFalse(self._sees(both, change))
        self.assertFalse(self._sees(both, self._made()))
        told = self.env["mail.activity"].search(
            [("res_model", "=", change._name), ("res_id", "=", change.id)]
        )
        self.assertNotIn(both, told.user_id)

    def test_it_beats_every_other_right(self):
        """Manager and contact person, emergency, and Odoo's administrator in a care role."""
        sysadmin = self._user("sysadmin", "base.group_system,social_care.group_care_manager")
        self._member(self.north, sysadmin, "manager")
        for user in (self.north_manager, sysadmin):
            self._open_file(user, self.astrid.reference)
            self.assertTrue(self._sees(user, self.astrid))
            self._employee(user).ssnid = "194006049987"
            for model in FILE_MODELS:
                self.assertFalse(self._sees(user, self.files[self.astrid][model]), (user.login, model))
                self.assertFalse(self._as(user, self.files[self.astrid][model]).has_access("read"))
            self._refusal(user, self.astrid.reference)
            self._employee(user).ssnid = False

    def test_one_query_when_nothing_is_new(self):
        self.env.flush_all()
        with self.assertQueryCount(__system__=1):
            self.lockouts._match()
