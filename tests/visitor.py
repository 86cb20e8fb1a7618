"""Raw HTTP to an emulator, without the kit's own client."""

from typing import Any

import httpx

from target_group_kit.stage.emulator import Emulator


def token(emulator: Emulator) -> str:
    "A fresh access token."
    asked = {
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "grant_type": "client_credentials",
        "auth_scopes": "app:api",
        "audience": "https://api.luc.id",
    }
    with httpx.Client(verify=False, trust_env=False) as client:
        return client.post(emulator.auth_url, json=asked).json()["access_token"]


def visitor(emulator: Emulator, **options: Any) -> httpx.Client:
    "Somebody with a token, standing at the base address."
    headers = {"Authorization": f"Bearer {token(emulator)}", "Cint-API-Version": "2025-12-18"}
    options = {"verify": False, "trust_env": False} | options
    return httpx.Client(base_url=emulator.url, headers=headers, **options)


def projects(emulator: Emulator) -> str:
    "The path of the account's projects."
    return f"/demand/accounts/{emulator.account_id}/projects"


def groups(emulator: Emulator) -> str:
    "The path of the ready project's target groups."
    return f"{projects(emulator)}/{emulator.project_id}/target-groups"
