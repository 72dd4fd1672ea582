from . import controllers, models, reports, tools, wizards
from .hooks import post_load, uninstall_hook
