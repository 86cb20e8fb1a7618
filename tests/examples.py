"How often Hypothesis tries: in full by `make soak`, less by `make test` where it is costly."

import os

from hypothesis import HealthCheck, settings

SOAK = os.environ.get("TGK_SOAK") == "1"


def times(full: int, quick: int | None = None) -> settings:
    "So many examples; `quick` in `make test`."
    many = full if SOAK or quick is None else quick
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=many, deadline=None, suppress_health_check=slow)
