"Which file counts, which addresses and numbers are taken, and where credentials come from."

import copy
import pickle
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

import target_group_kit
from target_group_kit.contract.errors import SettingsError
from target_group_kit.exchange.settings import (
    EMULATOR,
    Credentials,
    Settings,
    is_loopback,
    load_credentials,
    load_settings,
    safe_url,
    settings_file,
)
from target_group_kit.stage import records

PACKAGE = Path(target_group_kit.__file__).parent
OURS = "[live]\nbase_url = https://api.cint.com/v1\nauth_url = https://auth.cint.com/oauth/token\n"
FOREIGN = "[DEFAULT]\nlib_name = something\nversion = 0.1\n[live]\nlevel = 3\n"
SECRET = "s3cr3t-of-the-house"


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.ini"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str, environment: str = "live") -> Settings:
    path = write(folder, text)
    return load_settings(environment, environ={"TGK_SETTINGS": str(path)})


def test_the_packaged_copy_is_the_root_file():
    assert (PACKAGE / "settings.ini").read_bytes() == (PACKAGE.parent / "settings.ini").read_bytes()


def test_the_packaged_environments(tmp_path):
    live = load_settings("live", environ={}, folder=tmp_path)
    emulator = load_settings("emulator", environ={}, folder=tmp_path)
    assert live == Settings(
        name="live",
        base_url="https://api.cint.com/v1",
        auth_url="https://auth.cint.com/oauth/token",
    )
    assert emulator == Settings(
        name="emulator",
        base_url="http://127.0.0.1:8765/v1",
        auth_url="http://127.0.0.1:8765/oauth/token",
        account_id="12345",
        read_timeout=10.0,
        settle_seconds=3.0,
    )
    assert live.settle_seconds > live.read_timeout


def test_which_file_counts(tmp_path):
    named, near = tmp_path / "named", tmp_path / "near"
    named.mkdir()
    near.mkdir()
    other = write(named, OURS)
    packaged = PACKAGE / "settings.ini"
    find = settings_file
    assert find("live", environ={}, folder=near) == packaged
    mine = write(near, OURS)
    assert find("live", environ={}, folder=near) == mine
    assert find("emulator", environ={}, folder=near) == packaged
    assert find("live", environ={"TGK_SETTINGS": str(other)}, folder=near) == other


@pytest.mark.parametrize("text", [FOREIGN, "", "no section\n", "[live\n", "[options]\nx = 1\n"])
def test_a_foreign_file_in_the_working_folder_is_left_alone(tmp_path, text):
    write(tmp_path, text)
    assert load_settings("live", environ={}, folder=tmp_path).base_url == "https://api.cint.com/v1"


def test_a_file_that_is_no_text_is_left_alone(tmp_path):
    (tmp_path / "settings.ini").write_bytes(b"\xff\xfe\x00live")
    assert load_settings("live", environ={}, folder=tmp_path).name == "live"


def test_a_file_in_the_working_folder_may_change_patience_but_not_the_host(tmp_path):
    write(tmp_path, OURS + "read_timeout = 90\n")
    assert load_settings("live", environ={}, folder=tmp_path).read_timeout == 90.0
    path = write(tmp_path, OURS.replace("auth.cint.com", "auth.evil.example"))
    with pytest.raises(SettingsError) as caught:
        load_settings("live", environ={}, folder=tmp_path)
    assert str(caught.value) == (
        f"{path}, [live]: auth_url = 'https://auth.evil.example/oauth/token' sends credentials to "
        "a host that the kit doesn't know. If that is meant, name this file in TGK_SETTINGS."
    )
    named = load_settings("live", environ={"TGK_SETTINGS": str(path)}, folder=tmp_path)
    assert named.auth_url == "https://auth.evil.example/oauth/token"


