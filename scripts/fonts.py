"""Fetch the fonts that ship and write the tables that describe them.

    .venv/bin/python scripts/fonts.py            fetch, check, copy, write fonts.toml (needs npm)
    .venv/bin/python scripts/fonts.py --check    compare the files here with fonts.toml (no network)

Those of assets/fonts ship with actionpack-print, those of East Asia with actionpack-print-cjk,
cut to the letters that are written there (cutting.py). The packages are pinned by version and by
hash. Each file is opened and must be a static TrueType font with the letters we rely on, under
the OFL-1.1: a slice or a variable font would print, and print wrong.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cutting import NATIONAL_SETS, NationalSet, cut
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
TABLE = "fonts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One weight and slope."""

    name: str
    folder: str
    weight: int
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package of static fonts, all of one family."""

    name: str
    version: str
    sha512: str
    """As npm writes it: base64."""
    family: str
    prefix: str
    """What the files are called before the hyphen, there and here."""
    scripts: tuple[str, ...]
    """Those of `PROBES` whose letters it must have."""
    faces: tuple[str, ...] = ("Regular", "Bold")
    """Those of `FACES` that we take."""

    @property
    def national_set(self) -> NationalSet | None:
        """What its fonts are cut to; None where they stay whole."""
        return NATIONAL_SETS.get(self.scripts[0])

    @property
    def licence_name(self) -> str:
        """The licence file that stands beside the family."""
        return f"{self.prefix}-LICENSE.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A folder of fonts and what it is filled from."""

    folder: Path
    packages: tuple[Package, ...]

    @property
    def files(self) -> Iterator[tuple[str, Package, Face]]:
        """Every font file: its name, its package, its weight and slope."""
        for package in self.packages:
            for face in FACES:
                if face.name in package.faces:
                    yield f"{package.prefix}-{face.name}.ttf", package, face


