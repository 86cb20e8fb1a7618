"Author, check, preview and submit survey target groups to the Cint Exchange."

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "contract.errors": (
        "ExchangeError Finding InvalidPlan InvalidTargetGroup InvalidWindow JournalError KitError "
        "NoAnswer NotAuthorized NotFound NotSent RateLimited Refused Report ServerFailed "
        "SettingsError Unresolved"
    ),
    "contract.profiling": (
        "BlendedProfile OpenEndedCondition Profiling Quota RangeCondition RegularProfile "
        "SelectionCondition Target"
    ),
    "contract.delivery": (
        "ActivityExclusion AdaptivePacing AllocationTemplate Allocations BusinessUnit "
        "DynamicPricing Exclusion FieldingAssistant FieldingSpecification GeminiPacing "
        "LinearPacing Money QuotaOverlay RateCardPricing ReEntry SoftLaunch"
    ),
    "contract.target_group": "TargetGroup",
    "contract.checks": "check explain",
    "sampling.apportionment": "apportion percentages",
    "sampling.plan": "QuotaPlan",
    "sampling.window": "FieldingWindow",
    "views.pages": "Preview preview",
    "exchange.client": "DemandClient connect",
    "exchange.journal": "Journal",
    "exchange.submission": "Receipt dry_run submit",
    "widgets.quotas": "QuotaBuilder",
    "widgets.window": "FieldingWindowBuilder",
    "widgets.target_group": "TargetGroupBuilder",
    "widgets.submit_panel": "SubmitPanel",
    "stage.emulator": "Emulator",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [*_HOME, "__version__"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    "A public name, imported from its home when first asked for."
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