def test_an_environment_of_ones_own_inherits_the_defaults(tmp_path):
    text = "[DEFAULT]\nattempts = 5\n[pilot]\nbase_url = https://pilot.cint.com/v1/\n"
    assert load(tmp_path, text, "pilot") == Settings(
        name="pilot", base_url="https://pilot.cint.com/v1", attempts=5
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[pilot]\nattempts = 3\n",
            "base_url is missing. Add a line such as base_url = https://….",
        ),
        ("[pilot]\nbase_url =\n", "base_url is missing. Add a line such as base_url = https://…."),
        (
            "[pilot]\nbase_url = https://a.b\nread_timout = 3\n",
            "read_timout is not a setting. Did you mean read_timeout?",
        ),
        ("[pilot]\nbase_url = https://a.b\nattempts = x\n", "attempts = 'x' is not a number."),
        ("[pilot]\nbase_url = https://a.b\nattempts = 1.5\n", "attempts = '1.5' is not a number."),
        (
            "[pilot]\nbase_url = https://a.b\nattempts = 0\n",
            "attempts = 0 is out of bounds: 1 to 86400.",
        ),
        (
            "[pilot]\nbase_url = https://a.b\nread_timeout = nan\n",
            "read_timeout = nan is out of bounds: 0.001 to 86400.",
        ),
        (
            "[pilot]\nbase_url = https://a.b\nsettle_seconds = -1\n",
            "settle_seconds = -1 is out of bounds: 0 to 86400.",
        ),
        (
            "[pilot]\nbase_url = http://a.b\n",
            "base_url = 'http://a.b' isn't https, so the token could be read on its way. "
            "Use https.",
        ),
    ],
)
def test_what_is_wrong_and_where(tmp_path, text, said):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text, "pilot")
    assert str(caught.value) == f"{tmp_path / 'settings.ini'}, [pilot]: {said}"


def test_an_environment_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, OURS, "life")
    path = tmp_path / "settings.ini"
    assert str(caught.value) == f"{path} knows no environment 'life'; it has: live."


@pytest.mark.parametrize("text", ["[live\n", "[live]\n[live]\n", "base_url = x\n"])
def test_a_named_file_that_is_no_settings_file(tmp_path, text):
    with pytest.raises(SettingsError, match=r"settings\.ini is no settings file: "):
        load(tmp_path, text)


def test_a_named_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match=r"gone\.ini can't be read: No such file"):
        load_settings("live", environ={"TGK_SETTINGS": str(tmp_path / "gone.ini")})


@pytest.mark.parametrize(
    "url",
    [
        "https://api.cint.com/v1",
        "https://api.cint.com",
        "http://127.0.0.1:8765/v1",
        "http://localhost:1/v1",
        "http://[::1]:8765/v1",
    ],
)
def test_safe_addresses(url):
    assert safe_url(url) == url
    assert safe_url(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.cint.com/v1",
        "http://api.cint.com/v1",
        "http://127.0.0.1.evil.example/v1",
        "http://localhost.evil.example/v1",
        "ftp://127.0.0.1/v1",
        "https://",
        "https:///v1",
        "https://api.cint.com:99999/v1",
        "https://api.cint.com:x/v1",
        "https://api.cint.com/v1?x=1",
        "https://api.cint.com/v1#x",
        "https://api.cint.com/v1/../admin",
        "https://api.cint.com/./v1",
        "https://api.cint.com/v1/..",
        "https://api.cint.com\\evil.example/v1",
        "https://api.cint.com/v1 x",
        "https://api.cint.com/v1\n",
        "https://[::1/v1",
    ],
)
def test_unsafe_addresses(url):
    with pytest.raises(SettingsError, match="base_url = "):
        safe_url(url)


