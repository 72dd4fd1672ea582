from . import controllers, models, reports, tools, wizards
from .hooks import uninstall_hook