# In the order in which a face is looked for when a text's own lacks a letter: the scripts that
# many languages share come first.
SHIPPED = Shelf(
    folder=ROOT / "assets" / "fonts",
    packages=(
        Package(
            name="@expo-google-fonts/noto-sans",
            version="0.4.2",
            sha512="zYD8G2ijWLxqmquoQgghNh/x9p0yxWwArD0oxO1oXY1qx5vOd4t0Kbhnu/Cx8RTy08OgA8RtxuULZFaXwVPnPw==",
            family="Noto Sans",
            prefix="NotoSans",
            scripts=("Latn", "Grek", "Cyrl"),
            faces=("Regular", "Italic", "SemiBold", "Bold", "BoldItalic"),
        ),
        Package(
            name="@expo-google-fonts/noto-serif",
            version="0.4.2",
            sha512="1xvAYegrtpCuPPunSyhvhV9FHWEzCWjikEoUJkvHt+WWvt+h7lKr+vkXNpqwFQM4W3KjXOccfLd5s04xLMjjDQ==",
            family="Noto Serif",
            prefix="NotoSerif",
            scripts=("Latn", "Grek", "Cyrl"),
            faces=("Regular", "Italic", "SemiBold", "Bold", "BoldItalic"),
        ),
        Package(
            name="@expo-google-fonts/noto-naskh-arabic",
            version="0.4.5",
            sha512="KN73tROdoKQubTZ/ZsERCdAlZ1cBLRbRIe196tISAcPLgIqMvIgFCUs1xsrS/pe3fIYxT9l+c95sQF8wv48ijA==",
            family="Noto Naskh Arabic",
            prefix="NotoNaskhArabic",
            scripts=("Arab",),
        ),
        Package(
            name="@expo-google-fonts/noto-nastaliq-urdu",
            version="0.4.2",
            sha512="ciSPIxljdusLFb66Ov5uP8vXNuP2/CPAxwHqF2lIHqQwxZ8YtYf1B9VGiK0hcwp4XqmX6/hog8QNgViWoY9KGg==",
            family="Noto Nastaliq Urdu",
            prefix="NotoNastaliqUrdu",
            scripts=("Aran",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-hebrew",
            version="0.4.1",
            sha512="NR3vP6GT/hSINLrk4JHJBQnuzh/C1mlMrphNlI2dQaO53a3oTjSRoG4JyYb1B6bHadjsGh0wPZbT4kMJBKjT/w==",
            family="Noto Sans Hebrew",
            prefix="NotoSansHebrew",
            scripts=("Hebr",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-devanagari",
            version="0.4.1",
            sha512="26boYPNKGP1r4R5MxsMAY/zCQOwiXLOJzX8sh1a2oEWyQurQsyniaCv4992c+9jjwshEEt2NNVv5GcnyzaL7QQ==",
            family="Noto Sans Devanagari",
            prefix="NotoSansDevanagari",
            scripts=("Deva",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-bengali",
            version="0.4.4",
            sha512="Ya58tLTEdP4P5EF3ZXTM829/g57mbfW8OrD16MMZr2sC3nIKItl/3J9tZlk1nrtqfFGzIgxb+zt/hLjAaTAQgQ==",
            family="Noto Sans Bengali",
            prefix="NotoSansBengali",
            scripts=("Beng",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-tamil",
            version="0.4.3",
            sha512="1TBkwJ8gJPnt1UIC+um987hYb/QmRDATGKbtwDW6dajISxr8b7+EVjwMESMJaQxfNS8VWE4IBT2jYmpBGw4D+w==",
            family="Noto Sans Tamil",
            prefix="NotoSansTamil",
            scripts=("Taml",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-thai",
            version="0.4.2",
            sha512="PGBBBDGfJJ/5y2hNweLBZWD4YmVT4uOO4chsOPXyl0TktaBJamDKVKv/WbGiDTeBGdkegLiytsWo+lhnkHP5qA==",
            family="Noto Sans Thai",
            prefix="NotoSansThai",
            scripts=("Thai",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-lao",
            version="0.4.2",
            sha512="gM/grIG03BWSk8lqiR1IC7WHpGH/8TrvwU0ZjEvs236YiN0LK2qQythq6lqcJbENo/0HMxdk13n35yhqnHVJ8g==",
            family="Noto Sans Lao",
            prefix="NotoSansLao",
            scripts=("Laoo",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-khmer",
            version="0.4.3",
            sha512="vBG7J/w4j+tPTPA53a43zb/s/K3AjHRTDbEG4omn/xs4dThknBh4aVRJ4zwROLy7OeZnhQPDkGRUEPAi8C/btg==",
            family="Noto Sans Khmer",
            prefix="NotoSansKhmer",
            scripts=("Khmr",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-myanmar",
            version="0.4.2",
            sha512="qG8DHmy+7xFvW5z8lN3r5jjEXoQBhjpjoxXR/Y8/WcywirPIBZnFpAy5IlwCRSobJdCw3+i7gvmIz1bl6mp7bg==",
            family="Noto Sans Myanmar",
            prefix="NotoSansMyanmar",
            scripts=("Mymr",),
        ),
        Package(
            name="@expo-google-fonts/noto-serif-tibetan",
            version="0.4.2",
            sha512="e3PdLzPldwsirxE0xUN3IQ69XG6QOTQT1jxm2AnB3RrYPHLC+043AM4VZCkYXfepr1oPqK4caEKkuXyehF6y5Q==",
            family="Noto Serif Tibetan",
            prefix="NotoSerifTibetan",
            scripts=("Tibt",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-georgian",
            version="0.4.3",
            sha512="qvQ/DE/F10hZPD/vYSm68aNWjOLyxGrCC3NzZR3L0RWpo2njqePvNjXcAcR9yvLwrREOmlWGtUD7GTAuIjlkzA==",
            family="Noto Sans Georgian",
            prefix="NotoSansGeorgian",
            scripts=("Geor",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-armenian",
            version="0.4.2",
            sha512="AHnwnabRI64hwenSeePxp2TICbYK6Wg56o2y5shFTLWLWzwnPXv30r4LGy6NQYk9PliXizDU9Qeyvob6e3tsgQ==",
            family="Noto Sans Armenian",
            prefix="NotoSansArmenian",
            scripts=("Armn",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-ethiopic",
            version="0.4.2",
            sha512="puS0u1/7b0kZ6fqOYaSlCdai8zHuD9CQY2qlyJEtYzUC5Nd1fH3QENmQc0a1Gcqe0q9s3n7440eNJSLK2mGouw==",
            family="Noto Sans Ethiopic",
            prefix="NotoSansEthiopic",
            scripts=("Ethi",),
        ),
    ),
)
EAST_ASIAN = Shelf(
    folder=ROOT / "cjk" / "actionpack_cjk" / "fonts",
    packages=(
        Package(
            name="@expo-google-fonts/noto-sans-sc",
            version="0.4.3",
            sha512="9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ==",
            family="Noto Sans SC",
            prefix="NotoSansSC",
            scripts=("Hans",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-tc",
            version="0.4.3",
            sha512="69XAOTLPz0WlAxL6qJEKlDMxHsBd4J1M39HjV0gPF2o1xWVALOsVWvDgistnecVockA9wbU/tH5C/gyS2PdnHg==",
            family="Noto Sans TC",
            prefix="NotoSansTC",
            scripts=("Hant",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-jp",
            version="0.4.3",
            sha512="Fl+Z6vtD24HFAYsvzB0S9Nery1ly16B9PesdY0wBd+wEHAvkNglnkTUspU0HqGOubkmoa8zusJrKv6vDx1o70A==",
            family="Noto Sans JP",
            prefix="NotoSansJP",
            scripts=("Jpan",),
        ),
        Package(
            name="@expo-google-fonts/noto-sans-kr",
            version="0.4.3",
            sha512="EVS/uJPcf1TgJtjmQmrFr0oGdcl7ml09CSu0E/AyGzR0UfzdR2pBbzWWPsnuzZiGUl643ODYwYiXK5+B+fLjhQ==",
            family="Noto Sans KR",
            prefix="NotoSansKR",
            scripts=("Kore",),
        ),
    ),
)

FACES = (
    Face(name="Regular", folder="400Regular", weight=400, style="normal"),
    Face(name="Italic", folder="400Regular_Italic", weight=400, style="italic"),
    Face(name="SemiBold", folder="600SemiBold", weight=600, style="normal"),
    Face(name="Bold", folder="700Bold", weight=700, style="normal"),
    Face(name="BoldItalic", folder="700Bold_Italic", weight=700, style="italic"),
)

# Letters at the edges of each script as our languages write it: where slices are cut first.
PROBES = {
    "Latn": "AZazÀÿĀžƏəȘțẞḤṣẹỹ",  # ə Azerbaijani, ẹ ỹ Vietnamese, Ḥ ṣ transliteration
    "Grek": "ΑΩαωΆώΐΰϊἀᾧῷ",  # monotonic and polytonic
    "Cyrl": "АЯаяЁёЂџҐґӘәҚқҢңӨөҮүҰұҺһ",  # Slavic, Kazakh, Kyrgyz, Tatar
    # Arabic, Persian, Pashto, Uyghur
    "Arab": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآپچژگکیټډړڼۀڭۇۆۈۋېە٠٩۰۹،؟",
    # The hanging style of Urdu, which Kashmiri and Shahmukhi write too
    "Aran": "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤۂۓآأًٍَُِّْٰ۔،؟؛۰۴۶۷۹ﷺٲٳۄۆۍٕٔ",
    "Hebr": "אבגדהוזחטיךכלםמןנסעףפץצקרשתװױײְֱֲֳִֵֶַָֹֻּׁׂ־׀׃׳״₪",  # and Yiddish
    # Hindi, Marathi, Nepali
    "Deva": "अआइईउऊऋएऐओऔऍऑकखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसहऱऩक़ख़ग़ज़ड़ढ़फ़य़ािीुूृेैोौॅॉ्ँंः़ऽॐ।॥०९॰₹",
    # Bengali, Assamese
    "Beng": "অআইঈউঊঋএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহড়ঢ়য়ৎৰৱািীুূৃেৈোৌ্ৗঁংঃ়।॥০৯৳",
    "Taml": "அஆஇஈஉஊஎஏஐஒஓஔஃகஙசஞடணதநபமயரலவழளறனஜஶஷஸஹாிீுூெேைொோௌ்ௗ௦௧௯௰௱௹",
    "Thai": "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะัาำิีึืฺุู฿เแโใไๅๆ็่้๊๋์ํ๎๏๐๙๚๛",
    "Laoo": "ກຂຄງຈຊຍດຕຖທນບປຜຝພຟມຢຣລວສຫອຮຯະັາຳິີຶືຸູົຼຽເແໂໃໄໆ່້໊໋໌ໍ໐໙ໜໝ",
    "Khmr": "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវឝឞសហឡអឣឥឦឧឩឪឫឬឭឮឯឰឱឲឳាិីឹឺុូួើឿៀេែៃោៅំះៈ៉៊់៌៍៎៏័្។៕៖ៗ៘៙៚៛០៩",
    # Burmese, Shan, Mon, Karen
    "Mymr": "ကခဂဃငစဆဇဈဉညဋဌဍဎဏတထဒဓနပဖဗဘမယရလဝသဟဠအဣဤဥဦဧဩဪာါိီုူေဲဳံ့း္်ျြွှဿ၀၉၊။၌၍၎၏ၐၚၛၝၡၢၥၦၵၶၷၸၹၺၻၼၽၾၿႀႁႂႃႄႅႇႈႊ",
    # Tibetan, Dzongkha
    "Tibt": "ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨཊཋཌཎཥཱིེོཻཽྀུཾ྄ྃཿྐྑྒྔྕྗྙྟྠྡྣྤྦྨྩྪྫྭྮྯྰྱྲླྴྶྷྸ་།༎༏༑༔༄༅༆༈༼༽༠༩",
    # Georgian: small letters, capitals as in headings, and those of the old books and of Svan
    "Geor": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷᲐᲑᲯᲰ„“",
    "Armn": "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև՚՛՜՝՞։֊֏",
    # Amharic, Tigrinya, Blin
    "Ethi": "ሀሆለሏሐመሟሠረሯሰሸቀቄቈቍቐቘበቧቨተቸኀኈነኘአከኰኸዀወዐዘዠየደጀገጐጔጘጠጨጰጸፀፈፏፐፗ፟፡።፣፤፥፦፧፨፩፲፻፼ⶓⶖ",
}
# Whatever a letter of any language holds: numbers, addresses of the web, names in Latin.
ASCII = "".join(map(chr, range(0x20, 0x7F)))
PUNCTUATION = "«»‹›–—‘’‚“”„…·•†№€\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"

FAMILY, TYPOGRAPHIC_FAMILY, LICENCE_TEXT = 1, 16, 13  # OpenType name ids
NAMES = (FAMILY, 4, 6, TYPOGRAPHIC_FAMILY)  # by which a font is asked for
ITALIC_BIT = 1  # OS/2 fsSelection

HEADER = """\
# The fonts that ship here. Written by scripts/fonts.py; do not edit by hand.
#
# family, weight and style are the values that reach a file from CSS through Pango and fontconfig:
#     font-family: "Noto Sans"; font-weight: 600; font-style: normal
# legacy_family stands where the file's old family name (name id 1) is another one. Fontconfig
# lists such a file under both names; use the family and the weight, never the old name, or the
# other weights are out of reach. There is no semi-bold italic here: weight 600 in italics prints
# as BoldItalic.
# scripts: ISO 15924, those whose letters were looked for in the file one by one.
# cut_to: where the file was made of a larger one, the standard whose letters it kept.
"""


class FontsError(Exception):
    """A font or package is not what this script was told to expect."""


def pack(package: Package, folder: Path) -> dict[str, bytes]:
    """Return the files of a package by their path inside it; refuse one with another hash."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    archive = (folder / done.stdout.strip().splitlines()[-1]).read_bytes()
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != package.sha512:
        raise FontsError(
            f"{package.name}@{package.version}: sha512 is '{found}', not '{package.sha512}'"
        )
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            member.name.removeprefix("package/"): stream.read()
            for member in tar
            if (stream := tar.extractfile(member))
        }


def proved(
    ttf: bytes, licence: bytes, *, name: str, package: Package, face: Face
) -> dict[str, object]:
    """Return what the table says of a font, after finding each word of it in the file."""
    font = TTFont(io.BytesIO(ttf))
    names, os2, letters = font["name"], font["OS/2"], font.getBestCmap()
    legacy = names.getDebugName(FAMILY)
    family = names.getDebugName(TYPOGRAPHIC_FAMILY) or legacy
    missing = "".join(letter for letter in wanted_of(package) if ord(letter) not in letters)
    faults = [
        fault
        for fault, found in {
            "has no TrueType outlines": "glyf" not in font,
            "is a variable font": "fvar" in font,
            f"lacks '{missing[:40]}'": bool(missing),
            f"is of the family '{family}'": family != package.family,
            f"is of weight {os2.usWeightClass}": os2.usWeightClass != face.weight,
            "has the wrong slope": bool(os2.fsSelection & ITALIC_BIT) != (face.style == "italic"),
            "forbids embedding": os2.fsType != 0,
            "does not say OFL 1.1": "SIL Open Font License, Version 1.1"
            not in (names.getDebugName(LICENCE_TEXT) or ""),
            "stands beside another licence": b"SIL OPEN FONT LICENSE Version 1.1" not in licence,
            "was cut and has a reserved name": package.national_set is not None
            and has_reserved_name(filter(None, map(names.getDebugName, NAMES)), licence),
        }.items()
        if found
    ]
    if faults:
        raise FontsError(f"{name}: {'; '.join(faults)}")
    entry: dict[str, object] = {"file": name, "family": family, "style": face.style}
    entry["weight"] = face.weight
    if legacy != family:
        entry["legacy_family"] = legacy
    entry["scripts"] = list(package.scripts)
    if package.national_set:
        entry["cut_to"] = package.national_set.title
    return entry | {
        "sha256": hashlib.sha256(ttf).hexdigest(),
        "package": package.name,
        "version": package.version,
        "licence": "OFL-1.1",
        "licence_file": package.licence_name,
    }


def wanted_of(package: Package) -> str:
    """The letters that its fonts must have, each once."""
    wanted = ASCII + "".join(PROBES.get(script, "") for script in package.scripts)
    # The punctuation of Latin is asked of what is set in Latin: the others leave it to these.
    wanted += PUNCTUATION if "Latn" in package.scripts else ""
    wanted += package.national_set.letters if package.national_set else ""
    return "".join(sorted(set(wanted)))


def has_reserved_name(names: Iterable[str], licence: bytes) -> bool:
    """Whether one of the names is kept for the font as its makers left it (OFL 1.1, clause 3)."""
    text = licence.decode(errors="replace")
    kept = re.findall(r"""with Reserved Font Names? ['"“]?([^'"”\n]+)""", text)
    return any(one.strip().lower() in name.lower() for name in names for one in kept)


def as_toml(entries: list[dict[str, object]]) -> str:
    """Write the table; the values are words, numbers and one list of words."""

    def value(thing: object) -> str:
        if isinstance(thing, list):
            return f"[{', '.join(map(value, thing))}]"
        return str(thing) if isinstance(thing, int) else f'"{thing}"'

    tables = (
        "\n[[font]]\n" + "".join(f"{key} = {value(thing)}\n" for key, thing in entry.items())
        for entry in entries
    )
    return HEADER + "".join(tables)


def fetch(shelf: Shelf) -> None:
    """Fetch every package, prove its fonts, then write fonts, licences and the table."""
    packed: dict[str, dict[str, bytes]] = {}
    for package in shelf.packages:
        with tempfile.TemporaryDirectory() as folder:
            packed[package.name] = pack(package, Path(folder))
    files = {p.licence_name: packed[p.name]["LICENSE_FONT"] for p in shelf.packages}
    entries = []
    for name, package, face in shelf.files:
        ttf = packed[package.name][f"{face.folder}/{package.prefix}_{face.folder}.ttf"]
        if package.national_set:
            ttf = cut(ttf, package.national_set)
        licence = files[package.licence_name]
        entries.append(proved(ttf, licence, name=name, package=package, face=face))
        files[name] = ttf
    shelf.folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (shelf.folder / name).write_bytes(content)
    (shelf.folder / TABLE).write_text(as_toml(entries), encoding="utf-8")


def check(shelf: Shelf) -> None:
    """Compare the fonts on disk with the table, and the table with the pins above."""
    table = tomllib.loads((shelf.folder / TABLE).read_text("utf-8"))
    listed = {entry["file"]: entry for entry in table["font"]}
    pinned = {name for name, _, _ in shelf.files}
    here = {path.name for path in shelf.folder.glob("*.ttf")}
    if strangers := (here ^ listed.keys()) | (here ^ pinned):
        raise FontsError(f"not in all of folder, table and script: {', '.join(sorted(strangers))}")
    for name, package, face in shelf.files:
        ttf, licence = (shelf.folder / one for one in (name, package.licence_name))
        entry = proved(
            ttf.read_bytes(), licence.read_bytes(), name=name, package=package, face=face
        )
        if entry != listed[name]:
            raise FontsError(f"{name}: differs from {TABLE}; run this script without --check")


def main() -> int:
    """Do what the command line asks; say what is wrong in one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare the files and the table")
    do = check if parser.parse_args().check else fetch
    try:
        for shelf in (SHIPPED, EAST_ASIAN):
            do(shelf)
    except FontsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
