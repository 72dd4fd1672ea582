from . import (
    care_subject_answer,
    care_subject_hand_over,
    care_subject_judge,
    care_subject_open,
)
