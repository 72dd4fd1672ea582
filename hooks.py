FUNCTIONS = ("care_stay_check_places()", "care_dwelling_check_places()")


def uninstall_hook(env):
    """Take the database functions along; triggers go with their tables."""
    for function in FUNCTIONS:
        env.cr.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")
