import base64
import binascii
import io

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG")
LONGEST_SIDE = 1600
MAX_PIXELS = 50_000_000


def bare_photo(content):
    """The picture alone, as a JPEG made anew from its pixels.

    Where and when it was taken, with what and by whom (EXIF, XMP, comments, thumbnails) stays behind;
    the picture is turned upright first, since that is read from EXIF.

    :param bytes|str content: base64 of a JPEG or PNG
    :return: base64 of a JPEG, its longest side at most 1600 pixels
    :rtype: bytes
    :raise ValueError: when it is no JPEG or PNG, is broken, or is too large
    """
    return _made_anew(content, _jpeg_of_pixels)


def bare_drawing(content):
    """A signature drawn by hand: as ``bare_photo``, but a PNG, so that its ground stays clear."""
    return _made_anew(content, _png_of_pixels)


def bare_paper(content):
    """A scanned paper: a PDF as it is, a picture as ``bare_photo``.

    :return: base64 of the file, and ``pdf`` or ``jpg``
    :raise ValueError: when it is neither
    """
    try:
        decoded = base64.b64decode(content)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if decoded.startswith(b"%PDF-"):
        return content, "pdf"
    return bare_photo(content), "jpg"


def _made_anew(content, pixels_of):
    try:
        with Image.open(io.BytesIO(base64.b64decode(content)), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError("too large")
            return base64.b64encode(pixels_of(ImageOps.exif_transpose(image)))
    except (
        binascii.Error,
        OSError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ) as error:
        raise ValueError("no JPEG or PNG") from error


def _jpeg_of_pixels(image):
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = image.convert("RGBA")
    bare = Image.new("RGB", pixels.size, "white")
    bare.paste(pixels, mask=pixels.getchannel("A"))
    stream = io.BytesIO()
    bare.save(stream, "JPEG", quality=85, optimize=True)
    return stream.getvalue()


def _png_of_pixels(image):
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = image.convert("RGBA")
    bare = Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    stream = io.BytesIO()
    bare.save(stream, "PNG", optimize=True)
    return stream.getvalue()
