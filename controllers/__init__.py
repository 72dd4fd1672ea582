from . import care_export
