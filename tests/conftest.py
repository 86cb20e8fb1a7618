"No test is held to a time; a PostgreSQL server is started where one is asked for."

from hypothesis import settings

from tests.postgres import postgres, server

__all__ = ["postgres", "server"]

settings.register_profile("kit", deadline=None)
settings.load_profile("kit")
