"""A record of every kind in the clients' files, for tests that walk over all models behind the wall."""

from odoo import Command

from .common import CareCase

FILE_MODELS = [
    "care.client",
    "care.stay",
    "care.client.contact",
    "care.decision",
    "care.consent",
    "care.contact.person",
]


class FileCase(CareCase):
    """Each of Astrid (Norr), Bo (Söder) and Dan (once at Norr) has one record of each model of the file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.basis = cls.env.ref("social_care.legal_basis_sol_11_1")
        cls.authority = cls.env["res.partner"].create({"name": "Nämnden", "is_company": True})
        cls.files = {
            cls.astrid: cls._file(cls.astrid, cls.north, cls.stay_astrid, cls.north_manager),
            cls.bo: cls._file(cls.bo, cls.south, cls.stay_bo, cls.south_manager),
            cls.dan: cls._file(cls.dan, cls.north, cls.stay_dan, cls.north_manager, -300),
        }

    @classmethod
    def _file(cls, client, unit, stay, contact_person, start=-10):
        """The client's records by model."""
        common = {"client_id": client.id, "unit_id": unit.id, "date_from": cls._day(start)}
        values = {
            "care.client.contact": {"name": f"Syster till {client.lastname}", "phone": "08-123 45 67"},
            "care.decision": {
                "legal_basis_id": cls.basis.id,
                "authority_id": cls.authority.id,
                "goal": "Hemligt mål",
            },
            "care.consent": {"scope": "photo", "purpose": "Hemligt album"},
        }
        records = {model: cls.env[model].create({**common, **extra}) for model, extra in values.items()}
        records["care.contact.person"] = cls._contact_person(client, unit, contact_person, start)
        return {"care.client": client, "care.stay": stay, **records}

    @classmethod
    def _stranger(cls, login, groups, **vals):
        """Somebody of another company, with a membership in Norr that must not help."""
        other = cls.env["res.company"].create({"name": f"Annan AB {login}"})
        user = cls._user(login, groups, company_id=other.id, company_ids=[Command.set(other.ids)], **vals)
        cls._employee(user).company_id = cls.company
        cls._member(cls.north, user, "manager")
        return user

    def _ids(self, user, model):
        """The ids that the user's own search finds, on a cold cache."""
        return set(self._as(user, self.env[model]).search([]).ids)

    def _sees(self, user, record):
        return record.id in self._ids(user, record._name)
