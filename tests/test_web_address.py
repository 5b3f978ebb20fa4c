"""No address is printed that harms who scans it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actionpack.diagnostics import Place
from actionpack.web_address import WebAddress, check_url, printed, with_source

PLACE = Place(file="content/harbour/action.yaml", line=9)
WEB_ADDRESS = "https://www.example.org/act/uyghur-families"


# --- the address policy -----------------------------------------------------------------------


def one(url: str) -> str:
    """The only finding, without its code; its place is checked here."""
    (found,) = check_url(url, PLACE)
    assert (found.code, found.place) == ("qr-url", PLACE)
    return f"{found.severity}: {found.message}; {found.cure}"


@pytest.mark.parametrize(
    "url",
    [
        WEB_ADDRESS,
        "https://example.org",
        "HTTPS://WWW.EXAMPLE.ORG/A",
        "https://example.org:443/a/",
        "https://example.org/a?utm_source=stall&utm_medium=paper",
        "https://example.org/a?source=group-roma&id=7&lang=it",
        "https://example.org/a?mc_eid=&email=",  # empty, so nobody's
        "https://example.org/a#letter",
        "https://example.org/a#name",
        "https://example.org/caf%C3%A9?answer[colour]=red",
        "https://social.example.org/@harbour",
        "https://social.example.org/@harbour@example.com",
        "https://unpkg.example.org/page@18.2.0/index",
        "https://bit.ly.example.org/a",
        "https://rabbit.ly/a",
        "https://local.example.org/a",
        "https://0x.example.org/",
    ],
)
def test_what_may_be_printed(url: str) -> None:
    assert check_url(url, PLACE) == ()


def test_sixty_characters_are_well_and_more_are_counted() -> None:
    sixty = f"https://example.org/{'a' * 40}"  # 20 + 40
    assert check_url(sixty, PLACE) == ()
    assert one(sixty + "a") == (
        "warning: web address has 61 characters, 60 or less print well; shorten it by 1 character"
    )


def test_an_empty_address_is_an_error() -> None:
    assert one("") == ("error: web address is empty; write the page's, or 'none' to print no code")


def test_an_address_no_code_holds_is_one_error() -> None:
    assert one("https://example.org/" + "@ \u202e" * 1000) == (  # 20 + 1000 × (1 + 1 + 3)
        "error: web address has 5020 bytes, a QR code holds 2331; "
        "write one of 60 characters or less"
    )


def test_http_is_an_error() -> None:
    assert one("http://example.org/a") == (
        "error: web address begins with 'http://', which anybody on the way can read and change; "
        "write 'https://', and open it once to see that it works"
    )


@pytest.mark.parametrize("url", ["www.example.org/a", "//example.org/a", "example.org"])
def test_a_missing_scheme_is_an_error(url: str) -> None:
    assert one(url) == (
        "error: web address does not begin with 'https://'; put 'https://' before it"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/a", "tel:+390000"])
def test_any_other_scheme_is_an_error(url: str) -> None:
    assert one(url) == (
        f"error: web address has the scheme '{url.partition(':')[0]}', only https may be "
        "printed; write the page's https address"
    )


@pytest.mark.parametrize(
    ("mark", "named", "cure"),
    [
        (" ", "U+0020 (space)", "delete it, or write %20"),
        ("\n", "U+000A (control or unknown character)", "delete it"),
        ("\x00", "U+0000 (control or unknown character)", "delete it"),
        ("\u00a0", "U+00A0 (no-break space)", "delete it"),
        ("\u00ad", "U+00AD (soft hyphen)", "delete it"),
        ("\u200b", "U+200B (zero width space)", "delete it"),
        ("\u200f", "U+200F (right-to-left mark)", "delete it"),
        ("\u202e", "U+202E (right-to-left override)", "delete it"),
        ("\u2066", "U+2066 (left-to-right isolate)", "delete it"),
        ("\ufeff", "U+FEFF (zero width no-break space)", "delete it"),
        ("\ud800", "U+D800 (control or unknown character)", "delete it"),
    ],
)
def test_what_cannot_be_seen_is_named(mark: str, named: str, cure: str) -> None:
    assert one(f"https://example.org/a{mark}b{mark}c") == (
        f"error: web address has {named} as character 22; {cure}"  # 20 + "a" + this one
    )


def test_a_backslash_is_an_error() -> None:
    assert one("https://example.org/a\\b") == (
        "error: web address has '\\', which browsers take for '/'; write '/'"
    )


def test_a_backslash_cannot_hide_the_host() -> None:
    messages = [found.message for found in check_url("https://example.org\\@evil.example.com/")]
    assert messages == [
        "web address has '\\', which browsers take for '/'",
        "web address has a user name before its host",
    ]


@pytest.mark.parametrize(
    ("url", "marks", "escaped"),
    [
        ("https://example.org/café", "'é'", "https://example.org/caf%C3%A9"),
        ("https://example.org/a?b=维&c=%20#é", "'维', 'é'", None),
        ("https://example.org/{id}", "'{', '}'", "https://example.org/%7Bid%7D"),
        ('https://example.org/"a"<b>', "'\"', '<', '>'", "https://example.org/%22a%22%3Cb%3E"),
    ],
)
def test_what_must_be_escaped_is_shown_escaped(url: str, marks: str, escaped: str | None) -> None:
    escaped = escaped or "https://example.org/a?b=%E7%BB%B4&c=%20#%C3%A9"
    assert one(url) == (
        f"error: web address has {marks}, which phones send differently; write '{escaped}'"
    )


@pytest.mark.parametrize(("text", "shown"), [("100%", "%"), ("%zz", "%zz"), ("%4", "%4")])
def test_a_broken_percent_escape_is_an_error(text: str, shown: str) -> None:
    assert one(f"https://example.org/{text}") == (
        f"error: '{shown}' is no percent escape; write %25 for a percent sign"
    )


@pytest.mark.parametrize("user", ["jane", "jane:secret", "www.example.com", ""])
def test_a_user_name_is_an_error_and_never_repeated(user: str) -> None:
    assert one(f"https://{user}@example.org/") == (
        "error: web address has a user name before its host; delete all between '//' and '@'"
    )


def test_another_port_is_a_warning() -> None:
    assert one("https://example.org:8443/") == (
        "warning: web address names the port 8443, which many networks do not let through; "
        "use an address without a port"
    )


@pytest.mark.parametrize("port", ["", "x", "123456", "-1"])
def test_a_port_that_is_no_number_is_an_error(port: str) -> None:
    assert one(f"https://example.org:{port}/") == (
        f"error: port '{port}' is no number; delete it with its ':'"
    )


@pytest.mark.parametrize("url", ["https:///a", "https:/example.org", "https:", "https://:443/"])
def test_a_missing_host_is_an_error(url: str) -> None:
    assert one(url) == (
        "error: web address names no host; write it like https://www.example.org/page"
    )


@pytest.mark.parametrize(
    "host",
    [
        "exa_mple.org",
        "example..org",
        "example.org.",
        "-example.org",
        "example-.org",
        "%65xample.org",
        "[::1",
        "[v1.x]",
        "1.2.3.4.5",
        "256.1.1.1",
        f"{'a' * 64}.org",
        ".".join(["a" * 60] * 5),
    ],
)
def test_a_host_that_is_none_is_an_error(host: str) -> None:
    found = [str(fault) for fault in check_url(f"https://{host}/") if "host" in fault.message]
    (named,) = found
    assert "is no host name; write letters, digits and hyphens" in named


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0X7F000001", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),  # wide digits, which browsers make plain
        ("10.0.0.8", "10.0.0.8"),
        ("172.16.0.1", "172.16.0.1"),
        ("192.168.1.1", "192.168.1.1"),
        ("169.254.169.254", "169.254.169.254"),
        ("100.64.0.1", "100.64.0.1"),
        ("224.0.0.1", "224.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("[::1]", "::1"),
        ("[::]", "::"),
        ("[fe80::1]", "fe80::1"),
        ("[fd00::1]", "fd00::1"),
        ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ("[2002:7f00:1::]", "127.0.0.1"),  # 6to4 of 7f.00.00.01
        ("[ff02::1]", "ff02::1"),
    ],
)
def test_a_private_number_is_an_error_in_every_spelling(host: str, address: str) -> None:
    assert one(f"https://{host}/") == (
        f"error: host '{host}' is {address}, which opens only inside one network; "
        "write the public address of the page"
    )


@pytest.mark.parametrize("host", ["8.8.8.8", "0x08.8.8.8", "134744072", "[2606:4700::1111]"])
def test_a_public_number_is_a_warning(host: str) -> None:
    assert one(f"https://{host}/") == (
        f"warning: host '{host}' is a number, which does not tell whose page it is; "
        "write the host's name"
    )


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "a.localhost",
        "printer.local",
        "wiki.internal",
        "nas.home.arpa",
        "fritz.lan",
        "page.test",
        "harbour",  # no dot
    ],
)
def test_a_private_name_is_an_error(host: str) -> None:
    assert one(f"https://{host}/") == (
        f"error: host '{host}' opens only inside one network, or nowhere; "
        "write the public address of the page"
    )


@pytest.mark.parametrize(
    "host",
    [
        "аpple.com",  # with a Cyrillic а
        "xn--80ak6aa92e.com",
        "www.xn--bcher-kva.example.org",
        "example。org",
        "हिन्दी.example.org",
    ],
)
def test_letters_that_can_imitate_others_are_a_warning(host: str) -> None:
    assert one(f"https://{host}/") == (
        f"warning: host '{host}' has letters outside a to z, which can imitate those of another "
        "host; use a host in plain letters, or compare each letter with the page's own address"
    )


@pytest.mark.parametrize("host", ["bit.ly", "t.co", "tinyurl.com", "WWW.TinyURL.com"])
def test_a_shortener_is_a_warning(host: str) -> None:
    assert one(f"https://{host}/a") == (
        f"warning: '{host}' shortens links: it hides the page, can lead elsewhere after "
        "printing, and sees every reader; write the address it leads to, or a short one on your "
        "own site"
    )


@pytest.mark.parametrize(
    ("parameter", "service"),
    [
        ("can_id", "Action Network"),
        ("mc_eid", "Mailchimp"),
        ("MC_EID", "Mailchimp"),
        ("_hsenc", "HubSpot"),
        ("_hsmi", "HubSpot"),
        ("_kx", "Klaviyo"),
        ("vgo_ee", "ActiveCampaign"),
        ("ea.url.id", "Engaging Networks"),
        ("akid", "ActionKit"),
        ("mkt_tok", "Marketo"),
        ("__s", "Drip"),
        ("cs", "CiviCRM"),
        ("fbclid", "Facebook"),
    ],
)
@pytest.mark.parametrize("mark", ["?", "?a=b&", "?a=b;", "#"])
def test_the_id_of_one_reader_is_an_error(mark: str, parameter: str, service: str) -> None:
    assert one(f"https://example.org/{mark}{parameter}=x1") == (
        f"error: web address has '{parameter}', by which {service} knows one reader; "
        f"delete '{parameter}=…', or copy the address from the page and not from a mail"
    )


@pytest.mark.parametrize(
    "parameter",
    [
        "name",
        "first_name",
        "First-Name",
        "email",
        "e-mail",
        "phone",
        "postcode",
        "date_of_birth",
        "user_id",
        "sessionid",
        "answer[email]",
        "name[]",
        "supporter.firstName",
        "form:lastName",
    ],
)
def test_personal_data_are_an_error_and_never_repeated(parameter: str) -> None:
    assert one(f"https://example.org/?{parameter}=secret") == (
        f"error: web address has '{parameter}', which is one person's data; delete '{parameter}=…'"
    )


def test_an_escaped_name_is_read_like_a_plain_one() -> None:
    assert "'answer[email]'" in one("https://example.org/?answer%5Bemail%5D=x")


@pytest.mark.parametrize(
    ("rest", "where"),
    [
        ("?ref=jane@example.com", "in 'ref'"),
        ("?ref=jane%40example.com", "in 'ref'"),
        ("?ref=mailto:jane@example.com", "in 'ref'"),
        ("?email=jane@example.com", "in 'email'"),
        ("?mc_eid=jane@example.com", "in 'mc_eid'"),
        ("?jane@example.com", "in its query"),
        ("?jane@example.com=1", "in its query"),
        ("#ref=jane@example.com", "in 'ref'"),
    ],
)
def test_an_e_mail_address_is_an_error_and_never_repeated(rest: str, where: str) -> None:
    assert one(f"https://example.org/{rest}") == (
        f"error: web address has an e-mail address {where}; delete it"
    )


@pytest.mark.parametrize("path", ["act/jane@example.com", "jane%40example.com/act"])
def test_an_e_mail_address_in_the_path_is_an_error(path: str) -> None:
    assert one(f"https://example.org/{path}") == (
        "error: web address has an e-mail address in its path; use the page's public one"
    )


def test_everything_wrong_is_said_at_once() -> None:
    url = "http://jane@localhost:8080/caf\u00e9 \u200b%?mc_eid=1&email=x"
    assert [(found.severity, found.message) for found in check_url(url, PLACE)] == [
        ("error", "web address has U+0020 (space) as character 32"),
        ("error", "web address has U+200B (zero width space) as character 33"),
        ("error", "web address has 'é', which phones send differently"),
        ("error", "'%' is no percent escape"),
        (
            "error",
            "web address begins with 'http://', which anybody on the way can read and change",
        ),
        ("error", "web address has a user name before its host"),
        ("warning", "web address names the port 8080, which many networks do not let through"),
        ("error", "host 'localhost' opens only inside one network, or nowhere"),
        ("error", "web address has 'mc_eid', by which Mailchimp knows one reader"),
        ("error", "web address has 'email', which is one person's data"),
    ]


def test_an_address_without_its_scheme_is_judged_as_what_was_meant() -> None:
    messages = [found.message for found in check_url("localhost/a?email=x")]
    assert messages == [
        "web address does not begin with 'https://'",
        "host 'localhost' opens only inside one network, or nowhere",
        "web address has 'email', which is one person's data",
    ]


ANY_TEXT = st.text(st.characters(exclude_categories=()))
ODD_TEXT = st.text("ahtps:/?#[]@&;=%.0x\\ \né\u202e\ud800。")


@settings(max_examples=150, deadline=None)
@given(st.one_of(ANY_TEXT, ODD_TEXT, ODD_TEXT.map("https://".__add__)))
def test_no_text_breaks_the_check_and_no_message_hides_a_character(text: str) -> None:
    assert all(str(found).isprintable() for found in check_url(text))


@given(st.one_of(ANY_TEXT, ODD_TEXT))
@example("https://a:\n?\n#\n")
@example("https://a?#")
def test_parts_put_together_give_the_address_back(text: str) -> None:
    assert str(WebAddress.parse(text)) == text


# --- source and print -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://example.org/a", "https://example.org/a?source=roma"),
        ("https://example.org/a?", "https://example.org/a?source=roma"),
        ("https://example.org/a?b=1&", "https://example.org/a?b=1&source=roma"),
        ("https://example.org/a#top", "https://example.org/a?source=roma#top"),
        ("https://example.org/a?c=%20&b=+#top", "https://example.org/a?c=%20&b=+&source=roma#top"),
        ("https://example.org/a?source=x&b=1", "https://example.org/a?source=roma&b=1"),
        ("https://example.org/?b&source=x&c=&source=y", "https://example.org/?b&source=roma&c="),
        ("https://example.org/?utm_source=x", "https://example.org/?utm_source=x&source=roma"),
        ("https://example.org/?%73ource=x", "https://example.org/?source=roma"),
    ],
)
def test_the_source_is_named_and_the_rest_left_as_written(url: str, named: str) -> None:
    assert with_source(url, "roma") == named


def test_a_source_is_percent_encoded() -> None:
    assert with_source("https://example.org/", "Gruppe Köln & Bonn/1") == (
        "https://example.org/?source=Gruppe%20K%C3%B6ln%20%26%20Bonn%2F1"
    )


def test_no_source_leaves_the_address_unchanged() -> None:
    assert with_source("https://example.org/?source=x&#a", "") == "https://example.org/?source=x&#a"


PIECES = st.lists(st.sampled_from(["a=1", "source=x", "source", "b=%20", "utm_source=y", ""]))
ADDRESSES = st.builds(
    lambda pieces, end: f"https://example.org/a?{'&'.join(pieces)}{end}",
    PIECES,
    st.sampled_from(["", "#", "#top", "#source=z"]),
)


@given(ADDRESSES, st.text(min_size=1), st.text(min_size=1))
def test_naming_the_source_again_replaces_it(url: str, first: str, second: str) -> None:
    once = with_source(url, first)
    assert with_source(once, first) == once
    assert with_source(once, second) == with_source(url, second)


@given(ADDRESSES, st.text(min_size=1))
def test_a_page_reads_the_source_once_and_all_else_as_before(url: str, source: str) -> None:
    def others(address: str) -> list[tuple[str, str]]:
        pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
        return [pair for pair in pairs if pair[0] != "source"]

    named = with_source(url, source)
    pairs = parse_qsl(urlsplit(named).query, keep_blank_values=True)
    assert [value for name, value in pairs if name == "source"] == [source]
    assert others(named) == others(url)
    assert urlsplit(named).fragment == urlsplit(url).fragment


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.example.org/act/", "www.example.org/act/"),
        ("HTTPS://Example.org/Act?a=1#b", "Example.org/Act?a=1#b"),
        ("https://example.org/?to=https://example.com", "example.org/?to=https://example.com"),
        ("http://example.org", "http://example.org"),
    ],
)
def test_print_drops_the_scheme_that_browsers_add_and_nothing_else(url: str, text: str) -> None:
    assert printed(url) == text