@pytest.mark.parametrize(
    "url", [f"https://me:{SECRET}@a.b", f"https://{SECRET}@a.b/v1", f"https://me:{SECRET}@[::1/v1"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(url):
    with pytest.raises(SettingsError) as caught:
        safe_url(url)
    assert str(caught.value) == (
        "base_url holds a user name or password: take it out of the address."
    )


def test_a_query_is_refused_and_not_repeated():
    with pytest.raises(SettingsError) as caught:
        safe_url(f"https://api.cint.com/v1?token={SECRET}")
    assert SECRET not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_breaks_the_address_check(text):
    for url in (text, f"https://{text}", f"http://127.0.0.1/{text}"):
        try:
            safe = safe_url(url)
        except SettingsError:
            continue
        assert safe.startswith("https://") or is_loopback(safe)


LIVE = Settings(name="live", base_url="https://api.cint.com/v1")
ID, WORD, TOKEN = "CINT_CLIENT_ID", "CINT_CLIENT_SECRET", "CINT_TOKEN"
ACCOUNT = "CINT_ACCOUNT_ID"


def plain(credentials: Credentials) -> tuple[str | None, ...]:
    secrets = (credentials.client_secret, credentials.token)
    shown = [secret and secret.get_secret_value() for secret in secrets]
    return (credentials.account_id, credentials.client_id, *shown)


@pytest.mark.parametrize(
    ("environ", "ring", "expected"),
    [
        ({ACCOUNT: "1", ID: "me", WORD: "w"}, {}, ("1", "me", "w", None)),
        ({ACCOUNT: "1", TOKEN: "t"}, {}, ("1", None, None, "t")),
        ({ACCOUNT: "1", TOKEN: "t", ID: "me", WORD: "w"}, {}, ("1", "me", "w", None)),
        ({ACCOUNT: "1", TOKEN: "t", ID: "me"}, {}, ("1", None, None, "t")),
        ({ACCOUNT: "1", TOKEN: "t"}, {ID: "me", WORD: "w"}, ("1", None, None, "t")),
        ({}, {ACCOUNT: "1", ID: "me", WORD: "w"}, ("1", "me", "w", None)),
        ({}, {ACCOUNT: "1", TOKEN: "t"}, ("1", None, None, "t")),
        ({ID: "me"}, {ACCOUNT: "1", WORD: "w"}, ("1", "me", "w", None)),
        ({ACCOUNT: " 1\n", TOKEN: "t\n"}, {}, ("1", None, None, "t")),
    ],
)
def test_where_credentials_come_from(environ, ring, expected):
    assert plain(load_credentials(LIVE, environ=environ, keyring=ring.get)) == expected


def test_the_account_of_the_settings_serves_when_none_is_set():
    settings = Settings(name="live", base_url="https://api.cint.com/v1", account_id="7")
    token = {TOKEN: "t"}
    assert load_credentials(settings, environ=token, keyring={}.get).account_id == "7"
    mine = token | {ACCOUNT: "8"}
    assert load_credentials(settings, environ=mine, keyring={}.get).account_id == "8"


def test_the_keyring_is_not_asked_for_what_is_there():
    def ring(name: str) -> str | None:
        raise AssertionError(f"asked for {name}")

    assert load_credentials(LIVE, environ={ACCOUNT: "1", TOKEN: "t"}, keyring=ring).token


def test_what_is_missing_is_named_with_how_to_set_it():
    with pytest.raises(SettingsError) as caught:
        load_credentials(LIVE, environ={ID: "me"}, keyring={}.get)
    assert str(caught.value).splitlines() == [
        "CINT_ACCOUNT_ID, CINT_CLIENT_SECRET not found in the environment or the keyring.",
        "Set them where the notebook server is started, never in a cell:",
        "  export CINT_ACCOUNT_ID=…",
        "  export CINT_CLIENT_SECRET=…",
        "or keep them in the system's keyring:",
        "  keyring set target_group_kit CINT_ACCOUNT_ID",
        "  keyring set target_group_kit CINT_CLIENT_SECRET",
        "or be asked for them, unseen: connect(…, ask=True).",
        "A token of your own in CINT_TOKEN takes the place of client id and secret.",
    ]


def test_a_keyring_that_can_not_answer_is_said_and_no_secret_is():
    def broken(name: str) -> str | None:
        raise SettingsError("The system's keyring can't be asked (NoKeyringError).")

    with pytest.raises(SettingsError) as caught:
        load_credentials(LIVE, environ={WORD: SECRET}, keyring=broken)
    said = str(caught.value)
    assert "keyring can't be asked (NoKeyringError)." in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("environ", "answers", "asked", "expected"),
    [
        (
            {},
            {ACCOUNT: "1", ID: "me", WORD: "w"},
            [ACCOUNT, ID, WORD],
            ("1", "me", "w", None),
        ),
        ({}, {ACCOUNT: "1", TOKEN: "t"}, [ACCOUNT, ID, TOKEN], ("1", None, None, "t")),
        ({ACCOUNT: "1", ID: "me"}, {WORD: "w"}, [WORD], ("1", "me", "w", None)),
        ({ACCOUNT: "1", ID: "me"}, {TOKEN: "t"}, [WORD, TOKEN], ("1", None, None, "t")),
        ({TOKEN: "t"}, {ACCOUNT: "1"}, [ACCOUNT], ("1", None, None, "t")),
        ({ACCOUNT: "1", TOKEN: "t"}, {}, [], ("1", None, None, "t")),
    ],
)
def test_somebody_is_asked_for_what_is_missing(environ, answers, asked, expected):
    questions = []

    def somebody(name: str) -> SecretStr:
        questions.append(name)
        return SecretStr(answers.get(name, ""))

    held = load_credentials(LIVE, environ=environ, keyring={}.get, ask=somebody)
    assert (questions, plain(held)) == (asked, expected)


def test_when_nobody_is_here_to_answer():
    questions = []
    with pytest.raises(
        SettingsError, match=r"^CINT_ACCOUNT_ID, CINT_CLIENT_ID, CINT_CLIENT_SECRET"
    ):
        load_credentials(LIVE, environ={}, keyring={}.get, ask=questions.append)
    assert questions == [ACCOUNT]


def test_empty_answers_are_none():
    with pytest.raises(SettingsError, match=r"^CINT_CLIENT_ID, CINT_CLIENT_SECRET not found"):
        load_credentials(LIVE, environ={ACCOUNT: "1"}, keyring={}.get, ask=lambda _: SecretStr(""))


@pytest.fixture
def system_keyring():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


class Ring(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        held = {("target_group_kit", ACCOUNT): "1", ("target_group_kit", TOKEN): SECRET}
        return held.get((service, username))

    def set_password(self, service, username, password):
        raise AssertionError(service, username, password)


def test_the_systems_keyring(system_keyring):
    system_keyring(Ring())
    assert plain(load_credentials(LIVE, environ={})) == ("1", None, None, SECRET)


def test_a_system_without_a_keyring(system_keyring):
    system_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(SettingsError) as caught:
        load_credentials(LIVE, environ={})
    assert str(caught.value).splitlines()[0] == (
        "CINT_ACCOUNT_ID, CINT_CLIENT_ID, CINT_CLIENT_SECRET not found in the environment or the "
        "keyring. The system's keyring can't be asked (NoKeyringError)."
    )
    assert caught.value.__context__ is None


def test_the_emulator_never_sees_ones_own_credentials():
    emulator = load_settings("emulator", environ={})
    environ = {ACCOUNT: "1", TOKEN: SECRET}
    assert load_credentials(emulator, environ=environ, keyring={}.get) is EMULATOR
    assert plain(EMULATOR) == (
        str(records.ACCOUNT_ID),
        records.CLIENT_ID,
        records.CLIENT_SECRET,
        None,
    )
    assert emulator.account_id == EMULATOR.account_id
    elsewhere = Settings(name="emulator", base_url="https://api.cint.com/v1")
    assert plain(load_credentials(elsewhere, environ=environ, keyring={}.get))[3] == SECRET


def test_secrets_do_not_show_and_can_not_be_pickled():
    mine = load_credentials(LIVE, environ={ACCOUNT: "1", ID: "me", WORD: SECRET}, keyring={}.get)
    assert SECRET not in f"{mine!r} {mine} {vars(mine)}"
    for carry in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="can't be pickled"):
            carry(mine)
