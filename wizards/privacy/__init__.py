from . import care_emergency_judge, care_emergency_open, privacy_lookup_wizard
