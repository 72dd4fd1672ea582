from . import (
    base_import_import,
    care_print_period,
    mail_activity_schedule,
    mail_compose_message,
)
