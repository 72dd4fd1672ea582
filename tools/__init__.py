from . import personal_number, photo
