from . import personal_number
