"""One font configuration for the programs that are brought; without any font Chromium crashes."""

from common import CACHE, read_json

TEXT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{brought}</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Roboto</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""


def font_configuration():
    """The path of a fonts.conf over the system's fonts and those that came with Odoo's package."""
    path = CACHE / "fonts.conf"
    odoo = read_json(CACHE / "odoo.json", {})
    text = TEXT.format(
        brought=CACHE / odoo.get("folder", "none") / "usr/share/fonts", cache=CACHE / "fontconfig"
    )
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
