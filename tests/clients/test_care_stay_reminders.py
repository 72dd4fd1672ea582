from odoo.tests import TransactionCase, tagged

from ..common import CareCase


@tagged("post_install", "-at_install")
class TestCareStayReminders(CareCase, TransactionCase):
    def _remind(self):
        with self.enter_registry_test_mode():
            self.env.ref("social_care.care_stay_cron_remind").method_direct_trigger()
        self.env.invalidate_all()
        stays = self.stay_astrid | self.stay_bo | self.stay_dan
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "care.stay"), ("res_id", "in", stays.ids)]
        )
        return sorted(
            (a.res_id, a.activity_type_id.name, a.user_id.login, a.date_deadline) for a in activities
        )

    def _decision(self, client, unit, end, basis="sol_11_1"):
        return self.env["care.decision"].create(
            {
                "client_id": client.id,
                "unit_id": unit.id,
                "legal_basis_id": self.env.ref(f"social_care.legal_basis_{basis}").id,
                "authority_id": self.env["res.partner"].create({"name": "Nämnden", "is_company": True}).id,
                "date_from": self._day(-100),
                "date_to": self._day(end),
            }
        )

    def test_the_contact_person_is_reminded_once_per_cause(self):
        self._contact_person(self.astrid, self.north, self.north_staff)
        self.stay_astrid.date_to = self._day(20)
        for end, basis in ((25, "sol_11_1"), (10, "lss_9_3")):
            self._decision(self.astrid, self.north, end, basis)
        expected = [
            (self.stay_astrid.id, "A decision ends", "north_staff", self._day(10)),
            (self.stay_astrid.id, "The stay ends", "north_staff", self._day(20)),
        ]
        self.assertEqual(self._remind(), expected)
        self.assertEqual(self._remind(), expected, "a second run adds nothing")

    def test_without_a_contact_person_the_manager_is_reminded(self):
        self.stay_bo.date_to = self._day(5)
        self.assertEqual(self._remind(), [(self.stay_bo.id, "The stay ends", "south_manager", self._day(5))])

    def test_a_reminder_closes_itself_when_its_cause_is_gone(self):
        decision = self._decision(self.bo, self.south, 5)
        self.assertEqual(len(self._remind()), 1)
        decision.date_to = self._day(300)
        self.assertFalse(self._remind())

    def test_the_reminder_names_nobody_and_is_not_mailed(self):
        mails = self.env["mail.mail"].search_count([])
        self.stay_bo.date_to = self._day(5)
        self._remind()
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "care.stay"), ("res_id", "=", self.stay_bo.id)]
        )
        self.assertEqual(activity.res_name, self.bo.reference)
        self.assertNotIn("Al", f"{activity.summary or ''}{activity.note or ''}")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_the_form_shows_what_is_due_to_the_unit_alone(self):
        self._stay(self.astrid, self.south, -5)
        self.stay_astrid.date_to = self._day(20)
        self._remind()
        self.assertEqual(self._as(self.north_staff, self.astrid).due_date, self._day(20))
        self.assertFalse(self._as(self.south_staff, self.astrid).due_date)

    def test_as_many_queries_for_many_stays(self):
        stays = self.env["care.stay"].concat(
            *(
                self._stay(self._client("Klient", str(number)), self.south, -30, 9, dwelling_id=False)
                for number in range(12)
            )
        )
        costs = []
        for some in (stays[:2], stays):
            due = self.env["care.stay"]._due_reminders()
            some._sync_reminders(due)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._sync_reminders(due)
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0], costs)

    def test_who_has_left_is_followed_by_the_manager(self):
        contact = self._contact_person(self.bo, self.south, self.south_staff)
        self.stay_bo.date_to = self._day(9)
        self.assertEqual([row[2] for row in self._remind()], ["south_staff"])
        member = self.south.member_ids.filtered(lambda member: member.user_id == self.south_staff)
        member.date_to = self._day(-2)
        self.assertEqual([row[2] for row in self._remind()], ["south_manager"], "a last day, at once")
        member.date_to = contact.date_to = False
        self.assertEqual([row[2] for row in self._remind()], ["south_staff"], "and back")
        self._lockout(self.bo, self.south_staff)
        self.assertEqual([row[2] for row in self._remind()], ["south_manager"], "who may not open it")
