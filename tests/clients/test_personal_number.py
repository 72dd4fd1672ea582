from datetime import date

from odoo.tests import BaseCase, tagged

from ...tools import personal_number as pnr

TODAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
class TestPersonalNumber(BaseCase):
    """Numbers of the public test series (serial 980-999), or of dates long past."""

    def test_a5_every_way_that_people_write_it(self):
        for number, ways in {
            "194006049987": [
                "19400604-9987", "194006049987", "400604-9987", "4006049987", " 19400604 9987 ", "19 40 06 04 99 87",
                "400604 9987", "19400604\u20139987", "400604\u22129987", "\t400604-9987\n",
                "19400604\u20119987", "400604\u20109987", "400604\u2014\u200b9987", "194006\u00ad049987",
                "19400604\u00a09987", "\ufeff19400604-9987",
            ],
            "200002299980": ["20000229-9980", "000229-9980", "0002299980"],
            "191212121212": ["19121212-1212", "121212+1212", "121212+1212 "],
        }.items():  # fmt: skip
            for way in ways:
                with self.subTest(way=way):
                    self.assertEqual(pnr.parse(way, TODAY)[0], number)

    def test_the_century(self):
        """Without a century: the latest that has passed; a plus says a hundred years more."""
        for written, today, number in [
            ("121212-1212", TODAY, "201212121212"),
            ("121212+1212", TODAY, "191212121212"),
            ("400604-9987", date(2040, 6, 3), "194006049987"),
            ("400604-9987", date(2040, 6, 4), "204006049987"),
            ("400604+9987", date(2040, 6, 4), "194006049987"),
            ("400604+9987", TODAY, "184006049987"),
        ]:
            with self.subTest(written=written, today=today):
                self.assertEqual(pnr.parse(written, today)[0], number)

    def test_coordination_numbers(self):
        """The day plus 60, so 61 to 91."""
        for digits, born in [
            ("701063239", date(1970, 10, 3)),
            ("640883323", date(1964, 8, 23)),
            ("000291998", None),
            ("900161998", date(1990, 1, 1)),
            ("900191998", date(1990, 1, 31)),
            ("900192998", None),
            ("900491998", None),
            ("000289998", date(2000, 2, 29)),
        ]:
            written = digits + self._check_digit(digits)
            with self.subTest(written=written):
                if born:
                    number, birth_date = pnr.parse(written, TODAY)
                    self.assertEqual((number[2:], birth_date), (written, born))
                else:
                    self.assertRefused(written, "date")

    def test_a3_a_birth_that_is_not_known_to_the_day(self):
        """FIELD A3: coordination numbers of Skatteverket's test data."""
        for written, born in (
            ("19150072-2390", date(1915, 7, 12)),
            ("191500882392", date(1915, 1, 28)),
            ("197000602396", date(1970, 5, 5)),
        ):
            number = written.replace("-", "")
            with self.subTest(written=written):
                self.assertEqual(pnr.parse(written, TODAY), (number, None))
                self.assertTrue(pnr.agrees(number, born))
                self.assertFalse(pnr.agrees(number, born.replace(year=born.year + 1)))
        self.assertRefused("400004" + "998" + self._check_digit("400004998"), "date")
        self.assertRefused("191300602399", "checksum")

    def test_a4_the_birth_date_decides_the_century(self):
        """FIELD A4: ``2402029801`` of somebody born in 1924 is not of a child."""
        self.assertEqual(pnr.parse("2402029801", TODAY, born=date(1924, 2, 2))[0], "192402029801")
        self.assertEqual(pnr.parse("2402029801", TODAY)[0], "202402029801")
        for born in (date(1924, 2, 3), date(1925, 2, 2)):
            with self.assertRaises(pnr.PersonalNumberError) as refused:
                pnr.parse("2402029801", TODAY, born=born)
            self.assertEqual(refused.exception.reason, "born")

    def test_dates_that_a_search_can_mean(self):
        self.assertEqual(pnr.dates("1958-04-12"), [date(1958, 4, 12)])
        self.assertEqual(pnr.dates("580412"), [date(1958, 4, 12), date(2058, 4, 12)])
        for text in ("", None, "Astrid", "581312", "1958-4-12", "58", "19580412-9987"):
            self.assertEqual(pnr.dates(text), [], text)

    def test_a5_what_is_refused_and_why(self):
        for written, reason in [
            ("", "format"), (None, "format"), ("Astrid Ek", "format"), ("400604-998", "format"),
            ("400604-99877", "format"), ("1400604-9987", "format"), ("400604=9987", "format"),
            ("4006O4-9987", "format"), ("400604--9987", "format"), ("40-0604-9987", "format"),
            ("19400604-9987; DROP TABLE", "format"), ("x19400604-9987", "format"),
            ("19400604-9986", "checksum"), ("400604-9980", "checksum"),
            ("19400230-9980", "date"), ("19401304-9980", "date"), ("19400600-9980", "date"),
            ("19000229-9980", "date"), ("20010229-9980", "date"), ("20270101-9980", "future"),
            ("30400604-9987", "future"), ("00000604-9987", "date"),
            ("19400604-0003", "serial"), ("\u0661\u0669400604-9987", "format"),
        ]:  # fmt: skip
            with self.subTest(written=written):
                self.assertRefused(written, reason)

    def test_every_single_wrong_digit_and_every_swap_is_noticed(self):
        """What the check digit is for: one digit wrong, or two neighbours swapped (but 0 and 9)."""
        right = "4006049987"
        for place in range(10):
            for digit in set("0123456789") - {right[place]}:
                wrong = right[:place] + digit + right[place + 1 :]
                self.assertIsNone(self._normalise(wrong, century="19"), wrong)
        for place in range(9):
            one, two = right[place], right[place + 1]
            if one != two and {one, two} != {"0", "9"}:
                wrong = right[:place] + two + one + right[place + 2 :]
                self.assertIsNone(self._normalise(wrong, century="19"), wrong)

    def test_written_and_read_again(self):
        for year in range(1926, 2026, 7):
            for month, day in ((1, 1), (2, 28), (6, 30), (12, 31)):
                for serial in ("980", "999"):
                    digits = f"{year % 100:02}{month:02}{day:02}{serial}"
                    number = f"{year // 100}{digits}{self._check_digit(digits)}"
                    self.assertEqual(pnr.parse(pnr.written(number), TODAY), (number, date(year, month, day)))
        self.assertEqual(pnr.written(False), "")

    def assertRefused(self, written, reason):
        with self.assertRaises(pnr.PersonalNumberError) as refused:
            pnr.parse(written, TODAY)
        self.assertEqual(refused.exception.reason, reason)

    @staticmethod
    def _normalise(text, century=""):
        return pnr.normalise(century + text)

    @staticmethod
    def _check_digit(digits):
        """Luhn, worked out here by itself."""
        total = 0
        for place, digit in enumerate(digits):
            product = int(digit) * (2 if place % 2 == 0 else 1)
            total += product // 10 + product % 10
        return str(-total % 10)
