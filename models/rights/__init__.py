from . import (
    care_legal_basis,
    care_processing,
    care_subject_register,
    care_subject_request,
    care_subject_part,
    care_subject_release,
    care_subject_item,
    care_client,
    care_consent_gate,
    care_disclosure,
    res_company,
)
