"""The groups of the module, by what they open."""

# The roles whose content a membership opens, and the others that are watched.
CONTENT_GROUPS = (
    "group_care_staff", "group_care_manager", "group_oncall_staff", "group_oncall_lead", "group_relative_support",
)  # fmt: skip
CARE_GROUPS = (*CONTENT_GROUPS, "group_privacy_officer", "group_care_admin")
