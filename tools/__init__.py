from . import address, csv_text, personal_number, photo
